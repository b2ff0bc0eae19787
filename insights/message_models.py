"""The models of what customers write, in plain words: how right they read, whose word they learnt from, which words
tell them most."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from customers import reader_words
from customers.models import Interaction, Sentiment, concern_word
from customers.wording import amount, percent
from insights.data_checks import Check, Checks, listing
from insights.figures import Figure, Summary, date_of, interval, measured
from insights.labels import LEAST_OF_CHANNEL
from insights.models import Kind

LANGUAGES = reader_words.LANGUAGES | {"zh": gettext_lazy("Chinese")}


def class_word(kind: str, code: str) -> str:
    """What a class of the model is called: a feeling, a concern."""
    return (
        concern_word(code) if kind == Kind.INTENT else str(dict(Sentiment.choices).get(code, code))
    )


# ---- the verdict ----------------------------------------------------------------------------------------


def sentiment(summary: Summary) -> tuple[str, list[Figure]]:
    if summary["better_than_rule"]:
        sentence = _(
            "Of 100 messages it reads %(right)d as their stars or your staff say; the built-in rules read %(rule)d so."
        )
    else:
        sentence = _(
            "Of 100 messages it reads %(right)d as their stars or your staff say, the built-in rules %(rule)d. That is"
            " no sure gain, so the rules go on reading."
        )
    return sentence % words_of(summary), [*figures(summary), learnt_figure(summary)]


def intent(summary: Summary) -> tuple[str, list[Figure]]:
    if summary.get("answers_nothing"):
        sentence = _(
            "Of 100 messages it reads %(right)d as your staff say, the built-in rules %(rule)d. But it is never sure"
            " enough for 95 of 100 answers to be right, so the rules go on reading."
        )
    elif summary["better_than_rule"]:
        sentence = _(
            "Of 100 messages it reads %(right)d as your staff say; the built-in rules read %(rule)d so."
        )
    else:
        sentence = _(
            "Of 100 messages it reads %(right)d as your staff say, the built-in rules %(rule)d. That is no sure gain,"
            " so the rules go on reading."
        )
    return sentence % words_of(summary), [*figures(summary), answered_figure(summary)]


def words_of(summary: Summary) -> dict[str, int]:
    facts = summary["verdict"]["facts"]
    return {"right": facts["right"], "rule": facts["rule_right"]}


def figures(summary: Summary) -> list[Figure]:
    rule = summary.get("baseline", "")
    return [
        Figure(
            _("Read right (accuracy)"),
            percent(measured(summary, "accuracy"), 1),
            _("of the messages it was tested on"),
            interval(summary, "accuracy", percent, 1),
        ),
        Figure(
            _("Every class alike (macro-F1)"),
            amount(measured(summary, "macro_f1"), 3),
            _("1 is perfect; a rare class counts as much as a frequent one"),
            interval(summary, "macro_f1", amount, 3),
        ),
        Figure(
            _("The built-in rules"),
            percent(measured(summary, "accuracy", rule), 1),
            _("macro-F1 %(value)s") % {"value": amount(measured(summary, "macro_f1", rule), 3)},
        ),
    ]


def learnt_figure(summary: Summary) -> Figure:
    told = summary.get("learnt_from", {})
    notes = {"stars": amount(told.get("stars")), "people": amount(told.get("people"))}
    return Figure(
        _("Messages that teach"),
        amount(told.get("stars", 0) + told.get("people", 0)),
        _("%(stars)s with stars, %(people)s set right by hand") % notes,
    )


def answered_figure(summary: Summary) -> Figure:
    told = summary.get("threshold", {})
    right = _("%(share)s of its answers were right") % {"share": percent(told.get("right", 0))}
    answered = told.get("answered", 0)
    return Figure(_("Answered at all"), percent(answered), right if answered else "")


def tested_on(summary: Summary) -> str:
    """Which messages the figures come from, and why they can be trusted."""
    windows, count = summary.get("windows", {}), amount(summary["n_test"])
    if windows.get("test_until"):
        return _(
            "Tested on %(count)s messages, %(start)s to %(end)s: later than all it had learnt from, and of other"
            " customers."
        ) % {
            "count": count,
            "start": date_of(windows["test_from"]),
            "end": date_of(windows["test_until"]),
        }
    return _(
        "Tested on %(count)s messages in parts, each read by a model that had seen no message of the same customer:"
        " there are too few, or they reach over too short a time, to test on later ones."
    ) % {"count": count}


def threshold_sentence(summary: Summary) -> str:
    """From which chance on a concern is named, and how right that is; empty where every message gets an answer."""
    told = summary.get("threshold")
    if not told or summary.get("answers_nothing"):
        return ""
    words = _(
        "It names a concern when it is at least %(least)s sure, and says “%(other)s” otherwise. When it was tested,"
        " it was sure enough of %(answered)s of the messages, and right about %(right)s of those."
    )
    return words % {
        "least": percent(min(1.0, told.get("served", told["least"]))),
        "other": concern_word("other"),
        "answered": percent(told["answered"]),
        "right": percent(told["right"]),
    }


# ---- what it was learnt from ----------------------------------------------------------------------------


def learnt_from(kind: str, summary: Summary) -> Checks | None:
    told = summary.get("learnt_from")
    return Checks(list(_learnt_from(kind, summary, told)), []) if told else None


def _learnt_from(kind: str, summary: Summary, told: dict[str, Any]) -> Iterable[Check]:
    numbers = {name: amount(told[name]) for name in ("stars", "people", "customers")}
    if kind == Kind.INTENT:
        words = _(
            "%(people)s messages whose concern was set right by hand, of %(customers)s customers."
        )
    else:
        words = _(
            "%(stars)s messages with stars and %(people)s set right by hand, of %(customers)s customers. One and two"
            " stars count as negative, three as neutral; a correction counts before the stars."
        )
    yield Check(words % numbers)
    if channels := summary.get("params", {}).get("channels"):
        yield Check(where_it_reads(channels))
    if told["since"]:
        words = _("Written %(since)s to %(until)s.")
        yield Check(words % {"since": date_of(told["since"]), "until": date_of(told["until"])})
    shares = summary.get("classes", {})
    listed = listing(
        _share(class_word(kind, code), share)
        for code, share in sorted(shares.items(), key=lambda one: -one[1])
    )
    yield Check(_("What they say: %(list)s.") % {"list": listed})
    count = sum(told["languages"].values()) or 1
    listed = listing(
        _share(str(LANGUAGES.get(code, code)), n / count) for code, n in told["languages"].items()
    )
    yield Check(_("Languages: %(list)s.") % {"list": listed})
    yield Check(
        _("Names, addresses and numbers that lead to somebody were struck out before it read them.")
    )


def where_it_reads(channels: list[str]) -> str:
    words = _(
        "It reads: %(channels)s. Other channels are read by the built-in rules until %(least)s messages of theirs have"
        " been set right: people complain in other words than they rate."
    )
    names = dict(Interaction.Channel.choices)
    listed = listing(str(names.get(one, one)) for one in channels)
    return words % {"channels": listed, "least": amount(LEAST_OF_CHANNEL)}


def _share(what: str, share: float) -> str:
    words = pgettext("what and how much of it", "%(what)s (%(share)s)")
    return words % {"what": what, "share": percent(share)}


# ---- by language, and word by word ----------------------------------------------------------------------


@dataclass(frozen=True)
class OfLanguage:
    name: str
    messages: int
    right: str
    interval: str
    f1: str
    rule_right: str
    rule_f1: str


def by_language(summary: Summary) -> list[OfLanguage]:
    rows = []
    for one in summary.get("languages", []):
        pair = one["interval"].get("accuracy")
        rows.append(
            OfLanguage(
                str(LANGUAGES.get(one["language"], one["language"])),
                one["n"],
                percent(one["metrics"]["accuracy"], 1),
                f"{percent(pair[0])}–{percent(pair[1])}" if pair else "",
                amount(one["metrics"]["macro_f1"], 3),
                percent(one["rule"]["accuracy"], 1),
                amount(one["rule"]["macro_f1"], 3),
            )
        )
    return rows


def telling_words(kind: str, summary: Summary) -> list[dict[str, Any]]:
    """Per class of which some are known, the words that speak for it most."""
    found = summary.get("words", {})
    return [
        {"name": class_word(kind, code), "words": [word for word, _weight in words]}
        for code, words in found.items()
        if words
    ]


# ---- what is missing ------------------------------------------------------------------------------------


def missing_words(kind: str, facts: dict[str, Any]) -> str:
    """What people have to say of messages before a model can be learnt, and how far that is."""
    code = facts.get("code", "")
    if kind == Kind.INTENT:
        words = {
            "no_labels": _(
                "No message’s concern has been set right yet. %(needed)s are needed: pick the right concern below a"
                " message wherever the reader is wrong."
            ),
            "too_few_labels": _(
                "The concern of %(have)s of the %(needed)s messages that are needed has been set right."
            ),
        }
    else:
        words = {
            "no_labels": _(
                "No message has stars or a correction yet. %(needed)s are needed: import reviews with their stars, or"
                " set right below a message how it feels."
            ),
            "too_few_labels": _(
                "%(have)s of the %(needed)s messages that are needed have stars or a correction."
            ),
        }
    words["one_class_only"] = _(
        "Nearly all of them say “%(label)s”. At least two different answers are needed, with five messages each."
    )
    if code not in words:
        return ""
    numbers = {k: amount(v) if isinstance(v, int | float) else v for k, v in facts.items()}
    return words[code] % (numbers | {"label": class_word(kind, str(facts.get("label", "")))})
