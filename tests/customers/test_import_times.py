"""Times in a file are local to its zone unless they say otherwise; those that never were are refused."""

import datetime

import pytest
from django.utils import timezone

from customers.importing import MappingError
from customers.models import Company, Order
from tests.customers.csvs import bring, verdicts

__all__ = ["bring"]

MAPPING = {"source": "s", "columns": {"customer": "who", "occurred_at": "at", "amount": "sum"}}


def stored(bring, text, tz="", **more):
    report = bring("orders", f"who,at,sum\nA,{text},1\n", MAPPING | more, tz=tz)
    return report, [o.occurred_at.isoformat() for o in Order.objects.all()]


@pytest.mark.parametrize(
    ("text", "tz", "utc"),
    [
        ("2026-07-01 12:00", "Europe/London", "2026-07-01T11:00:00+00:00"),
        ("2026-07-01", "Asia/Shanghai", "2026-06-30T16:00:00+00:00"),
        ("2026-07-01T12:00:00+02:00", "Asia/Shanghai", "2026-07-01T10:00:00+00:00"),
        ("2026-07-01T12:00:00Z", "", "2026-07-01T12:00:00+00:00"),
        # Twice on this day; the first of them is taken.
        ("2026-10-25 01:30", "Europe/London", "2026-10-25T00:30:00+00:00"),
        # The day began at one o'clock.
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),
    ],
)
def test_local_times_become_utc(bring, text, tz, utc):
    assert stored(bring, text, tz)[1] == [utc]


def test_a_time_the_clocks_skipped_is_refused(bring):
    report, times = stored(bring, "2026-03-29 01:30", "Europe/London")
    assert times == [] and verdicts(report) == {"rejected": 1, "total": 1}
    assert report.reasons == {("at", "this local time never was: the clocks went forward"): 1}


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_what_is_no_time_is_refused(bring, text):
    report, times = stored(bring, text)
    assert times == [] and report.counts["rejected"] == 1


def test_the_mapping_may_say_how_times_are_written(bring):
    formats = {"formats": {"occurred_at": "%d/%m/%Y %H:%M"}}
    assert stored(bring, "05/01/2026 10:30", **formats)[1] == ["2026-01-05T10:30:00+00:00"]


def test_the_companys_zone_is_used_where_nothing_else_is_said(bring):
    Company.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Shanghai"})
    assert stored(bring, "2026-07-01 12:00")[1] == ["2026-07-01T04:00:00+00:00"]


def test_an_unknown_zone_is_refused(bring):
    with pytest.raises(MappingError, match="Mars/Crater"):
        stored(bring, "2026-07-01 12:00", "Mars/Crater")


def test_microseconds_survive(bring):
    stored(bring, "2026-07-01T12:00:00.123456Z")
    assert Order.objects.get().occurred_at == datetime.datetime(
        2026, 7, 1, 12, 0, 0, 123456, tzinfo=datetime.UTC
    )


def ahead(**span):
    return (timezone.now() + datetime.timedelta(**span)).isoformat()


def test_what_lies_in_the_future_is_refused_and_a_clock_that_is_ahead_is_not(bring):
    report, times = stored(bring, ahead(days=2))
    assert times == [] and verdicts(report) == {"rejected": 1, "total": 1}
    assert report.reasons == {("at", "lies in the future"): 1}
    assert stored(bring, ahead(hours=23))[0].counts["created"] == 1


@pytest.mark.parametrize(
    ("kind", "field", "more"),
    [
        ("events", "occurred_at", {"constants": {"kind": "page"}}),
        ("interactions", "occurred_at", {"constants": {"channel": "call"}}),
        ("customers", "known_since", {}),
    ],
)
def test_no_kind_of_file_brings_what_is_yet_to_come(bring, kind, field, more):
    key = "external_id" if kind == "customers" else "customer"
    bring("customers", "who\nA\n", {"source": "s", "columns": {"external_id": "who"}})
    mapping = {"source": "s", "columns": {key: "who", field: "at"}} | more
    report = bring(kind, f"who,at\nA,{ahead(days=2)}\nA,{ahead(days=-2)}\n", mapping)
    assert report.reasons == {("at", "lies in the future"): 1}
    refused = bring.rejected()[-1]
    assert (refused["row"], refused["column"]) == ("2", "at")
    assert refused["reason"] == "lies in the future"
