"""What a model's figures mean, in plain words and in the reader's language.

Summaries hold codes and facts (see insights.ml); here they become sentences. Words first, statistics second.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers.wording import amount, percent, sentences
from insights.figures import Figure, Summary, date_of, interval, last_day_of, measured
from insights.message_models import intent, sentiment
from insights.message_models import tested_on as tested_on_messages
from insights.ml.said_and_happened import ROUGH, error_beyond_chance, gap, most_wrong
from insights.models import OF_MESSAGES, Kind
from insights.value_verdict import value

GRADES = {
    "A": gettext_lazy("Very good"),
    "B": gettext_lazy("Good"),
    "C": gettext_lazy("Usable"),
    "D": gettext_lazy("Not better than the rule"),
}
# A mean chance that is off by less than this is told apart from the truth by nobody.
SMALL_MOVE = 0.02
# Segments are the rule; what can be missing is that they tell anything about what comes.
SAYS_NOTHING = gettext_lazy("Says nothing sure")


@dataclass(frozen=True)
class Verdict:
    kind: str
    grade: str
    sentence: str
    tested: str
    figures: list[Figure] = field(default_factory=list)

    @property
    def word(self) -> str:
        return grade_word(self.kind, self.grade)

    @property
    def is_low(self) -> bool:
        return self.grade in ("C", "D")


def grade_word(kind: str, grade: str) -> str:
    if grade == "D" and kind == Kind.SEGMENTS:
        return str(SAYS_NOTHING)
    return str(GRADES.get(grade, ""))


def verdict_of(kind: str, summary: Summary) -> Verdict | None:
    """None where nothing has been judged yet."""
    if not summary.get("candidates"):
        return None
    sentence, figures = VERDICTS[Kind(kind)](summary)
    tested = tested_on_messages if kind in OF_MESSAGES else tested_on
    return Verdict(kind, summary.get("grade", ""), sentence, tested(summary), figures)


def tested_on(summary: Summary) -> str:
    """Which customers and which time the figures come from, and why they can be trusted."""
    window = test_window(summary)
    people = amount(summary.get("n_test", summary.get("n", 0)))
    if window:
        return _(
            "Tested on %(people)s customers, %(start)s to %(end)s: later than all it had learnt from."
        ) % {
            "people": people,
            "start": date_of(window[0]),
            "end": last_day_of(window[1]),
        }
    return _(
        "Tested on %(people)s customers in five parts, each judged by a model that had not seen it:"
        " what was learnt has no date to test on later."
    ) % {"people": people}


def test_window(summary: Summary) -> tuple[str, str] | None:
    window = summary.get("test_window")
    if window:
        return window["start"], window["end"]
    windows = summary.get("windows", {})
    if windows.get("test_as_of"):
        return windows["test_as_of"], windows["test_until"]
    return None


# ---- one question each ----------------------------------------------------------------------------------


def churn(summary: Summary) -> tuple[str, list[Figure]]:
    facts = summary["verdict"]["facts"]
    sentence = in_the_top_tenth(facts, summary["better_than_rule"])
    figures = [
        Figure(
            _("Ranking (ROC-AUC)"),
            amount(measured(summary, "roc_auc"), 3),
            _("0.5 is chance, 1 is perfect"),
            interval(summary, "roc_auc", amount, 3),
        ),
        Figure(
            _("Right in the top tenth"),
            f"{facts['top_tenth']}%",
            times_chance(facts["top_tenth"], facts["chance"]),
        ),
        Figure(
            _("Leavers found (recall)"),
            percent(measured(summary, "recall")),
            _("of all who left, with a risk of 50% or more"),
            interval(summary, "recall", percent),
        ),
        probability_error(summary),
    ]
    return sentences(sentence, rough_sentence(summary)), figures


def in_the_top_tenth(facts: dict[str, Any], better: bool) -> str:
    """How many really leave of those most at risk: of a hundred, or of all of them where they are fewer."""
    tenth = max(1, facts["n"] // 10)
    told = {"top": facts["top_tenth"], "rule": facts["rule_top_tenth"], "chance": facts["chance"]}
    if tenth < 100:
        words = {name: round(share * tenth / 100) for name, share in told.items()}
        sentence = (
            _(
                "Of the %(tenth)d customers in its top tenth, %(top)d really left; chance would have found"
                " %(chance)d, the plain rule %(rule)d."
            )
            if better
            else _(
                "Of the %(tenth)d customers in its top tenth, %(top)d really left, of the plain rule’s %(rule)d."
                " That is no sure gain, so it is not used."
            )
        )
        return sentence % (words | {"tenth": tenth})
    sentence = (
        _(
            "Of 100 customers in its top tenth, %(top)d really leave; chance would find %(chance)d,"
            " the plain rule %(rule)d."
        )
        if better
        else _(
            "Of 100 customers in its top tenth, %(top)d really leave, of the plain rule’s %(rule)d."
            " That is no sure gain, so it is not used."
        )
    )
    return sentence % told


def base_rate_sentence(summary: Summary) -> str:
    """How far the share who leave has moved between the windows, and what that does to the percentages."""
    rates = summary.get("base_rates")
    if not rates:
        return ""
    low, high = min(rates["learnt"]), max(rates["learnt"])
    words = {
        "low": percent(low),
        "high": percent(high),
        "judged": percent(rates["judged"]),
        "said": percent(rates["said"]),
        "points": amount(100 * abs(rates["said"] - rates["judged"]), 1),
    }
    moved = _(
        "How many leave moves with the seasons: %(low)s to %(high)s in the periods learnt from, %(judged)s in the"
        " one it was tested on."
    )
    if round(100 * low) == round(100 * high):
        moved = _(
            "Of those in the periods learnt from, %(low)s left; in the one it was tested on, %(judged)s."
        )
    if abs(rates["said"] - rates["judged"]) < SMALL_MOVE:
        told = _("On average it said %(said)s there, so its percentages can be taken as they are.")
    elif rates["said"] > rates["judged"]:
        told = _(
            "On average it said %(said)s there: its percentages were %(points)s points too high. For use it has"
            " since learnt from that period too."
        )
    else:
        told = _(
            "On average it said %(said)s there: its percentages were %(points)s points too low. For use it has"
            " since learnt from that period too."
        )
    return sentences(moved % words, told % words)


def times_chance(found: float, chance: float) -> str:
    if not chance:
        return ""
    return _("%(times)s times what chance finds") % {"times": amount(found / chance, 1)}


def rough_sentence(summary: Summary) -> str:
    """A warning where the percentages themselves cannot be taken at their word, though the order can."""
    bins = summary.get("calibration", [])
    if error_beyond_chance(bins) < ROUGH:
        return ""
    worst = most_wrong(bins)
    words = _(
        "Its percentages are rough: where it said %(said)s, %(true)s left. Trust the order more than the number."
    )
    return words % {"said": percent(worst["predicted"]), "true": percent(worst["actual"])}


def probability_error(summary: Summary) -> Figure:
    """How far said and true shares lie apart on average, over groups of like risk."""
    bins = summary.get("calibration", [])
    people = sum(one["n"] for one in bins)
    error = sum(one["n"] * gap(one) for one in bins) / (people or 1)
    worst = most_wrong(bins)
    note = ""
    if worst:
        note = _("at worst it says %(said)s where %(true)s leave") % {
            "said": percent(worst["predicted"]),
            "true": percent(worst["actual"]),
        }
    brier = interval(summary, "brier", amount, 3)
    return Figure(
        _("Error of the probability"),
        pgettext("error of a probability", "%(points)s pts") % {"points": amount(100 * error, 1)},
        note,
        _("Brier score %(interval)s") % {"interval": brier} if brier else "",
    )


def products(summary: Summary) -> tuple[str, list[Figure]]:
    facts = summary["verdict"]["facts"]
    words = {"hits": facts["hit_rate"], "rule": facts["rule_hit_rate"]}
    if summary["better_than_rule"]:
        sentence = _(
            "Of 100 customers, %(hits)d buy at least one of the ten products recommended to them;"
            " a list of what sells most would reach %(rule)d."
        )
    else:
        sentence = _(
            "Of 100 customers, %(hits)d buy at least one of the ten products recommended to them,"
            " %(rule)d with a list of what sells most. That is no sure gain, so it is not used."
        )
    figures = [
        Figure(
            _("Hit rate (10 products)"),
            percent(measured(summary, "hit_rate_at_10")),
            _("buy at least one of their ten"),
            interval(summary, "hit_rate_at_10", percent),
        ),
        Figure(
            _("Order of the list (NDCG@10)"),
            amount(measured(summary, "ndcg_at_10"), 3),
            _("1 if the right ones always stand first"),
            interval(summary, "ndcg_at_10", amount, 3),
        ),
        Figure(
            _("New products found (recall@10)"),
            percent(measured(summary, "recall_at_10"), 1),
            _("of all new products these customers bought"),
            interval(summary, "recall_at_10", lambda share, digits: percent(share, 1)),
        ),
        Figure(
            _("Against the rule"),
            _("× %(lift)s") % {"lift": amount(facts["lift"], 2)},
            _("the list’s quality, the rule’s being 1"),
        ),
    ]
    return sentences(sentence % words, due_again(summary)), figures


def due_again(summary: Summary) -> str:
    """What is shown of products where the ranking is not, and what came of it."""
    if not summary.get("only_reorders"):
        return ""
    words = _(
        "What customers usually buy again is shown all the same: it rests on the days between purchases. Of 100"
        " products that were due, %(again)d were bought again within %(days)d days."
    )
    again = round(100 * summary["reorders"]["bought_again"])
    return words % {"again": again, "days": summary["windows"]["horizon_days"]}


def segments(summary: Summary) -> tuple[str, list[Figure]]:
    explained = summary["verdict"]["facts"]["explained"]
    days = summary["windows"]["horizon_days"]
    if summary["grade"] == "D":
        sentence = _(
            "A customer’s segment says nothing sure about what they spend in the next %(days)d days."
            " Use the segments to describe, not to foretell."
        )
    else:
        sentence = _(
            "A customer’s segment alone explains %(explained)d%% of the differences in what they spend in"
            " the next %(days)d days."
        )
    groups = summary.get("k") or 0
    metrics = summary.get("published_metrics") or {}
    figures = [
        Figure(
            _("Spending explained"),
            percent(measured(summary, "spend_explained")),
            _("0% if segments meant nothing"),
            interval(summary, "spend_explained", percent),
        ),
        Figure(
            _("Ranking of who buys (ROC-AUC)"),
            amount(measured(summary, "purchase_auc"), 3),
            _("0.5 is chance, 1 is perfect"),
            interval(summary, "purchase_auc", amount, 3),
        ),
        Figure(
            _("Behaviour groups"),
            amount(groups) if summary.get("clusters_stable") else _("none"),
            _("found beside the eight names")
            if summary.get("clusters_stable")
            else _("none held up when the search was repeated"),
        ),
        Figure(
            _("Stability of the groups"),
            amount(metrics.get("stability"), 2),
            _("1 if a repeated search finds the same groups"),
        ),
    ]
    return sentence % {"explained": explained, "days": days}, figures


VERDICTS: dict[str, Callable[[Summary], tuple[str, list[Figure]]]] = {
    Kind.CHURN: churn,
    Kind.PRODUCTS: products,
    Kind.SEGMENTS: segments,
    Kind.VALUE: value,
    Kind.SENTIMENT: sentiment,
    Kind.INTENT: intent,
}
