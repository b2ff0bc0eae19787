"""Whether more customers would help a model: the learning curve in words, and as its chart needs it."""

from typing import Any

from django.utils.translation import gettext as _

from customers.wording import amount, percent, sentences
from insights.candidates import candidate_label
from insights.figures import Summary


def more_data(summary: Summary) -> dict[str, Any]:
    """Sentence, table and chart; empty where nothing of it was worked out."""
    curve = summary.get("learning_curve")
    if not curve:
        return {}
    points = curve["points"]
    return {
        "sentence": sentences(_meaning(curve), _sampled(summary, curve), _whose(summary, curve)),
        "points": points,
        "chart": {
            "customers": [one["customers"] for one in points],
            "loss": [one["log_loss"] for one in points],
            "low": [one["interval"][0] for one in points],
            "high": [one["interval"][1] for one in points],
            "words": {"customers": _("Customers learnt from"), "loss": _("Log loss")},
        },
    }


def _meaning(curve: dict[str, Any]) -> str:
    half, whole = curve["points"][-2:]
    words = {
        "half": amount(half["customers"]),
        "whole": amount(whole["customers"]),
        "share": percent(curve["gain"]["log_loss"] / whole["log_loss"], 1),
    }
    told = {
        "flat": _(
            "More customers would hardly help any more: with %(half)s of the %(whole)s it was as good."
        ),
        "helps": _(
            "It is still getting better with more customers: from %(half)s to %(whole)s its error fell by %(share)s."
        ),
        "unsure": _(
            "Whether more customers would help cannot be told yet: between %(half)s and %(whole)s the difference is"
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
