"""Any filter on any data: the database selects the customers that a plain reading of its words selects."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.filtering import Condition, Fields, Group, check, narrowing_of, where
from customers.filtering import operators as ops
from customers.models import ChangeSet, Customer, Product, Segment, Sentiment, Tag, Team, User
from tests.customers.filtering.company import MONTHS, NAMES, make_company
from tests.customers.filtering.plain import Person, holds

NUMBERS = ["0", "1", "2", "2.5", "12.30", "12.3", "35", "59", "60", "60.5", "100", "500"]
LAST_MONTHS = sorted({f"{month:%Y-%m}" for month in MONTHS})
WHOLE = ["0", "1", "2", "3"]
DAYS = ["0", "1", "7", "30", "60", "90"]
TEXTS = [*NAMES, "a", "berg", "%", "_", "\\", "Caf", "BAR", "wool'", "Lyon", "@x"]


@pytest.fixture(params=[1, 2])
def company(request, owner, teammate, team, other_team):
    make_company(request.param, [owner, teammate], [team, other_team])
    everybody = [Person(one) for one in Customer.objects.with_scores()]
    return Fields(owner, "EUR"), everybody


def pool_of(field, kind: str) -> list[str]:
    """Values that some of the customers have, and their neighbours."""
    if kind == ops.DATE:
        today = timezone.localdate()
        near = (-800, -365, -60, -30, -7, -1, 0, 1, 7, 30)
        days = [(today + datetime.timedelta(days=n)).isoformat() for n in near]
        return [*days, "2026-01-05", "2025-12-31", "2030-02-01"]
    if kind == ops.NUMBER:
        numbers = [n for n in NUMBERS if field.unit not in ("percent", "points") or float(n) <= 100]
        return WHOLE if field.whole else numbers
    return DAYS if kind == ops.DAYS else TEXTS


def codes_for(field) -> list[str]:
    if field.key == "owner":
        return ["me", *(str(user.pk) for user in User.objects.all())]
    if field.key == "team":
        return [str(team.pk) for team in Team.objects.all()]
    if field.key == "tag":
        return [str(tag.pk) for tag in Tag.objects.all()]
    if field.key in ("bought", "product_bad"):
        return [str(product.pk) for product in Product.objects.all()]
    if field.key == "given":
        return [str(change_set.pk) for change_set in ChangeSet.objects.all()]
    known = {
        "feeling": Sentiment.values, "worst": Sentiment.values, "concern": ["refund", "praise"],
        "concern_bad": ["refund", "praise"], "topic": ["7"], "topic_bad": ["7"],
        "country": ["Sweden", "SE", "中国"], "lifecycle": Customer.Lifecycle.values, "kind": Customer.Kind.values,
        "reason": ["recency", "rhythm"], "first_month": LAST_MONTHS,
        "order_month": LAST_MONTHS, "segment": Segment.values,
        "segment_before": Segment.values, "attr.level": ["gold", "silver"],
    }  # fmt: skip
    return known.get(field.key, ["1", "3", "5"])


@st.composite
def conditions(draw, fields: Fields) -> Condition:
    field = draw(st.sampled_from(list(fields.by_key.values())))
    operator = draw(st.sampled_from(field.operators))
    if operator.inputs == (ops.CHOICES,):
        some = st.lists(st.sampled_from(codes_for(field)), min_size=1, max_size=3, unique=True)
        return Condition(field.key, operator.name, tuple(draw(some)))
    values = [draw(st.sampled_from(pool_of(field, kind))) for kind in operator.inputs]
    return Condition(field.key, operator.name, tuple(values))


@st.composite
def filters(draw, fields: Fields, level: int = 1) -> Group:
    items = []
    for _ in range(draw(st.integers(1, 4))):
        nested = level < 3 and draw(st.integers(0, 2)) == 0
        items.append(draw(filters(fields, level + 1) if nested else conditions(fields)))
    return Group(draw(st.sampled_from(["all", "any"])), tuple(items))


def test_the_database_selects_whom_plain_python_selects(company):
    fields, everybody = company

    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(filters(fields))
    def agree(tree):
        checked, problems = check(tree, fields)
        assert (checked, problems) == (tree, [])
        selected = set(Customer.objects.filter(where(tree, fields)).values_list("pk", flat=True))
        assert selected == {p.customer.pk for p in everybody if holds(tree, p, fields)}

    agree()


def test_each_operator_of_each_field_agrees_and_selects_somebody_somewhere(company):
    """One condition at a time, so that none hides behind the others; what nobody fits is looked at elsewhere."""
    fields, everybody = company
    for field in fields.by_key.values():
        found = set()
        for operator in field.operators:
            if operator.inputs == (ops.CHOICES,):
                tried = [tuple(codes_for(field)), (codes_for(field)[-1],)]
            else:
                pools = [pool_of(field, kind) for kind in operator.inputs]
                tried = list(zip(*pools, strict=False))[1:7:2] if pools else [()]
            for values in tried:
                condition = Condition(field.key, operator.name, values)
                tree = Group("all", (condition,))
                rows = Customer.objects.filter(where(tree, fields)).values_list("pk", flat=True)
                expected = {p.customer.pk for p in everybody if holds(condition, p, fields)}
                assert sorted(rows) == sorted(expected), condition
                found |= expected
        assert found, field.key


def test_what_narrows_an_index_holds_for_all_that_is_selected(company):
    """A list narrowed by the copies beside its sorted column loses nobody who has one."""
    fields, __ = company
    owner = Condition("owner", "in", ("me",))
    trees = [
        Group("all", (owner, Condition("lifecycle", "in", ("active",)))),
        Group("any", (owner,)),
        Group("any", (owner, Condition("lifecycle", "in", ("active",)))),
        Group("all", (owner, Group("any", (Condition("segment", "in", ("loyal",)),)))),
        Group("all", (Condition("owner", "in", ("me", "2")),)),
        Group("all", (owner, Condition("owner", "not_in", ("me",)))),
    ]
    for tree in trees:
        near, further = narrowing_of(tree, fields)
        selected = Customer.objects.filter(where(tree, fields), totals__isnull=False)
        narrowed = set(selected.filter(**near).values_list("pk", flat=True))
        assert narrowed == set(selected.values_list("pk", flat=True)), tree
        if not further:
            beside = Customer.objects.filter(**near).values_list("pk", flat=True)
            assert set(beside) == narrowed, tree
