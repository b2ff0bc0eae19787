"""A filter as a sentence, in both languages."""

import pytest
from django.utils import translation

from customers.filtering import Fields, check, parse, sentence_of
from customers.filtering.wording import PLAINLY, condition_in_words
from customers.models import CustomAttribute, Tag

pytestmark = pytest.mark.django_db

SAID = {
    "all(risk:gte:60)": ("Customers that fit: Churn risk at least 60%.", "符合条件的客户：流失风险不低于 60%。"),
    "all(segment:in:at_risk~lost,last_order:not_last:60)": (
        "Customers that fit: Segment is At risk or Lost and Last order not in the last 60 days (or never).",
        "符合条件的客户：分群为有流失风险或已流失客户，且最近下单不在最近 60 天内（或从未有过）。",
    ),
    "any(value:between:100~5000)": (
        "Customers that fit: Value so far between €100 and €5,000.",
        "符合条件的客户：累计消费介于 €100 与 €5,000 之间。"
    ),
    "all(owner:in:me,any(orders_in:gte:3~30,spent_in:gte:500~90))": (
        "Customers that fit: Owner is me and (at least 3 orders in the last 30 days or Money spent in the last 90 days "
        "at least €500).",
        "符合条件的客户：负责人为我，且（至少 3 个订单（最近 30 天），或最近 90 天的消费额不低于 €500）。",
    ),
    "all(company:has:Bean)": ("Customers that fit: Company contains “Bean”.", "符合条件的客户：公司包含“Bean”。"),
    "all(attr.vip:yes)": ("Customers that fit: VIP: yes.", "符合条件的客户：VIP：是。"),
    "all(tag:not_in:TAG)": ("Customers that fit: Tags: not Fair.", "符合条件的客户：标签：不含 Fair。"),
    "all(open_tasks:lte:0)": ("Customers that fit: at most 0 open tasks.", "符合条件的客户：至多 0 个未完成任务。"),
    "all(complaints:gte:1)": (
        "Customers that fit: at least 1 unanswered complaint.", "符合条件的客户：至少 1 条未答复投诉。"
    ),
    "all(archived:yes)": ("Archived customers.", "已归档的客户。"),
    "all(parent:is:Nordic Beans)": (
        "Customers that fit: Organisation is “Nordic Beans”.", "符合条件的客户：所属机构是“Nordic Beans”。"
    ),
    "all(followed:yes)": ("Customers that I follow.", "我关注的客户。"),
    "all(followed:no,parent:filled)": (
        "Customers that fit: not followed by me and Organisation is filled in.",
        "符合条件的客户：我未关注，且所属机构已填写。",
    ),
    "all(refused:no,city:is:Lyon)": (
        "Customers that fit: profiling not refused and City is “Lyon”.",
        "符合条件的客户：未拒绝画像分析，且城市是“Lyon”。",
    ),
}  # fmt: skip


@pytest.fixture
def fields(owner):
    CustomAttribute.objects.create(name="vip", label="VIP", type="boolean")
    return Fields(owner, "EUR")


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize(("language", "place"), [("en", 0), ("zh-hans", 1)])
def test_a_filter_is_said_in_one_sentence(fields, text, language, place):
    tag = Tag.objects.create(name="Fair")
    group, problems = check(parse(text.replace("TAG", str(tag.pk))), fields)
    assert problems == []
    with translation.override(language):
        assert sentence_of(group, fields) == SAID[text][place]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_operator_of_every_field_has_words_without_a_gap(fields, language):
    from customers.filtering import Condition

    samples = {"number": "5", "days": "30", "date": "2026-01-05", "text": "Bean", "choices": "1"}
    with translation.override(language):
        for field in fields.by_key.values():
            for operator in field.operators:
                values = tuple(samples[kind] for kind in operator.inputs)
                said = condition_in_words(Condition(field.key, operator.name, values), fields)
                assert "%" not in said.replace("5%", "") and "…" not in said, said
                assert (
                    (str(field.label).split(" …")[0].split("…")[0]).split("近")[0] in said
                    or field.said
                    or field.things
                    or (field.key, operator.name) in PLAINLY
                    or "%(field)s" not in str(operator.words)  # it names what it is about itself
                )


def test_what_does_not_hold_water_is_told_with_its_field_and_the_rest_is_kept(fields):
    text = (
        "all(risk:gte:120,city:is:Lyon,bogus:in:1,last_order:last:soon,value:gte:,segment:in:vips,"
        "known_since:before:2026-02-30,orders:gte:1.5,name:between:1)"
    )
    group, problems = check(parse(text), fields)
    assert [condition.field for condition in group.conditions()] == ["city"]
    assert [str(problem) for problem in problems] == [
        "Churn risk: A percentage lies between 0 and 100.",
        "There is no field “bogus” to filter by.",
        "Last order: “soon” is no number.",
        "Value so far: A value is missing.",
        "Segment: “vips” is none of the choices.",
        "Customer since: “2026-02-30” is no date.",
        "Orders so far: “1.5” is no whole number.",
        "Name: This comparison does not exist here.",
    ]


def test_there_is_an_end_to_conditions(fields):
    group, problems = check(parse(f"all({','.join(['city:filled'] * 40)})"), fields)
    assert len(group.items) == 30
    assert "too many conditions" in str(problems[0])
