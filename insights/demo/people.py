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

# family name and its pinyin
FAMILY_ZH = dict(
    zip(
        [
            "王",
            "李",
            "张",
            "刘",
            "陈",
            "杨",
            "赵",
            "黄",
            "周",
            "吴",
            "徐",
            "孙",
            "胡",
            "朱",
            "高",
            "林",
            "何",
            "郭",
            "马",
            "罗",
            "梁",
            "宋",
            "郑",
            "谢",
            "韩",
            "唐",
            "冯",
            "于",
            "董",
            "萧",
            "程",
            "曹",
            "袁",
            "邓",
            "许",
            "傅",
            "沈",
            "曾",
            "彭",
            "吕",
        ],
        [
            "wang",
            "li",
            "zhang",
            "liu",
            "chen",
            "yang",
            "zhao",
            "huang",
            "zhou",
            "wu",
            "xu",
            "sun",
            "hu",
            "zhu",
            "gao",
            "lin",
            "he",
            "guo",
            "ma",
            "luo",
            "liang",
            "song",
            "zheng",
            "xie",
            "han",
            "tang",
            "feng",
            "yu",
            "dong",
            "xiao",
            "cheng",
            "cao",
            "yuan",
            "deng",
            "xu",
            "fu",
            "shen",
            "zeng",
            "peng",
            "lyu",
        ],
        strict=True,
    )
)
GIVEN_ZH = dict(
    zip(
        [
            "雨菲",
            "思远",
            "子涵",
            "欣怡",
            "浩然",
            "梓萱",
            "俊杰",
            "诗雨",
            "明轩",
            "佳怡",
            "宇航",
            "静怡",
            "嘉豪",
            "晓彤",
            "文博",
            "雅婷",
            "志强",
            "丽娜",
            "建国",
            "秀英",
            "晨曦",
            "若曦",
            "天佑",
            "梦瑶",
            "海涛",
            "雪莹",
            "一鸣",
            "可欣",
            "泽宇",
            "语嫣",
            "国栋",
            "婉清",
            "睿",
            "倩",
            "磊",
            "娟",
            "鹏",
            "洁",
            "凯",
            "敏",
        ],
        [
            "yufei",
            "siyuan",
            "zihan",
            "xinyi",
            "haoran",
            "zixuan",
            "junjie",
            "shiyu",
            "mingxuan",
            "jiayi",
            "yuhang",
            "jingyi",
            "jiahao",
            "xiaotong",
            "wenbo",
            "yating",
            "zhiqiang",
            "lina",
            "jianguo",
            "xiuying",
            "chenxi",
            "ruoxi",
            "tianyou",
            "mengyao",
            "haitao",
            "xueying",
            "yiming",
            "kexin",
            "zeyu",
            "yuyan",
            "guodong",
            "wanqing",
            "rui",
            "qian",
            "lei",
            "juan",
            "peng",
            "jie",
            "kai",
            "min",
        ],
        strict=True,
    )
)
CITIES_ZH = [
    "上海",
    "北京",
    "杭州",
    "成都",
    "深圳",
    "广州",
    "苏州",
    "南京",
    "武汉",
    "西安",
    "厦门",
    "长沙",
    "青岛",
    "宁波",
]

CAFE_WORDS = [
    "Anker",
    "Juniper",
    "Lantern",
    "Harbour",
    "Meridian",
    "Orchard",
    "Kestrel",
    "Linden",
    "Copper",
    "Marble",
    "Saffron",
    "Willow",
    "Corner",
    "Atlas",
    "Paper",
    "Blue",
    "Morning",
    "Station",
    "Garden",
    "North",
]
CAFE_FORMS = ["Café {word}", "{word} Coffee", "{word} & {family}", "The {word} Bakery", "{family} Roastery", "Bar {word}", "{word} Espresso Bar"]  # fmt: skip
OFFICE_FORMS = ["{family} Architects", "{word} Software", "{family} & Partners", "{word} Logistics", "{family} Dental Practice", "{word} Studio", "Hotel {word}", "{family} Engineering"]  # fmt: skip
CAFE_ZH = ["{word}咖啡", "{word}咖啡馆", "{word}烘焙坊", "{word}书店咖啡", "{word}茶咖"]
OFFICE_ZH = ["{word}科技", "{word}设计事务所", "{word}酒店", "{word}律师事务所", "{word}文化传媒"]
WORDS_ZH = [
    "木棉",
    "云栖",
    "拾光",
    "北岸",
    "青禾",
    "半山",
    "南风",
    "山海",
    "知行",
    "星野",
    "禾木",
    "白鹭",
    "松间",
    "远方",
    "一隅",
    "朝露",
    "听雨",
    "临江",
    "长亭",
    "暖阳",
]
PINYIN_WORDS = [
    "mumian",
    "yunqi",
    "shiguang",
    "beian",
    "qinghe",
    "banshan",
    "nanfeng",
    "shanhai",
    "zhixing",
    "xingye",
    "hemu",
    "bailu",
    "songjian",
    "yuanfang",
    "yiyu",
    "zhaolu",
    "tingyu",
    "linjiang",
    "changting",
    "nuanyang",
]
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
        word = pick(WORDS_ZH)
        name = pick(CAFE_ZH if cafe else OFFICE_ZH).format(word=word)
        return name, PINYIN_WORDS[WORDS_ZH.index(word)] + ".example"
    form = pick(CAFE_FORMS if cafe else OFFICE_FORMS)
    name = form.format(word=pick(CAFE_WORDS), family=person["family"])
    return name, ascii_slug(name) + ".example"


def mail_address(person: dict, ordinal: int, domain: str = "") -> str:
    """Unique by the customer's number; businesses have a domain of their own."""
    return f"{person['mail']}{ordinal}@{domain or DOMAINS[ordinal % len(DOMAINS)]}"
