"""Whom and what a message names: by the company's own names, by rule, and as a suggestion."""

import numpy as np
import pytest

from benchmarks.voice_zero import written
from insights.ml.voice.reading import Knowledge, read

SHOP = Knowledge.of(
    products=[
        (1, "House Espresso, 250 g"), (2, "House Espresso, 1 kg"), (3, "Knock Box"), (4, "晨曦 One 半自动咖啡机"),
        (5, "纸杯 240 毫升 1000 只"), (6, "Orbit 54 Grinder"), (6, "Orbit 54 电动磨豆机"), (6, "NB-1051"),
    ],
    orders=[(70, "10023"), (71, "SO-2026-7")],
    people=[(8, "Grace Whitfield"), (9, "王磊"), (10, "Anna de Vries")],
    places=[(None, "Leeds"), (None, "成都")],
)  # fmt: skip


def named(text: str, knowledge: Knowledge = SHOP) -> list[tuple]:
    (reading,) = read([text], knowledge)
    for entity in reading.entities:
        assert text[entity.start : entity.end] == entity.text
    return [(e.kind, e.text, e.key) for e in reading.entities if not e.suggested]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My knock box broke", [("product", "knock box", 3)]),
        ("Two Knock Boxes", []),
        ("The Knockbox broke", []),
        ("House Espresso is fine", [("product", "House Espresso", None)]),
        ("House Espresso, 1 kg", [("product", "House Espresso, 1 kg", 2)]),
        ("the orbit 54 grinder", [("product", "orbit 54 grinder", 6)]),
        ("the Orbit 545 Grinders", []),
        ("SKU nb-1051 please", [("product", "nb-1051", 6)]),
        ("晨曦 One 半自动咖啡机坏了", [("product", "晨曦 One 半自动咖啡机", 4)]),
        ("晨曦 ONE 半自動咖啡機壞了", [("product", "晨曦 ONE 半自動咖啡機", 4)]),
        ("纸杯漏水", [("product", "纸杯", 5)]),
        ("Order 10023 is late", [("order", "10023", 70)]),
        ("订单#10023晚到了", [("order", "10023", 70)]),
        ("so-2026-7?", [("order", "so-2026-7", 71)]),
        ("order 100234", [("order", "100234", None)]),
        ("I paid 10023.50", []),
        ("Dear Grace,", [("person", "Grace", 8)]),
        ("by the grace of God", []),
        ("Spoke to Anna de Vries", [("person", "Anna de Vries", 10)]),
        ("王磊，您好", [("person", "王磊", 9)]),
        ("和王磊通了电话", [("person", "王磊", 9)]),
        ("I live in Leeds", [("place", "Leeds", None)]),
        ("it leeds nowhere", []),
        ("寄到成都", [("place", "成都", None)]),
        ("hi anna, the box is open", [("person", "anna", 10)]),
        ("please send it to leeds", [("place", "leeds", None)]),
        ("hello, i wrote to anna de vries", [("person", "anna de vries", 10)]),
    ],
)  # fmt: skip
def test_what_the_company_knows(text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("it cost €49.90 then", "money", "€49.90"),
        ("I paid 1,299.00 EUR", "money", "1,299.00 EUR"),
        ("20 dollars", "money", "20 dollars"),
        ("退我199元", "money", "199元"),
        ("花了三百块", "money", "三百块"),
        ("花了 1,299.5 元", "money", "1,299.5 元"),
        ("on 3 May 2026", "date", "3 May 2026"),
        ("by May 3rd", "date", "May 3rd"),
        ("on 2026-05-03", "date", "2026-05-03"),
        ("since Monday", "date", "Monday"),
        ("5月3日到的", "date", "5月3日"),
        ("2026年5月3号", "date", "2026年5月3号"),
        ("我31号下的单", "date", "31号"),
        ("下周二送", "date", "下周二"),
        ("昨天收到", "date", "昨天"),
        ("write to a.b+c@example.co.uk.", "email", "a.b+c@example.co.uk"),
        ("发到 post1@example.org。", "email", "post1@example.org"),
        ("call +44 20 7946 0123", "phone", "+44 20 7946 0123"),
        ("电话13812345678", "phone", "13812345678"),
        ("+86 129 0000 0532", "phone", "+86 129 0000 0532"),
        ("010-12345678", "phone", "010-12345678"),
        ("order no. AB-123", "order", "AB-123"),
        ("订单号：20260503001", "order", "20260503001"),
    ],
)
def test_what_has_a_form_of_its_own(text, kind, said):
    assert (kind, said, None) in named(text, Knowledge.of())


@pytest.mark.parametrize(
    "text", ["it may rain", "I sat down", "the sun", "1000/6000", "20 cm", "54 mm burrs", "3 pieces", "24小时", "第3次"]
)  # fmt: skip
def test_what_only_looks_like_one(text):
    assert named(text, Knowledge.of()) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("Spoke to Miranda about it.", "person", "Miranda"),
        ("请联系张经理。", "person", "张经理"),
        ("寄到杭州吧", "place", "杭州"),
    ],
)
def test_names_that_only_look_like_names_are_suggestions(text, kind, said):
    (reading,) = read([text], Knowledge.of())
    assert [(e.kind, e.text, e.key) for e in reading.entities if e.suggested] == [
        (kind, said, None)
    ]
    assert not [e for e in reading.entities if not e.suggested]


def test_a_name_of_three_packs_is_three_records():
    assert SHOP.keys_of("product", "house espresso") == (1, 2)
    assert SHOP.keys_of("order", "#10023") == (70,)
    assert SHOP.keys_of("person", "house espresso") == ()


def test_orders_may_be_those_of_the_customers_who_wrote():
    narrow = SHOP.with_orders([(99, "555")])
    assert named("order 555 and 10023", narrow) == [("order", "555", 99)]
    assert narrow.names is SHOP.names


@pytest.mark.parametrize("chinese", [False, True])
def test_nearly_all_that_the_demo_company_names_is_found(chinese):
    messages, knowledge = written(seed=7, chinese=chinese, n=250)
    readings = read([message.text for message in messages], knowledge)
    truth = [{*m.named} for m in messages]
    told = [{(e.kind, e.start, e.end) for e in r.entities if not e.suggested} for r in readings]
    right = sum(len(a & b) for a, b in zip(truth, told, strict=True))
    assert sum(map(len, truth)) > 250
    assert right >= 0.97 * sum(map(len, truth))
    assert right >= 0.97 * sum(map(len, told))


def test_what_the_demo_company_names_stands_where_it_is_said_to_stand():
    messages, _ = written(seed=3, chinese=False, n=100)
    for message in messages:
        assert not set(message.text) & set("\ue000\ue001\ue002{}")
        for kind, start, end in message.named:
            assert 0 <= start < end <= len(message.text), kind
    kinds = np.unique([kind for message in messages for kind, *_ in message.named])
    assert {"product", "order", "person", "date"} <= set(kinds)


@pytest.mark.parametrize("text", ["我是100号会员", "人民路28号", "88号技师", "3号楼", "2.12号"])
def test_a_number_that_is_counted_is_no_day(text):
    assert not [one for one in named(text, Knowledge.of()) if one[0] == "date"]
