"""What must hold after every disturbance and at the end."""

import math
import random
from collections import defaultdict

from django.db.models import Count
from django.utils import timezone

from customers.models import CustomerScore, Event, Interaction, Order
from insights.dataset import load_tables
from insights.models import ModelVersion, TrainingRun, VersionScore
from insights.scoring import answers_of
from tests.drills.journal import Entry

# Sums of floating point numbers depend on their order, and DuckDB adds up on as many threads as there are.
TOLERANCE = 1e-9
STORED = {
    "order": (Order, "number"),
    "interaction": (Interaction, "external_id"),
    "note": (Interaction, "subject"),
    "events": (Event, "key"),
}


def lost_and_doubled(entries: list[Entry]) -> tuple[list[str], list[str]]:
    """Keys of accepted requests that are not in the database, and those that are there more than once."""
    lost, doubled = [], []
    by_kind: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind] += [(key, entry.accepted) for key in entry.keys]
    for kind, keys in by_kind.items():
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            found = counted(kind, [key for key, _accepted in some])
            lost += [f"{kind} {key}" for key, accepted in some if accepted and not found.get(key)]
            doubled += [f"{kind} {key}" for key, _accepted in some if found.get(key, 0) > 1]
    return lost, doubled


def counted(kind: str, keys: list[str]) -> dict[str, int]:
    model, field = STORED[kind]
    rows = model.objects.filter(**{f"{field}__in": keys}).order_by().values_list(field)
    return {str(key): number for key, number in rows.annotate(Count("pk"))}


def unsettled(seconds: float) -> list[str]:
    """Trainings that are under way without a sign of life, or wait though nobody is at work."""
    found = []
    now = timezone.now()
    for run in TrainingRun.objects.filter(status__in=["queued", "running"]):
        last = run.heartbeat_at or run.sent_at or run.created_at
        if (now - last).total_seconds() > seconds:
            found.append(f"{run} is {run.status} since {last:%H:%M:%S}")
    return found


def differing_scores(most: int, seed: int) -> tuple[int, list[str]]:
    """Hold stored scores against scoring anew, as of the moment of each; how many were compared, which differ."""
    compared, wrong = 0, []
    rng = random.Random(seed)
    for version in ModelVersion.objects.filter(is_champion=True):
        stored = VersionScore.objects.filter(version=version)
        by_moment: dict = defaultdict(dict)
        for one in stored:
            by_moment[one.scored_at][one.customer_id] = one.values
        moments = sorted(by_moment)
        for as_of in rng.sample(moments, min(most, len(moments))):
            ids = sorted(by_moment[as_of])
            fresh = answers_of(version, load_tables(as_of, ids), as_of)
            for pk in ids:
                compared += 1
                if text := difference(by_moment[as_of][pk], fresh.get(pk)):
                    wrong.append(f"{version}, customer {pk} as of {as_of}: {text}"[:300])
        wrong += unpublished(version)
    return compared, wrong


def unpublished(version: ModelVersion) -> list[str]:
    """Customers who do not carry what the version says of them."""
    if version.kind != "churn":
        return []
    said = VersionScore.objects.filter(version=version).values_list("customer_id", "values")
    carried = dict(CustomerScore.objects.values_list("customer_id", "churn_risk"))
    return [
        f"customer {pk} carries {carried.get(pk)}, {version} says {values['risk']}"
        for pk, values in said
        if carried.get(pk) is None or not math.isclose(carried[pk], values["risk"], abs_tol=1e-12)
    ]


def difference(one, other, at: str = "") -> str:
    """Where the two are not the same but for the last digits of numbers, and how; nothing if they are."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = (difference(one.get(k), other.get(k), f"{at}.{k}") for k in {**one, **other})
        return next((text for text in found if text), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        found = (difference(a, b, f"{at}[{n}]") for n, (a, b) in pairs)
        return next((text for text in found if text), "")
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (one, other))
    if numbers and math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return ""
    return "" if one == other else f"{at}: {one} and {other}"
