"""Whether more customers would help a model: the learning curve in words, and as its chart needs it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from customers.wording import amount, percent, sentences
from insights.candidates import candidate_label
from insights.figures import Summary
from insights.models import OF_MESSAGES


def more_data(summary: Summary, kind: str = "") -> dict[str, Any]:
    """Sentence, table and chart; empty where nothing of it was worked out."""
    curve = summary.get("learning_curve")
    if not curve:
        return {}
    if kind in OF_MESSAGES:
        return _more_messages(summary, curve, kind)
    if curve["more"] == "too_few":
        return {"title": _("Would more customers help?"), "sentence": _too_few(curve)}
    # Stored, an object has no order: PostgreSQL brings its names in one of its own.
    (metric,) = curve["gain"].keys() - {"interval"}
    of_blend = metric == "log_loss"
    measured = _whose(summary, curve) if of_blend else _measured_with(summary, curve, kind)
    up, value, described = _axis(metric)
    return {
        "title": _("Would more customers help?"),
        "sentence": sentences(_meaning(curve, metric), _sampled(summary, curve), measured, up),
        "described": described,
        "rows": [_row(one["customers"], one[metric], one["interval"]) for one in curve["points"]],
        "chart": _chart(curve, "customers", metric, 1, 3)
        | {"words": {"learnt": _("Customers learnt from"), "value": value}},
    }


def _axis(metric: str) -> tuple[str, str, str]:
    """Which way is better, what the axis is called, and what the chart shows to who does not see it."""
    errors = _("Error by number of customers learnt from; the table below holds the same figures")
    if metric == "ndcg_at_10":
        return (
            _("Up: NDCG@10, where higher is better. Dotted: where it lies with 95% certainty."),
            _("NDCG@10"),
            _(
                "Quality of the lists by number of customers learnt from; the table below holds the same figures"
            ),
        )
    if metric == "deviance":
        return (
            _("Up: deviance, where lower is better. Dotted: where it lies with 95% certainty."),
            _("Deviance"),
            errors,
        )
    return (
        _("Up: log loss, where lower is better. Dotted: where it lies with 95% certainty."),
        _("Log loss"),
        errors,
    )


def _more_messages(summary: Summary, curve: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "title": _("Would more messages help?"),
        "sentence": sentences(
            _meaning_for_messages(curve),
            _measured_with(summary, curve, kind),
            _("Up: the share read right. Dotted: where it lies with 95% certainty."),
        ),
        "described": _(
            "Share read right by number of messages learnt from; the table below holds the same figures"
        ),
        "rows": [
            _row(one["messages"], one["accuracy"], one["interval"], show=percent, digits=1)
            for one in curve["points"]
        ],
        "chart": _chart(curve, "messages", "accuracy", 100, 1)
        | {
            "most": 100,
            "words": {"learnt": _("Messages learnt from"), "value": _("Read right, in %")},
        },
    }


def _row(
    learnt: int,
    value: float,
    interval: Sequence[float],
    show: Callable[..., str] = amount,
    digits: int = 3,
) -> dict[str, str]:
    low, high = (show(one, digits) for one in interval)
    return {"learnt": amount(learnt), "value": show(value, digits), "interval": f"{low}–{high}"}


def _chart(
    curve: dict[str, Any], learnt: str, value: str, times: float, digits: int
) -> dict[str, Any]:
    points = curve["points"]
    return {
        "learnt": [one[learnt] for one in points],
        "value": [times * one[value] for one in points],
        "low": [times * one["interval"][0] for one in points],
        "high": [times * one["interval"][1] for one in points],
        "digits": digits,
    }


def _too_few(curve: dict[str, Any]) -> str:
    return _(
        "Too few customers to tell: with half of the %(have)s there would be too little to learn from."
    ) % {"have": amount(curve["customers"])}


def _meaning(curve: dict[str, Any], metric: str) -> str:
    half, whole = curve["points"][-2:]
    words = {
        "half": amount(half["customers"]),
        "whole": amount(whole["customers"]),
        "share": percent(curve["gain"][metric] / half[metric], 1),
    }
    helps = (
        _(
            "It is still getting better with more customers: from %(half)s to %(whole)s its lists became %(share)s"
            " better."
        )
        if metric == "ndcg_at_10"
        else _(
            "It is still getting better with more customers: from %(half)s to %(whole)s its error fell by %(share)s."
        )
    )
    told = {
        "flat": _(
            "More customers would hardly help any more: with %(half)s of the %(whole)s it was as good."
        ),
        "helps": helps,
        "unsure": _(
            "Whether more customers would help cannot be told yet: between %(half)s and %(whole)s the difference is"
            " within chance."
        ),
    }
    return told[curve["more"]] % words


def _meaning_for_messages(curve: dict[str, Any]) -> str:
    half, whole = curve["points"][-2:]
    words = {
        "half": amount(half["messages"]),
        "whole": amount(whole["messages"]),
        "before": percent(half["accuracy"], 1),
        "now": percent(whole["accuracy"], 1),
    }
    told = {
        "flat": _(
            "More messages would hardly help any more: with %(half)s of the %(whole)s it read as well."
        ),
        "helps": _(
            "It is still getting better with more messages: with %(half)s it read %(before)s right, with %(whole)s"
            " %(now)s."
        ),
        "unsure": _(
            "Whether more messages would help cannot be told yet: between %(half)s and %(whole)s the difference is"
            " within chance."
        ),
    }
    return told[curve["more"]] % words


def _sampled(summary: Summary, curve: dict[str, Any]) -> str:
    """Why a large company's training does not take longer still."""
    if curve["more"] != "flat" or not summary["windows"].get("sampled"):
        return ""
    return _("That is why it learns from some, drawn at random, and not from everybody.")


def _whose(summary: Summary, curve: dict[str, Any]) -> str:
    if curve["learner"] == summary["champion"]:
        return ""
    return _("Measured with one part of the blend: %(learner)s.") % {
        "learner": candidate_label(curve["learner"])
    }


def _measured_with(summary: Summary, curve: dict[str, Any], kind: str) -> str:
    if curve["learner"] == summary["champion"]:
        return ""
    return _("Measured with: %(learner)s.") % {"learner": candidate_label(curve["learner"], kind)}
