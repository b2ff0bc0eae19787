"""Filtered lists at any size: along the index as far as it pays, collected and sorted where it does not."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import striding
from customers.models import Customer, CustomerScore, CustomerTotals
from customers.paging import SORTS, page_of
from customers.striding import Narrowing
from tests.customers.pages import score

pytestmark = pytest.mark.django_db

SIZE = 3


@pytest.fixture(autouse=True)
def short_strides(monkeypatch):
    monkeypatch.setattr(striding, "STRIDE", 5)


@pytest.fixture
def people(make_customer):
    """Thirty customers: many of the same name, value and risk; some without a risk, a change of it or a last order."""
    now = timezone.now()
    for i in range(30):
        one = make_customer(f"Name {i % 4}", lifecycle="lead" if i % 7 == 0 else "active")
        ordered = now - datetime.timedelta(days=i % 6) if i % 5 else None
        CustomerTotals.objects.filter(pk=one.pk).update(value=i % 3, last_order_at=ordered)
        if i % 4:
            score(one, (i % 5) / 10, churn_change=(i % 3 - 1) / 10 if i % 6 else None)


def read_all(customers, sort: str, backwards: bool = False) -> list[int]:
    found, place, pages = [], "", 0
    while True:
        page = page_of(customers, sort, SIZE, **{"before" if backwards else "after": place})
        keys = [one.pk for one in page.rows]
        found = [*keys, *found] if backwards else [*found, *keys]
        place = page.before if backwards else page.after
        pages += 1
        assert pages < 30
        if not place:
            return found


def expected(customers, sort: str) -> list[int]:
    """By value, ties by id as the index has them, those without a value last: worked out without a database."""
    chosen, down = SORTS[sort.removeprefix("-")], sort.startswith("-")

    def value(one):
        for part in chosen.field.split("__"):
            one = getattr(one, part, None)
        return one

    ids_down = down if chosen.ties_follow else not down
    rows = sorted(customers, key=lambda one: one.pk, reverse=ids_down)
    valued = [one for one in rows if value(one) is not None]
    valued.sort(key=value, reverse=down)  # stable
    without = sorted(one.pk for one in rows if value(one) is None)
    return [*(one.pk for one in valued), *(without[::-1] if ids_down else without)]


@pytest.mark.parametrize("narrow", [{}, {"lifecycle": "lead"}, {"name": "Name 3"}, {"pk": -1}])
@pytest.mark.parametrize("sort", [way + name for name in SORTS for way in ("", "-")])
def test_every_row_comes_once_and_in_order_over_ties_and_nulls(people, sort, narrow):
    customers = Customer.objects.filter(**narrow).with_scores()
    order = expected(customers, sort)
    assert read_all(customers, sort) == order
    if not order:
        return
    last = page_of(customers, sort, len(order), before="")
    assert [one.pk for one in last.rows] == order


@pytest.mark.parametrize("sort", [way + name for name in SORTS for way in ("", "-")])
def test_the_way_back_shows_the_same_pages(people, sort):
    customers = Customer.objects.filter(lifecycle="active").with_scores()
    first = page_of(customers, sort, SIZE)
    second = page_of(customers, sort, SIZE, after=first.after)
    back = page_of(customers, sort, SIZE, before=second.before)
    assert [one.pk for one in back.rows] == [one.pk for one in first.rows]
    assert not back.before and back.after == first.after


def test_a_filter_that_fills_a_page_early_is_read_along_the_index_alone(people):
    with CaptureQueriesContext(connection) as queries:
        page_of(Customer.objects.filter(lifecycle="active").with_scores(), "-value", SIZE)
    assert len(queries) == 2  # how far to go, and the rows


def test_a_filter_that_does_not_is_collected_and_sorted(people):
    rare = Customer.objects.filter(lifecycle="lead").with_scores()
    with CaptureQueriesContext(connection) as queries:
        page_of(rare, "-last", 2)
    assert len(queries) == 3
    assert "CASE WHEN" in queries[-1]["sql"]


def test_what_the_index_knows_itself_needs_no_stride(people):
    leads = Customer.objects.filter(lifecycle="lead").with_scores()
    with CaptureQueriesContext(connection) as queries:
        page = page_of(leads, "-last", 2, narrowing=Narrowing({"totals__lifecycle": "lead"}, False))
    assert len(queries) == 1
    assert [one.pk for one in page.rows] == expected(leads, "-last")[:2]


SEGMENT = {"score__segment": "loyal"}


@pytest.fixture
def loyal(people):
    """Of the thirty, the half that is least at risk."""
    risky = CustomerScore.objects.filter(churn_risk__gte=0.3)
    CustomerScore.objects.exclude(pk__in=risky).update(segment="loyal")
    return Customer.objects.filter(**SEGMENT).with_scores()


def test_one_segment_by_risk_is_read_along_its_own_index(loyal):
    with CaptureQueriesContext(connection) as queries:
        page = page_of(loyal, "-risk", 2, narrowing=Narrowing(SEGMENT, False))
    assert len(queries) == 1
    assert [one.pk for one in page.rows] == expected(loyal, "-risk")[:2]


def test_and_as_far_as_it_pays_where_more_is_asked(loyal):
    """Those of the whole company who are most at risk are not loyal: strides of all would find nobody."""
    named = loyal.filter(name__in=["Name 1", "Name 2", "Name 3"])
    with CaptureQueriesContext(connection) as queries:
        page = page_of(named, "-risk", 2, narrowing=Narrowing(SEGMENT, True))
    assert len(queries) == 2
    assert [one.pk for one in page.rows] == expected(named, "-risk")[:2]


def test_what_stands_beside_another_field_narrows_further():
    both = Narrowing({**SEGMENT, "totals__team_key__in": [0, 1]}, False)
    assert both.along("score__churn_risk") == Narrowing(SEGMENT, True)
    assert both.along("totals__value") == Narrowing({"totals__team_key__in": [0, 1]}, True)
    assert both.along("name") == Narrowing({}, True)
