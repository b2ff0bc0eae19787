"""What a change of many customers changes, from what to what: said before it is done, and counted after."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.answering import waiting_of
from customers.assigning import to_hand_over
from customers.models import Customer, CustomerQuerySet, Interaction, Tag, Team, User
from customers.wording import amount

SHOWN = 6


@dataclass(frozen=True)
class Handover:
    """``moves``: who has how many, most first; ``kept``: how many are the receiver's already.

    What goes to ``to`` are customers; where it is a text, it is the value that they get.
    """

    to: User | Team | str | None
    moves: list[tuple[str, int]]
    kept: int
    now: str = ""

    @property
    def intro(self) -> str:
        return "" if self.to else self.now or _("Owners now")

    @property
    def lines(self) -> list[str]:
        """``Luca → Clara: 3``, and at the end ``already Clara's: 2``; without a receiver, ``Luca: 3``."""
        words = _("%(giver)s → %(receiver)s: %(n)s") if self.to else _("%(giver)s: %(n)s")
        said = [
            words % {"giver": giver, "receiver": self.to, "n": amount(count)}
            for giver, count in self.moves[:SHOWN]
        ]
        if rest := sum(count for _giver, count in self.moves[SHOWN:]):
            said.append(_("of others: %(n)s") % {"n": amount(rest)})
        return said + ([self.kept_words] if self.kept else [])

    @property
    def kept_words(self) -> str:
        words = _("already with %(receiver)s: %(n)s")
        if isinstance(self.to, User):
            words = _("already %(receiver)s’s: %(n)s")
        if isinstance(self.to, str):
            words = _("already %(receiver)s: %(n)s")
        return words % {"receiver": self.to, "n": amount(self.kept)}


@dataclass(frozen=True)
class Addition:
    """What will be added to customers, or taken from them; ``kept``: of how many nothing changes."""

    intro: str
    lines: list[str]
    kept: int = 0
    kept_words: str = ""


def tagging(customers: CustomerQuerySet, count: int, tag: Tag | None, remove: bool) -> Addition:
    """How many of the ``count`` customers have the tag already; None: a new one, which nobody has. One query."""
    of_them = Customer.tags.through.objects.filter(tag=tag, customer__in=_ids_of(customers))
    have = of_them.count() if tag else 0
    moved, kept = (have, count - have) if remove else (count - have, have)
    words = _("lose the tag: %(n)s") if remove else _("get the tag: %(n)s")
    kept_words = _("do not have it: %(n)s") if remove else _("have it already: %(n)s")
    kept_words %= {"n": amount(kept)}
    lines = [words % {"n": amount(moved)}, *([kept_words] if kept else [])]
    return Addition("", lines, kept, kept_words)


def sharing(customers: CustomerQuerySet, to: User | None, actor: User) -> Addition:
    """Who gets how many tasks: ``to``, or else the owner of each, or, where there is none, the actor. Two queries."""
    counts: Counter[int] = Counter()
    for owner, count in _counted(customers, "owner"):
        counts[to.pk if to else owner or actor.pk] += count
    known = User.objects.in_bulk(list(counts))
    you = pgettext("who gets a task", "you")
    moves = _most_first(
        [(you if pk == actor.pk else str(known[pk]), n) for pk, n in counts.items()]
    )
    lines = [_("%(giver)s: %(n)s") % {"giver": name, "n": amount(n)} for name, n in moves[:SHOWN]]
    if rest := sum(n for _name, n in moves[SHOWN:]):
        lines.append(_("others: %(n)s") % {"n": amount(rest)})
    return Addition(_("Who gets how many"), lines)


def answering(talks: QuerySet[Interaction], people: list[int]) -> Addition:
    """What an answer to these customers answers, beside what is selected: whatever waits of theirs. Four queries."""
    waiting = waiting_of(people)
    here = waiting.filter(pk__in=talks.order_by().values("pk")).count()
    total, whose = waiting.count(), waiting.values("customer").distinct().count()
    unanswered = Count("pk", filter=Q(reading__inbound=True, reading__answered_at=None))
    selected = talks.order_by().aggregate(count=Count("pk"), waiting=unanswered)
    kept = selected["count"] - selected["waiting"]
    kept_words = _("waiting for no answer: %(n)s") % {"n": amount(kept)}
    lines = [_("answered: %(n)s") % {"n": amount(here)}]
    if others := total - here:
        words = _("other messages of theirs that it answers too: %(n)s")
        lines.append(words % {"n": amount(others)})
    if left := selected["waiting"] - here:
        words = _("without a date or a known customer, so left as they are: %(n)s")
        lines.append(words % {"n": amount(left)})
    lines += [kept_words] if kept else []
    lines.append(_("entries for their histories: %(n)s") % {"n": amount(whose)})
    return Addition("", lines, kept, kept_words)


def looked_after(talks: QuerySet[Interaction], to: User | None) -> list[Handover | Addition]:
    """Who looks after these messages now, and of how many the receiver may not. Three queries."""
    rows = talks.filter(reading__inbound=True) if to is None else to_hand_over(talks, to)
    counts = dict(rows.order_by().values_list("assignment__assignee").annotate(n=Count("pk")))
    kept = counts.pop(to.pk, 0) if to else 0
    known = User.objects.in_bulk([pk for pk in counts if pk])
    nobody = pgettext("no owner", "nobody")
    moves = [(str(known[pk]) if pk else nobody, n) for pk, n in counts.items()]
    found: list[Handover | Addition] = [
        Handover(to, _most_first(moves), kept, _("Looked after now by"))
    ]
    left = talks.count() - sum(n for _name, n in moves) - kept
    if left:
        words = (
            _("not from a customer, or not for them to see: %(n)s")
            if to
            else _("not from a customer: %(n)s")
        )
        said = words % {"n": amount(left)}
        found.append(Addition("", [said], left, said))
    return found


def _ids_of(customers: CustomerQuerySet):
    return customers.order_by().values("pk")


def _counted(customers: CustomerQuerySet, name: str):
    rows = Customer.objects.filter(pk__in=_ids_of(customers)).order_by()
    return rows.values_list(name).annotate(n=Count("pk"))


def handover(customers: CustomerQuerySet, name: str, to: User | Team | None = None) -> Handover:
    """``name``: "owner" or "team". Two queries, however many they are."""
    counts = dict(_counted(customers, name))
    kept = counts.pop(to.pk, 0) if to else 0
    known = {"owner": User, "team": Team}[name].objects.in_bulk([pk for pk in counts if pk])
    nobody = pgettext("no owner", "nobody") if name == "owner" else pgettext("no team", "no team")
    moves = [(str(known[pk]) if pk else nobody, count) for pk, count in counts.items()]
    return Handover(to, _most_first(moves), kept)


def alteration(values: list, said: Callable[[object], str], to: object) -> Handover:
    """The same of a value: what the customers have now, how a value is ``said``, and the one that they get."""
    moves = Counter(said(value) for value in values if value != to)
    return Handover(said(to), _most_first(list(moves.items())), values.count(to))


def _most_first(moves: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(moves, key=lambda one: (-one[1], one[0]))
