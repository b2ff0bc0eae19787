"""What came of the large networks: whether they took part, and where the one over whole stories does not win."""

from typing import Any

from django.utils.translation import gettext as _

from customers.wording import amount
from insights.figures import Summary, of_candidate
from insights.models import Kind

NAMES = {Kind.SEGMENTS: "kmeans_story"}


def part_of_story(kind: str, summary: Summary, judge: Any | None) -> str:
    """A sentence for beside the candidates' table; empty where it won or nothing is known of it.

    judge: the Metric that chose (see insights.comparisons), None where none did.
    """
    told = summary.get("windows", {}).get("stories")
    if not told:
        return ""
    if not told["takes"]:
        return _left_out(told)
    name = NAMES.get(Kind(kind), "story")
    own = of_candidate(summary, name)
    champion = of_candidate(summary, summary.get("champion", ""))
    if not own or own is champion or judge is None:
        return ""
    values = [judge.values(one).get(judge.code) for one in (own, champion)]
    if None in values:
        return ""
    return _(
        "The network over whole stories took part and did not win: %(metric)s %(own)s against %(best)s."
    ) % {
        "metric": judge.label,
        "own": amount(values[0], judge.digits),
        "best": amount(values[1], judge.digits),
    }


def _left_out(told: dict[str, Any]) -> str:
    few = told["customers"] < told["customers_needed"] or told["events"] < told["events_needed"]
    if not few:
        return _(
            "The network over whole stories was left out: with this many customers it would take hours to read"
            " them all."
        )
    words = {
        "customers": amount(told["customers_needed"]),
        "events": amount(told["events_needed"]),
        "have": amount(told["customers"]),
        "have_events": amount(told["events"]),
    }
    # Of a small company what it would read is not even counted where nothing else is learnt from it.
    if not told["events"]:
        return (
            _(
                "The network over whole stories takes part from %(customers)s customers and %(events)s orders, visits"
                " and conversations on; there are %(have)s customers."
            )
            % words
        )
    return (
        _(
            "The network over whole stories takes part from %(customers)s customers and %(events)s orders, visits and"
            " conversations on; there are %(have)s and %(have_events)s."
        )
        % words
    )


def part_of_letters(summary: Summary) -> str:
    """Why the network on letters was left out; empty where it took part or nothing is known of it."""
    told = summary.get("windows", {}).get("letters")
    if not told or told["takes"]:
        return ""
    return _(
        "The neural network on letters takes part where %(least)s to %(most)s messages teach, which it reads in some"
        " minutes; there are %(have)s."
    ) % {
        "least": amount(told["least"]),
        "most": amount(told["most"]),
        "have": amount(told["messages"]),
    }


def how_grouped(summary: Summary) -> str:
    """By what the published behaviour groups were found, and how the two ways compare; empty where one was tried."""
    own, other = (_held_together(summary, name) for name in _by_published(summary))
    if not summary.get("clusters") or not own or not other:
        return ""
    words = own | {f"other_{name}": figure for name, figure in other.items()}
    if summary["grouped_by"] == NAMES[Kind.SEGMENTS]:
        told = _(
            "Found in the network’s reading of whole stories (silhouette %(silhouette)s, stability %(stability)s);"
            " those found in figures of behaviour (%(other_silhouette)s, %(other_stability)s) hold together less well."
        )
    else:
        told = _(
            "Found in figures of behaviour (silhouette %(silhouette)s, stability %(stability)s); those found in the"
            " network’s reading of whole stories (%(other_silhouette)s, %(other_stability)s) are not clearly better."
        )
    return told % words


def _by_published(summary: Summary) -> tuple[str, str]:
    """The names of the published way to find groups, and of the other one."""
    plain, story = "kmeans", NAMES[Kind.SEGMENTS]
    return (story, plain) if summary.get("grouped_by") == story else (plain, story)


def _held_together(summary: Summary, name: str) -> dict[str, str]:
    metrics = of_candidate(summary, name).get("metrics", {})
    return {one: amount(metrics[one], 2) for one in ("silhouette", "stability") if one in metrics}
