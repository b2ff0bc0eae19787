"""Every way to foretell amounts, by name; the plain rule first."""

from typing import Any

from insights.ml.value_learners import (
    Blend,
    ByBetaGeometric,
    ByPareto,
    LastWindow,
    Lognormal,
    Tweedie,
    TwoPart,
)
from insights.ml.value_story import StorySpender

SPENDERS: dict[str, Any] = {
    one.name: one
    for one in (
        LastWindow, ByBetaGeometric, ByPareto, Tweedie, TwoPart, Blend, Lognormal, StorySpender,
    )
}  # fmt: skip
