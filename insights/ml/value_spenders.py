"""Every way to foretell amounts, by name; the plain rule first."""

from insights.ml.value_learners import (
    Blend,
    ByBetaGeometric,
    ByPareto,
    LastWindow,
    Lognormal,
    Spender,
    Tweedie,
    TwoPart,
)
from insights.ml.value_story import StorySpender

EVERY: tuple[type[Spender], ...] = (
    LastWindow, ByBetaGeometric, ByPareto, Tweedie, TwoPart, Blend, Lognormal, StorySpender,
)  # fmt: skip
SPENDERS = {one.name: one for one in EVERY}
