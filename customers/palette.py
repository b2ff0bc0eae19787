"""What the command palette finds: customers, kept lists, pages and things to do, by a few characters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from customers.models import Customer, SavedView, User
from customers.pages import pages_for
from customers.paging import page_of

CUSTOMERS, VIEWS, COMMANDS, RECENT = 8, 6, 8, 6
INITIALS = 2
LONGEST = 100
LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True)
class Entry:
    """A line of the palette; ``press`` is the key of a button of the page, pressed instead of going anywhere."""

    words: Any
    url: str = ""
    icon: str = "chevron-right"
    more: str = ""
    press: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class Here:
    """What the open page is about."""

    customer: Customer | None = None
    is_list: bool = False


def here_of(user, path: str) -> Here:
    try:
        match = resolve(path)
    except Resolver404:
        return Here()
    if match.url_name == "customer":
        return Here(Customer.objects.visible_to(user).filter(pk=match.kwargs["pk"]).first())
    return Here(is_list=match.url_name in ("customers", "view", "orders", "interactions"))


def actions(here: Here) -> list[Entry]:
    """What can be done from here; the first ones concern the open page."""
    found = []
    if here.customer:
        name = {"name": here.customer.name}
        found += [
            Entry(_("Write a note about %(name)s") % name, icon="note", press="n"),
            Entry(_("Log a call with %(name)s") % name, f"{here.customer.get_absolute_url()}#write-call", "phone"),
            Entry(_("Add a task for %(name)s") % name, icon="check", press="t"),
        ]  # fmt: skip
    if here.is_list:
        found.append(Entry(_("Export this list"), icon="download", press="export"))
    return [
        *found,
        Entry(gettext_lazy("Log a call"), "#call", "phone", _("then choose with whom")),
        Entry(gettext_lazy("New task"), reverse("task-add"), "check"),
        Entry(gettext_lazy("Add a customer"), reverse("customer-add"), "user-plus"),
        Entry(gettext_lazy("Save a new list"), reverse("view-add"), "list"),
        Entry(gettext_lazy("Switch light or dark"), icon="moon", press="theme"),
        Entry(gettext_lazy("Keyboard help"), icon="help", press="keys"),
    ]


def pages(user) -> list[Entry]:
    own = [Entry(gettext_lazy("API access"), reverse("access"), "lock")]
    return [*(Entry(page.words, page.url, page.icon) for page in pages_for(user)), *own]


def said_in(words) -> Iterable[str]:
    """In both languages: who works in Chinese may still type English, without an input method."""
    yield str(words)
    if not isinstance(words, str):
        for language in LANGUAGES:
            with override(language):
                yield str(words)


def rank_of(words, text: str) -> int | None:
    """0: it begins with the text, 1: one of its words does, 2: it holds the text; None: it does not."""
    found = None
    for said in said_in(words):
        said = said.casefold()
        if said.startswith(text):
            return 0
        if re.search(rf"\b{re.escape(text)}", said):
            found = 1
        elif text in said and found is None:
            found = 2
    return found


def matching(entries: Iterable[Entry], text: str) -> list[Entry]:
    ranked = [(rank_of(one.words, text), one) for one in entries]
    known = [(rank, one) for rank, one in ranked if rank is not None]
    return [one for __, one in sorted(known, key=lambda pair: pair[0])][:COMMANDS]


def entry_of(customer: Customer, hash_: str = "") -> Entry:
    more = customer.company or customer.city
    return Entry(customer.name, customer.get_absolute_url() + hash_, "user", more)


def customers_found(user: User, text: str, hash_: str = "") -> list[Entry]:
    """By the same search as in the list. Two letters are also initials: names that begin so come before those."""
    rows = Customer.objects.visible_to(user).active().search(text)
    found: list[Customer] = []
    if len(text) == INITIALS:
        found = page_of(rows.filter(name__istartswith=text), "name", CUSTOMERS).rows
        rows = rows.exclude(pk__in=[one.pk for one in found])
    if room := CUSTOMERS - len(found):
        found += page_of(rows, "name", room).rows
    return [entry_of(one, hash_) for one in found]


def views_found(user: User, text: str = "") -> list[Entry]:
    rows = SavedView.objects.visible_to(user).filter(name__icontains=text)[:VIEWS]
    return [Entry(one.name, one.get_absolute_url(), "list") for one in rows]


def recent(user: User, paths: list[str]) -> list[Entry]:
    """What was opened lately, by its address; what one may no longer see is left out."""
    found: dict[str, Entry] = {}
    named = {page.url: page for page in pages(user)}
    matches = {path: match for path in paths[:RECENT] if (match := _resolved(path))}
    kinds = {"customer": Customer, "view": SavedView}
    for name, model in kinds.items():
        keys = {m.kwargs["pk"]: path for path, m in matches.items() if m.url_name == name}
        if keys:
            for one in model.objects.visible_to(user).filter(pk__in=list(keys)):
                entry = entry_of(one) if name == "customer" else Entry(one.name, icon="list")
                found[keys[one.pk]] = replace(entry, url=keys[one.pk])
    return [found.get(path) or named[path] for path in matches if path in found or path in named]


def _resolved(path: str):
    try:
        return resolve(path)
    except Resolver404:
        return None


def find(user: User, text: str, here: Here, paths: list[str], whom: bool = False) -> list[Group]:
    """The groups of the palette; ``whom``: a customer is wanted, to log a call with."""
    text = " ".join(text.replace("\x00", "").split())[:LONGEST]
    folded = text.casefold()
    if whom:
        return _filled(
            Group(_("With whom?"), customers_found(user, text, "#write-call") if text else [])
        )
    if not text:
        return _filled(
            Group(_("Recent"), recent(user, paths)),
            Group(_("Actions"), actions(here)),
            Group(_("Lists"), views_found(user)),
            Group(pgettext("places to go", "Pages"), pages(user)),
        )
    commands = matching([*pages(user), *actions(here)], folded)
    everywhere = f"{reverse('customers')}?{urlencode({'q': text})}"
    search = Entry(_("Search all customers for “%(text)s”") % {"text": text}, everywhere, "search")
    people = Group(_("Customers"), [*customers_found(user, text), search])
    found = Group(_("Pages and actions"), commands)
    first = (
        [found, people] if commands and rank_of(commands[0].words, folded) == 0 else [people, found]
    )
    return _filled(first[0], Group(_("Lists"), views_found(user, text)), first[1])


def _filled(*groups: Group) -> list[Group]:
    return [group for group in groups if group.entries]
