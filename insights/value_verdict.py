"""What the figures of customer value mean, in plain words."""

from typing import Any

from django.utils.translation import gettext as _

from customers.wording import amount, percent, sentences
from insights.figures import Figure, Summary, interval, measured

# From so many customers on the model counts alone (SURE_CUSTOMERS of insights.ml.value_model).
SURE = 1000


def value(summary: Summary) -> tuple[str, list[Figure]]:
    facts = summary["verdict"]["facts"]
    days = summary["windows"]["horizon_days"]
    few = "" if summary.get("served_rule") else few_sentence(facts)
    more = [level_sentence(summary), season_sentence(summary), few, *how_sure(summary)]
    figures = [
        Figure(
            _("Order by value (Gini)"),
            amount(measured(summary, "ngini"), 3),
            _("0 is chance, 1 is the true order"),
            interval(summary, "ngini", amount, 3),
        ),
        Figure(
            _("Error per customer, in base currency"),
            amount(measured(summary, "mae_spend"), 2),
            ""
            if summary.get("served_rule")
            else _("the plain rule’s is %(rule)s") % {"rule": amount(facts["rule_off"], 2)},
            interval(summary, "mae_spend", amount, 2),
        ),
        Figure(
            _("Inside the range"),
            percent(summary["ranges"]["coverage"]),
            _("80% should be"),
        ),
        Figure(
            _("Next order inside its days"),
            percent((summary.get("next_order") or {}).get("inside")),
            _("80% should be, of those who ordered again"),
        ),
    ]
    return sentences(against_the_rule(facts, days, summary["better_than_rule"]), *more), figures


def against_the_rule(facts: dict[str, Any], days: int, better: bool) -> str:
    """By what it is better than the plain rule, or that the rule stands in its place."""
    if better and facts["top"] <= facts["rule_top"]:
        # Its first tenth is no better here; by how much it is nearer shows what it is better at.
        sentence = _(
            "What each customer spent in the %(days)d days was on average %(off)s away from what it had expected, and"
            " %(rule_off)s from what the plain rule had."
        )
    elif better:
        sentence = _(
            "The tenth of customers of whom it expects most spent %(top)d%% of all that was spent in the %(days)d"
            " days, the plain rule’s tenth %(rule)d%%."
        )
    else:
        sentence = _(
            "The tenth of customers of whom it expects most spent %(top)d%% of all that was spent in the %(days)d"
            " days, the plain rule’s tenth %(rule)d%%. All in all that is no sure gain, so the plain rule stands in"
            " its place: everybody goes on as in the last window, within ranges as wide as that has been wrong."
        )
    words = {"top": facts["top"], "rule": facts["rule_top"], "days": days}
    words |= {name: amount(facts[name], 2) for name in ("off", "rule_off")}
    return sentence % words


def level_sentence(summary: Summary) -> str:
    """How far the level has moved: season, or growth, that the windows before did not know of."""
    total = summary["verdict"]["facts"]["total"]
    off = round(100 * 100 / total) - 100 if total else 0
    if abs(off) < 3:
        return _("All together customers spent what it had expected.")
    if off > 0:
        words = _(
            "All together customers spent %(off)d%% more than the windows before had led to expect: season, or"
            " growth. The next 90 days are shown at the new level, the 12 months at the level of a year."
        )
    else:
        words = _(
            "All together customers spent %(off)d%% less than the windows before had led to expect: season, or"
            " decline. The next 90 days are shown at the new level, the 12 months at the level of a year."
        )
    return words % {"off": abs(off)}


def season_sentence(summary: Summary) -> str:
    """What the season of a year ago does to the next ninety days."""
    off = round(100 * ((summary.get("level") or {}).get("season") or 1.0)) - 100
    if abs(off) < 3:
        return ""
    if off > 0:
        words = _(
            "A year ago the days now ahead brought %(off)d%% more than those before them: that is reckoned with."
        )
    else:
        words = _(
            "A year ago the days now ahead brought %(off)d%% less than those before them: that is reckoned with."
        )
    return words % {"off": abs(off)}


def few_sentence(facts: dict[str, Any]) -> str:
    """With few customers the rule has its share in every figure."""
    if facts["weight"] >= 100:
        return ""
    return _(
        "With %(have)s customers to judge by, the model counts %(weight)d%% and the plain rule the rest; from"
        " %(sure)s on it counts alone."
    ) % {"have": amount(facts["n"]), "weight": facts["weight"], "sure": amount(SURE)}


def how_sure(summary: Summary) -> list[str]:
    """What would be needed for a gain that is there, but not sure."""
    needed, have = summary["verdict"]["facts"].get("needed"), summary["n_test"]
    if summary["better_than_rule"]:
        return []
    if needed:
        words = _(
            "A gain of this size would be sure with about %(needed)s customers; there are %(have)s."
        )
        return [words % {"needed": amount(needed), "have": amount(have)}]
    if have < SURE:
        words = _(
            "From %(needed)s customers on the larger models take part, which see more than the rule; there are"
            " %(have)s."
        )
        return [words % {"needed": amount(SURE), "have": amount(have)}]
    early = summary["verdict"]["facts"].get("early", SURE)
    if 0 < early < SURE:
        words = _(
            "From %(needed)s customers on the larger models take part, which see more than the rule; in the window"
            " that they would have learnt from there were %(have)s."
        )
        return [words % {"needed": amount(SURE), "have": amount(early)}]
    return []
