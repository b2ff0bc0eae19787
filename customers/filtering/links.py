"""Filters that other pages link to as plain parameters: ``?risk=high&segment=lost&owner=me``."""

from collections.abc import Callable, Sequence

from customers.filtering.tree import ALL, Condition, Group

RISK = {
    "high": (Condition("risk", "gte", ("60",)),),
    "medium": (Condition("risk", "gte", ("35",)), Condition("risk", "lt", ("60",))),
    "low": (Condition("risk", "lt", ("35",)),),
    "none": (Condition("risk", "empty"),),
}


def _risk(values: Sequence[str]) -> tuple[Condition, ...]:
    return RISK.get(values[0], (Condition("risk", "gte", (values[0],)),))


def _owner(values: Sequence[str]) -> tuple[Condition, ...]:
    if values[0] == "none":
        return (Condition("owner", "empty"),)
    return (Condition("owner", "in", tuple(values)),)


def _archived(values: Sequence[str]) -> tuple[Condition, ...]:
    return (Condition("archived", "yes" if values[0] not in ("false", "no") else "no"),)


def _as(field: str, op: str) -> Callable[[Sequence[str]], tuple[Condition, ...]]:
    return lambda values: (Condition(field, op, tuple(values)),)


Parameters = dict[str, Callable[[Sequence[str]], tuple[Condition, ...]]]
PARAMETERS: Parameters = {
    "segment": _as("segment", "in"),
    "risk": _risk,
    "expected": _as("expected", "gte"),
    "owner": _owner,
    "team": _as("team", "in"),
    "country": _as("country", "in"),
    "lifecycle": _as("lifecycle", "in"),
    "tag": _as("tag", "in"),
    "given": _as("given", "in"),
    "recency": _as("recency", "in"),
    "frequency": _as("frequency", "in"),
    "group": _as("group", "in"),
    "was": _as("segment_before", "in"),
    "since": _as("segment_since", "from"),
    "archived": _archived,
    "feeling": _as("feeling", "in"),
    "worst": _as("worst", "in"),
    "concern": _as("concern", "in"),
    "concern_bad": _as("concern_bad", "in"),
    "topic": _as("topic", "in"),
    "topic_bad": _as("topic_bad", "in"),
    "product_bad": _as("product_bad", "in"),
    "bought": _as("bought", "in"),
}


def linked(query, parameters: Parameters = PARAMETERS) -> Group:
    """What the plain parameters of an address ask for, all of it together."""
    items: list[Condition | Group] = []
    for name, conditions_of in parameters.items():
        if values := [value for value in query.getlist(name) if value]:
            items += conditions_of(values)
    return Group(ALL, tuple(items))
