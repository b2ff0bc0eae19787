"""What a change of many customers changes, from what to what: said before it is done, and counted after."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.models import Customer, CustomerQuerySet, Team, User
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


def handover(customers: CustomerQuerySet, name: str, to: User | Team | None = None) -> Handover:
    """``name``: "owner" or "team". Two queries, however many they are."""
    counts = dict(
        Customer.objects.filter(pk__in=customers.order_by().values("pk"))
        .order_by()
        .values_list(name)
        .annotate(n=Count("pk"))
    )
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
