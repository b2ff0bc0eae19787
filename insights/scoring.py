"""Champions say what they think of one customer, of a thousand, of all: the same code for each.

Scores go into VersionScore first and from there onto the customers (see insights.publishing), a few thousand
customers per transaction, so that a replayed, doubled or killed job changes nothing for the worse.
"""

import datetime
import importlib
import logging
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

import pandas as pd
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from customers.models import Company, Customer
from customers.noticing import tell_rises
from insights import kept_features
from insights.columns import collector_at_rest
from insights.ml import storage
from insights.ml.tables import Tables
from insights.models import OF_CUSTOMERS, FullScoring, Kind, ModelVersion
from insights.publishing import bring_to_customers, forget_refused, is_champion, store

logger = logging.getLogger(__name__)

READ_CHUNK, WRITE_CHUNK = 10_000, 2_000

# The models this process has used last, by kind: a refresh of one customer must not wait for a file.
_loaded: dict[str, tuple[str, Any]] = {}


class Superseded(Exception):
    """What is being scored is not wanted any more: another version was published, or the clock was put back."""


def champions() -> list[ModelVersion]:
    """The published models that score customers."""
    published = ModelVersion.objects.filter(kind__in=OF_CUSTOMERS, is_champion=True)
    return list(published.order_by("kind"))


def model_of(version: ModelVersion) -> Any:
    """The version's model, from memory when it was the last of its kind to be used. Raises storage.Unusable."""
    checksum, model = _loaded.get(version.kind, ("", None))
    if checksum != version.checksum:
        model = storage.load(version.directory, version.checksum)
        _loaded[version.kind] = (version.checksum, model)
    return model


def load_champions() -> None:
    """Have all that scoring needs in memory; for a process that will be asked soon."""
    try:
        for version in champions():
            if _usable(version):
                importlib.import_module(f"insights.ml.{version.kind}")
    except (
        DatabaseError
    ) as error:  # not migrated yet, or not there yet: then it is loaded when asked
        logger.warning("Models are not loaded beforehand: %s", error)
    finally:
        connection.close()


def score_customers(
    customer_ids: Collection[int] | None,
    as_of: datetime.datetime,
    report: Callable[[int], None] = lambda looked_at: None,
) -> int:
    """All champions score these customers (None: everyone) as of the moment; returns how many were looked at.

    Raises Superseded when a champion was replaced or the clock put back meanwhile; what was written until then stays
    right. ``report`` is called every few thousand customers: it is also a sign of life.
    """
    versions = [version for version in champions() if _usable(version)]
    looked_at = 0
    for keys in chunks(customer_ids) if versions else ():
        with collector_at_rest():
            found = _score_range(versions, keys, as_of, partial(report, looked_at))
        looked_at += found
        report(looked_at)
    if customer_ids is not None:
        forget_refused(customer_ids)
    FullScoring.row().filter(totals_outdated=False).update(totals_outdated=True)
    return looked_at


def _score_range(
    versions: list[ModelVersion],
    keys: range | list[int],
    as_of: datetime.datetime,
    alive: Callable[[], None],
) -> int:
    """All champions about one range of customers; returns how many there are."""
    keeping = isinstance(keys, range) and kept_features.others_are_due()
    requested = kept_features.requested() if keeping else ""
    tables = kept_features.facts_of(keys, as_of)
    for version in versions:
        answers = answers_of(version, tables, as_of)
        for part in parts(keys, answers):
            _write(version, part, as_of)
            alive()
    if isinstance(keys, range) and keeping:
        kept_features.keep(keys, tables, as_of, requested)
    return len(tables["customers"])


def score_version(
    version: ModelVersion, since: datetime.datetime, report: Callable[[float, int], None]
) -> int:
    """One version scores everyone into VersionScore, without a word to the customers; returns how many it scored.

    As of now, or by what another kind has left behind of a range since that moment (see insights.kept_features).
    """
    keys_of_all, scored = list(chunks(None)), 0
    for number, keys in enumerate(keys_of_all, 1):
        with collector_at_rest():
            as_of, answers = _answers_of_range(version, keys, since)
            for part in parts(keys, answers):
                with transaction.atomic():
                    store(version.pk, part, as_of)
        scored += len(answers)
        report(number / len(keys_of_all), scored)
    return scored


def _answers_of_range(
    version: ModelVersion, keys: range, since: datetime.datetime
) -> tuple[datetime.datetime, dict[int, dict]]:
    """What the version says about everybody in the range, and as of when."""
    asks = version.kind in kept_features.ASKING
    if asks and (found := kept_features.known(version.kind, keys, since)):
        as_of, facts = found
        return as_of, answers_of(version, facts, as_of)
    requested, as_of = kept_features.requested(), timezone.now()
    facts = kept_features.facts_of(keys, as_of)
    answers = answers_of(version, facts, as_of)
    if asks and kept_features.others_are_due(version.kind):
        kept_features.keep(keys, facts, as_of, requested)
    return as_of, answers


def chunks(customer_ids: Collection[int] | None) -> Iterator[range | list[int]]:
    """Ranges of keys that hold some thousands of customers each, or the ids asked for in lists as long.

    A range that is asked for is one of those already.
    """
    if isinstance(customer_ids, range):
        yield customer_ids
        return
    if customer_ids is not None:
        ids = sorted(set(customer_ids))
        yield from (ids[i : i + READ_CHUNK] for i in range(0, len(ids), READ_CHUNK))
        return
    low = 0
    keys = Customer.objects.order_by("pk").values_list("pk", flat=True)
    while (high := keys.filter(pk__gte=low)[READ_CHUNK : READ_CHUNK + 1].first()) is not None:
        yield range(low, high)
        low = high
    last = keys.last()
    if last is not None:
        yield range(low, last + 1)


Part = tuple[range | list[int], dict[int, dict]]


def parts(keys: range | list[int], answers: dict[int, dict]) -> Iterator[Part]:
    """What one transaction writes: some keys, and the answers of those that have one."""
    if isinstance(keys, list):
        for start in range(0, len(keys), WRITE_CHUNK):
            some = keys[start : start + WRITE_CHUNK]
            yield some, {i: answers[i] for i in some if i in answers}
        return
    ids = sorted(answers)
    for start in range(0, max(len(ids), 1), WRITE_CHUNK):
        some = ids[start : start + WRITE_CHUNK]
        low = ids[start] if start else keys.start
        high = ids[start + WRITE_CHUNK] if start + WRITE_CHUNK < len(ids) else keys.stop
        yield range(low, high), {i: answers[i] for i in some}


def answers_of(version: ModelVersion, tables: Tables, as_of: datetime.datetime) -> dict[int, dict]:
    """What the version says about the customers of the tables, by id, as VersionScore keeps it."""
    if not len(tables["customers"]):
        return {}
    module = importlib.import_module(f"insights.ml.{version.kind}")
    # Days are told by the company's calendar, as its pages tell them.
    here = as_of.astimezone(Company.current().zone)
    frame = module.predict(model_of(version), tables, here)
    return ANSWERS[version.kind](frame)


def _churn(frame: pd.DataFrame) -> dict[int, dict]:
    rows = _rows(frame, "customer_id", "risk", "top", "base", "reasons")
    return {
        key: {"risk": risk, "top": top, "why": {"base": base, "reasons": reasons}}
        for key, risk, top, base, reasons in rows
    }


def _segments(frame: pd.DataFrame) -> dict[int, dict]:
    names = ("segment", "recency_band", "frequency_band", "monetary_band", "cluster", "alike")
    rows = _rows(frame, "customer_id", *names)
    return {key: dict(zip(names, values, strict=True)) for key, *values in rows}


def _products(frame: pd.DataFrame) -> dict[int, dict]:
    answers: dict[int, dict] = {}
    columns = ("customer_id", "rank", "product_id", "score", "why", "because_product_id", "facts")
    in_order = frame.sort_values(["customer_id", "rank"])
    for key, rank, product, score, why, because, facts in _rows(in_order, *columns):
        item = {"rank": rank, "product": product, "score": score, "why": why}
        item |= {"because": because, "facts": facts}
        answers.setdefault(key, {"items": []})["items"].append(item)
    return answers


def _value(frame: pd.DataFrame) -> dict[int, dict]:
    names = [name for name in frame.columns if name != "customer_id"]
    rows = _rows(frame, "customer_id", *names)
    return {key: dict(zip(names, values, strict=True)) for key, *values in rows}


def _rows(frame: pd.DataFrame, *names: str) -> Iterator[tuple]:
    """The rows as Python's own values, None where nothing is known: column by column, not value by value."""
    columns = (frame[name].astype(object).where(frame[name].notna(), None) for name in names)
    return zip(*(column.tolist() for column in columns), strict=True)


ANSWERS = {
    Kind.CHURN: _churn,
    Kind.SEGMENTS: _segments,
    Kind.PRODUCTS: _products,
    Kind.VALUE: _value,
}


def _usable(version: ModelVersion) -> bool:
    """Scores of a model whose files are gone, altered or of another release stay as they are; the others go on."""
    try:
        model_of(version)
    except storage.Unusable as error:
        logger.error("%s cannot score: %s", version, error)
        return False
    return True


@transaction.atomic
def _write(version: ModelVersion, part: Part, as_of: datetime.datetime) -> None:
    if not is_champion(version.pk):
        raise Superseded(f"{version} was replaced")
    if as_of > timezone.now():
        # Facts recorded since lie before that moment, yet the answers do not know them.
        raise Superseded("The clock was put back")
    store(version.pk, part, as_of)
    bring_to_customers(version.kind, version.pk, part[0])
    if version.kind == Kind.CHURN:
        tell_rises(part[0])
