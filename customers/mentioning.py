"""Who is meant by @name in a text, and who may be: colleagues who see the customer."""

from django.db.models import Q, QuerySet

from customers.access import sees
from customers.filters import colleagues_of
from customers.models import Customer, User

MOST = 20  # in one text
OFFERED = 8
READ = 50


def sees_customer(colleague: User, customer: Customer) -> bool:
    """Of somebody whose teams were read along."""
    teams = {team.pk: team.shares_customers for team in colleague.teams.all()}
    return sees(colleague, teams, customer.owner_id, customer.team_id)


def meant_in(text: str, author: User) -> list[User]:
    """Colleagues named behind an @, by their full or their user name, in the order of the text."""
    starts = [at + 1 for at, letter in enumerate(text) if letter == "@" and _begins(text, at)]
    if not starts:
        return []
    names = _names_of(colleagues_of(author).filter(_may_be_meant(text, starts)))
    found: dict[int, User] = {}
    for start in starts[:MOST]:
        rest = text[start:].casefold()
        fitting = [name for name in names if rest.startswith(name) and _ends(rest, len(name))]
        if fitting:
            person = names[max(fitting, key=len)]
            found.setdefault(person.pk, person)
    return list(found.values())


def _may_be_meant(text: str, starts: list[int]) -> Q:
    """Whose names begin as the texts behind the signs do: not everybody of a large company is read."""
    condition = Q(pk__in=[])
    for start in starts[:MOST]:
        first = text[start : start + 1]
        for field in ("username", "first_name", "last_name"):
            condition |= Q(**{f"{field}__istartswith": first})
    return condition


def _names_of(people: QuerySet) -> dict[str, User]:
    names: dict[str, User] = {}
    for person in people.prefetch_related("teams").order_by("pk"):
        for name in {person.username.casefold(), person.get_full_name().casefold()} - {""}:
            names.setdefault(name, person)
    return names


def _is_latin(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


def _begins(text: str, at: int) -> bool:
    """Not in the middle of an e-mail address."""
    return at + 1 < len(text) and (at == 0 or not _is_latin(text[at - 1]))


def _ends(rest: str, length: int) -> bool:
    return not (
        _is_latin(rest[length - 1]) and rest[length : length + 1] and _is_latin(rest[length])
    )


def offered(typed: str, author: User, customer: Customer) -> list[User]:
    """Whom to offer while a name is being typed: colleagues who see the customer."""
    typed = typed.replace("\x00", "").strip()
    condition = Q()
    for word in typed.split()[:3]:
        condition &= (
            Q(username__istartswith=word)
            | Q(first_name__istartswith=word)
            | Q(last_name__istartswith=word)
        )
    people = colleagues_of(author).filter(condition).exclude(pk=author.pk)
    people = people.prefetch_related("teams").order_by("first_name", "username")[:READ]
    return [one for one in people if sees_customer(one, customer)][:OFFERED]
