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
    """A line of the palette; ``press`` is the key of a button of the page, pressed instead of going anywhere.

    ``also``: other words that people type for it.
    """

    words: Any
    url: str = ""
    icon: str = "chevron-right"
    more: str = ""
    press: str = ""
    also: Any = ""


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
        Entry(
            gettext_lazy("Log a call"), "#call", "phone", _("then choose with whom"),
            also=gettext_lazy("new add record phone telephone conversation"),
        ),
        Entry(
            gettext_lazy("New task"), reverse("task-add"), "check",
            also=gettext_lazy("add create to-do reminder"),
        ),
        Entry(
            gettext_lazy("Add a customer"), reverse("customer-add"), "user-plus",
            also=gettext_lazy("new create contact person company organisation client"),
        ),
        Entry(
            gettext_lazy("Save a new list"), reverse("view-add"), "list",
            also=gettext_lazy("add create saved view filter"),
        ),
        Entry(
            gettext_lazy("Switch light or dark"), icon="moon", press="theme",
            also=gettext_lazy("theme mode colours night"),
        ),
        Entry(
            gettext_lazy("Keyboard help"), icon="help", press="keys",
            also=gettext_lazy("shortcuts hotkeys"),
        ),
    ]  # fmt: skip


def pages(user) -> list[Entry]:
    """Those of the navigation, and what everybody has of their own."""
    own = [
        Entry(
            gettext_lazy("Calendar"), reverse("task-calendar"), "calendar",
            also=gettext_lazy("tasks agenda schedule week month"),
        ),
        Entry(
            gettext_lazy("Notifications"), reverse("notifications"), "bell",
            also=gettext_lazy("news alerts bell unread"),
        ),
        Entry(
            gettext_lazy("Lists as files"), reverse("list-exports"), "download",
            also=gettext_lazy("exports downloads CSV Excel"),
        ),
        Entry(
            gettext_lazy("Profile"), reverse("profile"), "user",
            also=gettext_lazy("my account settings preferences language time zone password"),
        ),
        Entry(
            gettext_lazy("API access"), reverse("access"), "lock",
            also=gettext_lazy("tokens keys developer integration"),
        ),
    ]  # fmt: skip
    return [*(Entry(page.words, page.url, page.icon) for page in pages_for(user)), *own]


def said_in(words) -> Iterable[str]:
    """In both languages: who works in Chinese may still type English, without an input method."""
    yield str(words)
    if not isinstance(words, str):
        for language in LANGUAGES:
            with override(language):
                yield str(words)


def rank_of(entry: Entry, text: str) -> int | None:
    """0: it begins with the text, 1: words of it do with the words of the text, in any order, 2: it holds the text,
    3: the same of the other words for it; None: nothing of these."""
    names = [said.casefold() for said in said_in(entry.words)]
    if any(said.startswith(text) for said in names):
        return 0
    if any(begin_in(said, text) for said in names):
        return 1
    if any(text in said for said in names):
        return 2
    everything = " ".join([*names, *(said.casefold() for said in said_in(entry.also))])
    return 3 if begin_in(everything, text) or text in everything else None


def begin_in(said: str, text: str) -> bool:
    """Whether each word of the text is how a word of what is said begins."""
    return all(re.search(rf"\b{re.escape(word)}", said) for word in text.split())


def matching(entries: Iterable[Entry], text: str) -> list[Entry]:
    ranked = [(rank_of(one, text), one) for one in entries]
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
    customers = customers_found(user, text)
    people = Group(_("Customers"), [*customers, search])
    found = Group(_("Pages and actions"), commands)
    is_meant = commands and (rank_of(commands[0], folded) == 0 or not customers)
    first = [found, people] if is_meant else [people, found]
    return _filled(first[0], Group(_("Lists"), views_found(user, text)), first[1])


def _filled(*groups: Group) -> list[Group]:
    return [group for group in groups if group.entries]
