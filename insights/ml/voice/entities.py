"""Whom and what a message names: the company's own records by gazetteer, money, dates and addresses by rule.

Names that only statistics see are suggestions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from insights.ml.voice.finding import Boundaries, segmenter
from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.script import HAN_RUN

_AMOUNT = r"\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?!\d)"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_HAN_NUMBER = r"[一二两三四五六七八九十百千万零〇几]"

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
        rf"|\b(?:last |next |this |on )?(?:{_DAY})\b|\b(?:today|tomorrow|yesterday|tonight)\b"
        rf"|{_HAN_NUMBER}{{1,2}}月{_HAN_NUMBER}{{1,3}}[日号]|\d{{1,2}}[日号](?![楼线店馆机位])"
        rf"|(?:上上|下下|上|下|这|本)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末](?!点)|(?:前天|昨天|今天|明天|后天|大后天|昨晚|今晚|今早|明早)"
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
_ADDRESSED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof)\b\.? |(?:^|\n)\s*(?:dear|hi|hello|hey) |\bspoke (?:to|with) |\b(?:kind |best )?regards,?\s+|\bmy name is |\bcalled |\bsigned,? )([a-z][\w'-]+(?: [a-z][\w'-]+)?)"
)
_NO_NAMES = frozenset(
    ["customer", "team", "sir", "madam", "support", "all", "there", "everyone", "service", "friends", "sirs", "folks", "both", "again", "back", "us", "me", "my", "the", "a", "it", "northbean"]
)
_SURNAMED = re.compile("([\u4e00-\u9fff])(?:先生|女士|小姐|经理|老师|师傅|总|医生|主任)")
_FAMILY = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)


@dataclass(frozen=True)
class Entity:
    """Something named. key: the record's, None where unknown or shared by several; suggested: only probable.

    kind: product, order, person, place, money, date, email or phone.
    """

    kind: str
    text: str
    start: int
    end: int
    key: Any
    suggested: bool


def entities(
    text: str, plain: str, boundaries: Boundaries, knowledge: Knowledge
) -> tuple[Entity, ...]:
    """In order of the text, without overlaps: what the company knows before what only looks like something."""
    ranked = [
        (0, Entity(f.value.kind, text[f.start : f.end], f.start, f.end, f.value.key, False))
        for f in knowledge.find(text, plain, boundaries)
    ]
    ranked += [(1, entity) for entity in _by_rule(text, plain)]
    ranked += [(2, entity) for entity in _suggested(text, plain)]
    kept: list[Entity] = []
    for _, entity in sorted(ranked, key=lambda r: (r[0], r[1].start - r[1].end)):
        if all(entity.end <= k.start or k.end <= entity.start for k in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _by_rule(text: str, plain: str) -> Iterator[Entity]:
    digits = any(c.isdigit() for c in plain)
    taken: list[tuple[int, int]] = []
    for kind in ("email", "order", "money", "date", "phone"):
        if (kind == "email" and "@" not in plain) or (kind in ("order", "phone") and not digits):
            continue
        for match in RULES[kind].finditer(plain):
            start, end = match.span(match.lastindex or 0)
            while end > start and plain[end - 1] in " -.,":
                end -= 1
            if _may(plain, text, start, end) and all(end <= s or e <= start for s, e in taken):
                taken.append((start, end))
                yield Entity(kind, text[start:end], start, end, None, False)


def _may(plain: str, text: str, start: int, end: int) -> bool:
    """ "May" and "sun" are months and days with a capital only."""
    word = text[start:end]
    return not (
        word.isalpha()
        and word.islower()
        and word in ("may", "march", "sun", "mon", "sat", "fri", "wed")
    )


def _suggested(text: str, plain: str) -> Iterator[Entity]:
    for match in _ADDRESSED.finditer(plain):
        start, end = match.span(1)
        words = text[start:end].split(" ")
        if len(words) > 1 and not words[1][:1].isupper():
            end = start + len(words[0])
        name = text[start:end]
        if name[:1].isupper() and plain[start:end].split(" ")[0] not in _NO_NAMES:
            yield Entity("person", name, start, end, None, True)
    if not HAN_RUN.search(plain):
        return
    for match in _SURNAMED.finditer(plain):
        if match.group(1) in _FAMILY:
            yield Entity(
                "person", text[match.start() : match.end()], match.start(), match.end(), None, True
            )
    for run in HAN_RUN.finditer(plain):
        at = run.start()
        for word, tag in segmenter().tag(run.group()):
            end = at + len(word)
            if tag == "nr" and 2 <= len(word) <= 3 and word[0] in _FAMILY:
                yield Entity("person", text[at:end], at, end, None, True)
            elif tag == "ns" and len(word) >= 2:
                yield Entity("place", text[at:end], at, end, None, True)
            at = end
