"""How many days ago something was is one number, whether a page says it or a reason does."""

import datetime
import zoneinfo

import pandas as pd
import pytest
from django.utils import timezone, translation

from customers.moments import days_ago
from customers.wording import ago
from insights.ml.explain import Telling

ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Stockholm"]
# Around midnights, and across the nights on which clocks change.
MOMENTS = ["2026-11-25T22:59", "2026-11-25T15:59", "2026-11-26T05:01", "2026-03-29T01:30"]
HOURS = [0.01, 1.5, 8, 23.5, 24.5, 49, 24 * 30, 24 * 200.3]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("now", MOMENTS)
def test_a_reason_counts_the_days_as_the_page_beside_it_does(zone, now, monkeypatch):
    here = zoneinfo.ZoneInfo(zone)
    moment = datetime.datetime.fromisoformat(now).replace(tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    rows = pd.DataFrame({"recency_days": [hours / 24 for hours in HOURS], "gap_median": 20.0})
    told = Telling(rows, {}, moment.astimezone(here)).facts("recency")["days"]
    with timezone.override(here):
        shown = [days_ago(moment - datetime.timedelta(hours=hours)) for hours in HOURS]
    assert told == shown


def test_yesterday_evening_is_yesterday_this_morning():
    morning = datetime.datetime(2026, 11, 26, 8, tzinfo=datetime.UTC)
    rows = pd.DataFrame({"recency_days": [10 / 24, 7 / 24, None], "gap_median": 20.0})
    assert Telling(rows, {}, morning).facts("recency")["days"] == [1, 0, None]


def test_a_date_among_the_attributes_is_told_by_the_same_calendar():
    evening = datetime.datetime(2026, 11, 25, 20, tzinfo=datetime.UTC)
    since_midnight = 20 / 24  # the attribute says 25 November
    rows = pd.DataFrame({"attribute:since": [since_midnight]})
    for zone, days in (("UTC", 0), ("Asia/Shanghai", 1)):
        tell = Telling(rows, {"since": "date"}, evening.astimezone(zoneinfo.ZoneInfo(zone)))
        assert tell.facts("attribute:since")["days_ago"] == [days]


def test_words_and_cards_agree(monkeypatch):
    now = timezone.now().replace(hour=8)
    monkeypatch.setattr(timezone, "now", lambda: now)
    evening = now - datetime.timedelta(hours=12)
    with translation.override("en"):
        assert (days_ago(evening), ago(evening)) == (1, "yesterday")
