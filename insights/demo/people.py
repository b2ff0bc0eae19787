"""Names, places and addresses of invented people and businesses.

E-mail addresses use domains reserved for examples; phone numbers come from ranges that regulators keep for drama,
or that belong to nobody.
"""

import unicodedata

# country: language, share, cities, given names, family names
EUROPE = {
    "United Kingdom": ("en", 0.22, ["London", "Leeds", "Bristol", "Edinburgh", "Bath", "Manchester"],
        "Grace Daniel Amelia Oliver Ruth Thomas Isla Henry Freya George Alice Samuel Poppy Arthur Nadia Imran Chloe Ewan",
        "Whitfield Okafor Bennett Hughes Kaplan Fletcher Ahmed Sinclair Marsh Barlow Patel Osborne Reid Lawson Quinn Doyle"),
    "Germany": ("en", 0.24, ["Berlin", "Hamburg", "München", "Köln", "Leipzig", "Freiburg"],
        "Oliver Sabine Jonas Lena Matthias Anke Felix Hannah Moritz Greta Stefan Clara Emre Julia Paul Katrin Leon Frieda",
        "Brandt Keller Vogel Neumann Hartmann Yılmaz Schäfer Lorenz Krüger Winkler Böhm Seidel Albrecht Franke Köhler Jansen"),
    "France": ("en", 0.14, ["Lyon", "Paris", "Nantes", "Bordeaux", "Lille"],
        "Hélène Julien Camille Antoine Manon Lucas Inès Mathieu Chloé Hugo Élise Nicolas Léa Baptiste Sarah Thibault",
        "Dubois Moreau Lefèvre Garnier Rousseau Benali Fontaine Mercier Chevalier Girard Lambert Perrin Colin Barbier"),
    "Sweden": ("en", 0.09, ["Gothenburg", "Stockholm", "Malmö", "Uppsala"],
        "Marta Erik Linnea Oskar Astrid Gustav Elsa Nils Maja Viktor Ebba Anders Saga Johan",
        "Lindqvist Bergström Holm Nyström Sandberg Ekdahl Åkesson Lundgren Forsberg Hedlund Wallin Sjöberg"),
    "Netherlands": ("en", 0.10, ["Utrecht", "Amsterdam", "Rotterdam", "Groningen"],
        "Sanne Daan Lotte Bram Femke Jeroen Noor Thijs Eva Ruben Anouk Koen Iris Pieter",
        "de Vries Jansen Bakker Visser Smit Mulder Dekker Brouwer Kok Vermeer Hoekstra Prins"),
    "Italy": ("en", 0.09, ["Turin", "Milan", "Bologna", "Trieste"],
        "Sofia Marco Giulia Luca Chiara Matteo Elena Davide Francesca Paolo Alessia Simone Martina Andrea",
        "Marchetti Rossi Bianchi Ferraro Conti Ricci Galli Moretti Fontana Rinaldi Caruso Villa"),
    "Spain": ("en", 0.07, ["Valencia", "Madrid", "Bilbao", "Sevilla"],
        "Lucía Álvaro Marina Javier Paula Diego Carmen Sergio Nuria Pablo Irene Adrián Elena Rubén",
        "Ferrer Navarro Ortega Molina Vidal Iglesias Campos Herrero Prieto Serrano Rojas Soler"),
    "Ireland": ("en", 0.05, ["Dublin", "Cork", "Galway"],
        "Aoife Conor Niamh Sean Ciara Eoin Orla Declan Saoirse Rory",
        "Byrne Kelly Doherty Nolan Brennan Walsh Keane Foley Whelan Daly"),
}  # fmt: skip


def words(text: str) -> list[str]:
    return text.split()


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


# name and its pinyin
FAMILY_ZH = pairs(
    "王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 赵:zhao 黄:huang 周:zhou 吴:wu 徐:xu 孙:sun 胡:hu 朱:zhu 高:gao 林:lin 何:he 郭:guo 马:ma 罗:luo 梁:liang 宋:song 郑:zheng 谢:xie 韩:han 唐:tang 冯:feng 于:yu 董:dong 萧:xiao 程:cheng 曹:cao 袁:yuan 邓:deng 许:xu 傅:fu 沈:shen 曾:zeng 彭:peng 吕:lyu"
)
GIVEN_ZH = pairs(
    "雨菲:yufei 思远:siyuan 子涵:zihan 欣怡:xinyi 浩然:haoran 梓萱:zixuan 俊杰:junjie 诗雨:shiyu 明轩:mingxuan 佳怡:jiayi 宇航:yuhang 静怡:jingyi 嘉豪:jiahao 晓彤:xiaotong 文博:wenbo 雅婷:yating 志强:zhiqiang 丽娜:lina 建国:jianguo 秀英:xiuying 晨曦:chenxi 若曦:ruoxi 天佑:tianyou 梦瑶:mengyao 海涛:haitao 雪莹:xueying 一鸣:yiming 可欣:kexin 泽宇:zeyu 语嫣:yuyan 国栋:guodong 婉清:wanqing 睿:rui 倩:qian 磊:lei 娟:juan 鹏:peng 洁:jie 凯:kai 敏:min"
)
CITIES_ZH = words("上海 北京 杭州 成都 深圳 广州 苏州 南京 武汉 西安 厦门 长沙 青岛 宁波")

CAFE_WORDS = words(
    "Anker Juniper Lantern Harbour Meridian Orchard Kestrel Linden Copper Marble Saffron Willow Corner Atlas Paper Blue Morning Station Garden North"
)
CAFE_FORMS = ["Café {word}", "{word} Coffee", "{word} & {family}", "The {word} Bakery", "{family} Roastery", "Bar {word}", "{word} Espresso Bar"]  # fmt: skip
OFFICE_FORMS = ["{family} Architects", "{word} Software", "{family} & Partners", "{word} Logistics", "{family} Dental Practice", "{word} Studio", "Hotel {word}", "{family} Engineering"]  # fmt: skip
CAFE_ZH = ["{word}咖啡", "{word}咖啡馆", "{word}烘焙坊", "{word}书店咖啡", "{word}茶咖"]
OFFICE_ZH = ["{word}科技", "{word}设计事务所", "{word}酒店", "{word}律师事务所", "{word}文化传媒"]
PLACES_ZH = pairs(
    "木棉:mumian 云栖:yunqi 拾光:shiguang 北岸:beian 青禾:qinghe 半山:banshan 南风:nanfeng 山海:shanhai 知行:zhixing 星野:xingye 禾木:hemu 白鹭:bailu 松间:songjian 远方:yuanfang 一隅:yiyu 朝露:zhaolu 听雨:tingyu 临江:linjiang 长亭:changting 暖阳:nuanyang"
)
DOMAINS = ["example.com", "example.org", "example.net"]
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "đ": "d"})


def ascii_slug(text: str) -> str:
    """Lower-case letters and digits only, as in an e-mail address."""
    text = unicodedata.normalize("NFKD", text.lower().translate(PLAIN))
    return "".join(c for c in text if c.isascii() and c.isalnum())


def phone(country: str, serial: int) -> str:
    """A number from a range kept for fiction; empty where a country has none, or it is used up."""
    four = f"{serial % 10_000:04d}"
    if country == "United Kingdom":
        towns = ["20 7946 0", "161 496 0", "121 496 0", "131 496 0", "117 496 0", "113 496 0"]
        return f"+44 {towns[serial // 1000]}{serial % 1000:03d}" if serial < 6000 else ""
    if country == "Germany":
        towns = ["30 23125 ", "69 90009 ", "40 66969 ", "221 4710 ", "89 99998 "]
        return f"+49 {towns[serial // 1000]}{serial % 1000:03d}" if serial < 5000 else ""
    if country == "France":
        towns = ["1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49", "6 39 98"]
        area = serial // 10_000
        return f"+33 {towns[area]} {four[:2]} {four[2:]}" if area < len(towns) else ""
    if country == "Sweden":
        return f"+46 8 465 004 {serial:02d}" if serial < 100 else ""
    if country == "Ireland":
        return f"+353 20 91{serial // 10_000} {four}" if serial < 100_000 else ""
    # No Chinese mobile number begins with 129.
    return f"+86 129 {serial // 10_000:04d} {four}" if country == "China" else ""


def european(pick, country: str, serial: int) -> dict:
    """A person of this country; ``pick(sequence)`` chooses."""
    language, _, cities, given, family = EUROPE[country]
    first = pick(given.split())
    # "de Vries" is one name.
    last = pick(family.replace("de Vries", "de_Vries").split()).replace("_", " ")
    return {
        "name": f"{first} {last}",
        "family": last,
        "mail": f"{ascii_slug(first)}.{ascii_slug(last)}",
        "city": pick(cities),
        "country": country,
        "language": language,
        "phone": phone(country, serial),
    }


def chinese(pick, serial: int) -> dict:
    family, given = pick(list(FAMILY_ZH)), pick(list(GIVEN_ZH))
    return {
        "name": family + given,
        "family": family,
        "mail": f"{GIVEN_ZH[given]}.{FAMILY_ZH[family]}",
        "city": pick(CITIES_ZH),
        "country": "China",
        "language": "zh-hans",
        "phone": phone("China", serial),
    }


def business(pick, person: dict, cafe: bool) -> tuple[str, str]:
    """A name and a mail domain for the café or office this person works for."""
    if person["country"] == "China":
        word = pick(list(PLACES_ZH))
        name = pick(CAFE_ZH if cafe else OFFICE_ZH).format(word=word)
        return name, PLACES_ZH[word] + ".example"
    form = pick(CAFE_FORMS if cafe else OFFICE_FORMS)
    name = form.format(word=pick(CAFE_WORDS), family=person["family"])
    return name, ascii_slug(name) + ".example"


def mail_address(person: dict, ordinal: int, domain: str = "") -> str:
    """Unique by the customer's number; businesses have a domain of their own."""
    return f"{person['mail']}{ordinal}@{domain or DOMAINS[ordinal % len(DOMAINS)]}"
