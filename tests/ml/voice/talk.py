"""Messages in two languages about a few matters, whose topics are known by construction."""

import numpy as np

from insights.ml.voice.phrases import phrases
from insights.ml.voice.script import folded
from insights.ml.voice.topics import Corpus

# Code, then the parts of messages in English and in Chinese.
MATTERS = {
    "late_delivery": (
        [
            "the parcel arrived late",
            "delivery took nine days",
            "courier lost the parcel",
            "tracking shows no delivery",
        ],
        [
            "快递迟到了",
            "物流太慢",
            "包裹还没到",
            "快递员弄丢包裹",
        ],
    ),
    "price": (
        [
            "prices went up again",
            "another shop has lower prices",
            "is there a discount code",
            "discount prices are gone",
        ],
        [
            "价格又涨了",
            "别家价格更低",
            "有没有优惠码",
            "优惠价格没有了",
        ],
    ),
    "taste": (
        [
            "roast tastes bitter",
            "beans smell burnt",
            "bitter roast and flat aroma",
            "aroma of these beans",
        ],
        [
            "咖啡豆味道太苦",
            "烘焙味道很重",
            "香味很淡",
            "咖啡豆香味差",
        ],
    ),
    "invoice": (
        [
            "invoice shows the wrong address",
            "bank needs the invoice",
            "tax number on the invoice",
            "statement without tax number",
        ],
        [
            "发票抬头写错",
            "银行需要发票",
            "发票税号不对",
            "账单税号漏写",
        ],
    ),
    "website": (
        [
            "checkout page crashed",
            "password reset never arrives",
            "login page shows an error",
            "website lost my basket",
        ],
        [
            "网站登录出错",
            "密码重置邮件收不到",
            "网页崩溃",
            "网站购物车清空",
        ],
    ),
    "praise": (
        [
            "staff were friendly",
            "wonderful advice from the barista",
            "friendly barista and kind staff",
            "kind advice as always",
        ],
        [
            "店员态度热情",
            "咖啡师建议专业",
            "店员服务热情周到",
            "建议很专业",
        ],
    ),
}
PLANTED = (
    ["kettle lid cracks in the steam", "steam cracked the kettle lid", "cracked lid again, hot steam everywhere"],
    ["水壶盖子蒸汽一冲就裂", "壶盖裂开蒸汽漏出", "蒸汽把水壶盖子冲裂"],
)  # fmt: skip


def talk(n: int, days: int, seed: int = 0, first: int = 1) -> Corpus:
    """``n`` messages spread evenly over the days before day 0, each of another customer."""
    rng = np.random.default_rng(seed)
    names = list(MATTERS)
    rows = []
    for i in range(n):
        code = names[rng.integers(len(names))]
        chinese = rng.random() < 0.4
        rows.append(row(first + i, -float(rng.uniform(0, days)), MATTERS[code], chinese, rng, code))
    return corpus(rows)


def row(key, day, parts, chinese, rng, code=""):
    chosen = rng.choice(parts[int(chinese)], 2, replace=False)
    text = "，".join(chosen) if chinese else ", ".join(chosen)
    return key, key, day, len(text), phrases(folded(text), (), [code])


def planted(n: int, days: float, seed: int = 0, first: int = 1_000_000) -> Corpus:
    """A matter nobody spoke of before, in both languages, within the last so many days."""
    rng = np.random.default_rng(seed)
    return corpus(
        [
            row(first + i, -float(rng.uniform(0, days)), PLANTED, i % 2 == 1, rng, "damaged")
            for i in range(n)
        ]
    )


def corpus(rows) -> Corpus:
    keys, customers, days, lengths, terms = zip(*rows, strict=True)
    return Corpus(*(np.array(c) for c in (keys, customers, days, lengths)), list(terms))


def together(one: Corpus, other: Corpus) -> Corpus:
    columns = (
        np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("keys", "customers", "days", "lengths")
    )
    return Corpus(*columns, [*one.terms, *other.terms])
