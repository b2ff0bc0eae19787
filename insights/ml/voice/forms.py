"""What has a form of its own in a folded text: amounts of money, dates, addresses, numbers, and how people are addressed."""

import re

_AMOUNT = r"\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?!\d)"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_HAN_NUMBER = r"[一二两三四五六七八九十百千万零〇几]"

# By kind; where a pattern has groups, the one that matched is what is named.
RULES = {
    "email": re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![a-z0-9])"),
    "money": re.compile(
        rf"(?:(?:us|hk|nt|a|c)?\$|[€£¥₹]|\b(?:eur|usd|gbp|cny|rmb|sek|chf|jpy|hkd|twd|aud|cad)\b)\s?{_AMOUNT}(?:\s?(?:k|million|万|亿)(?![a-z]))?"
        rf"|(?<![\d.,/-]){_AMOUNT}\s?(?:€|£|¥|(?:euros?|eur|dollars?|usd|pounds?|gbp|quid|bucks|rmb|yuan|cny|sek|kr|kronor|chf|francs?|cents?)\b"
        rf"|万元|千元|亿元|元钱|块钱|元|块|人民币|美元|美金|欧元|英镑|港币|港元|台币|日元|万块|毛钱)"
        rf"|{_HAN_NUMBER}+(?:元|块钱|万元|千元|欧元|美元|英镑|毛钱)|{_HAN_NUMBER}*[十百千万]{_HAN_NUMBER}*(?:多)?块"
    ),
    "date": re.compile(
        rf"(?<!\d)(?:(?:19|20)\d\d[-/.年]\s?\d{{1,2}}(?:[-/.月]\s?\d{{1,2}}[日号]?|月)|\d{{1,2}}月\s?\d{{1,2}}[日号]|\d{{1,2}}[./-]\d{{1,2}}[./-](?:(?:19|20)\d\d|\d\d))(?!\d)"
        rf"|\b(?:{_DAY}, )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b\.?(?:,? (?:19|20)\d\d)?"
        rf"|\b(?:{_DAY}, )?{_MONTH}\b\.? \d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,? (?:19|20)\d\d)?"
        rf"|\b(?:last |next |this )?(?:{_DAY})\b|\b(?:today|tomorrow|yesterday|tonight)\b"
        rf"|{_HAN_NUMBER}{{1,2}}月{_HAN_NUMBER}{{1,3}}[日号]|(?<![\d.,/路街道巷弄院村-])(?:[12]\d|3[01]|0?[1-9])[日号](?![楼线店馆机位院门])"
        rf"|(?:上上|下下|上|下|这|本)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天]|(?:前天|昨天|今天|明天|后天|大后天|昨晚|今晚|今早|明早)"
    ),
    "phone": re.compile(
        r"(?<![\d+a-z-])(?:(?:\+|00)86[- ]?)?1[2-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
        r"|(?<!\d)(?:\+|00)\d{1,3}[- ]?(?:\(0\)[- ]?)?(?:\d{1,4}[- ]?){1,5}\d{2,4}(?!\d)"
        r"|(?<![\d-])0\d{2,3}[- ]?\d{7,8}(?:-\d{1,4})?(?!\d)|(?<![\d-])[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)"
        r"|(?<![\d-])\(?0\d{2,5}\)?[- ]\d{3,4}[- ]?\d{3,4}(?!\d)"
    ),
    "order": re.compile(
        r"(?:\border(?: (?:number|no\.?|nr\.?|id|ref(?:erence)?))?|\bbooking(?: (?:number|ref(?:erence)?))?|\bpo|订单(?:编?号)?|单号|编号)\s?(?:is|:|：|为|是)?\s?#?\s?((?=[a-z0-9/-]*\d)[a-z0-9]+(?:[-/][a-z0-9]+)*)(?![a-z0-9])"
        r"|#((?=[a-z0-9-]*\d{3})[a-z0-9]+(?:-[a-z0-9]+)*)(?![a-z0-9])"
    ),
}  # fmt: skip
ADDRESSED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof)\b\.? |(?:^|\n)\s*(?:dear|hi|hello|hey) |\bspoke (?:to|with) |\b(?:kind |best )?regards,?\s+|\bmy name is |\bcalled |\bsigned,? )([a-z][\w'-]+(?: [a-z][\w'-]+)?)"
)
SURNAMED = re.compile("([\u4e00-\u9fff])(?:先生|女士|小姐|经理|老师|师傅|总|医生|主任)")
