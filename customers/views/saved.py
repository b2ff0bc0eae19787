"""Lists that are kept under a name: the tabs above every list, making, changing, sharing and deleting one."""

import hashlib
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import listing as lists
from customers.changing import open_change_set, record_changes, save_changed
from customers.columns import AFTER_CHANGE
from customers.fact_listing import read, stored
from customers.filtering import EVERYBODY, Fields, check, sentence_of, write
from customers.filtering.ready import GOT_WORSE
from customers.filtering.tree import ALL, Condition, Group
from customers.list_forms import SavedViewForm
from customers.list_tables import KINDS, OF, FactTable
from customers.listing import Listing
from customers.models import ChangeSet, Company, Customer, SavedView
from customers.paging import COUNT_CAP
from customers.views.toasts import say
from customers.wording import capped_count

COUNTS_KEPT = 300  # seconds
CHANGED = "changed-many"  # in the session: when its owner last did
MOST_COUNTED = 12  # tabs; those behind do without
INVALID = 422


def ready_made() -> list[tuple[str, Listing]]:
    """Lists that everybody finds, before any is saved."""
    mine = Condition("owner", "in", ("me",))
    high = Condition("risk", "gte", ("60",))

    def all_of(*items: Condition) -> Listing:
        return Listing(Group(ALL, items))

    return [
        (_("All"), Listing(EVERYBODY)),
        (_("Mine"), all_of(mine)),
        (_("My high risk"), all_of(mine, high)),
        (_("High risk"), all_of(high)),
        (_("Got worse this month"), replace(all_of(GOT_WORSE), columns=AFTER_CHANGE)),
        (_("Champions"), all_of(Condition("segment", "in", ("champions",)))),
        (_("New"), all_of(Condition("segment", "in", ("new",)))),
    ]


def tabs_of(listing: Listing, views: list[SavedView]) -> list[dict]:
    """The saved views, then the ready-made lists; the one that is open is marked, also where it has been changed."""
    tabs = []
    for view in views:
        kept = lists.of_view(view)
        tab = {"label": view.name, "url": view.get_absolute_url(), "current": view == listing.view}
        tabs.append(tab | {"key": f"v{view.pk}", "group": kept.group, "search": kept.search})
    for number, (label, kept) in enumerate(ready_made()):
        here = listing.view is None and not listing.search and listing.group == kept.group
        everybody = not kept.group and any(view.is_first_page for view in views)
        url = replace(kept, everybody=everybody).address()
        tab = {"label": label, "url": url, "current": here, "key": f"r{number}"}
        tabs.append(tab | {"group": kept.group, "search": ""})
    return tabs


def my_views(user, page: str = SavedView.Page.CUSTOMERS) -> list[SavedView]:
    """Of the customers, or of another list."""
    of_page = SavedView.objects.visible_to(user).filter(page=page)
    views = list(of_page.select_related("owner", "team"))
    for one in views:
        one.is_first_page = one.default_for == user.role
    return sorted(views, key=lambda one: not one.is_first_page)


def may_change(user, view: SavedView) -> bool:
    """The same as SavedViewQuerySet.changeable_by, of a view that the user sees."""
    if view.owner_id == user.pk:
        return True
    if view.audience == SavedView.Audience.PRIVATE:
        return False
    if user.is_admin:
        return True
    of_team = view.audience == SavedView.Audience.TEAM
    return user.is_manager and of_team and user.teams.filter(pk=view.team_id).exists()


def tabs_context(
    request, listing: Listing, views: list[SavedView], fields: Fields, count: int | None = None
) -> dict:
    """What stands above the list: the tabs with their counts as far as they are known, and what the open view is.

    ``count``: of the list, where it has just been counted. A tab that is open says what its list says.
    """
    tabs = tabs_of(listing, views)
    keys = {tab["key"]: count_key(request, tab) for tab in tabs}
    here = next((tab for tab in tabs if tab["current"]), None)
    if count is not None and here and is_unchanged(listing, here, fields):
        cache.set(keys[here["key"]], capped_count(count, COUNT_CAP), COUNTS_KEPT)
    counts = cache.get_many(keys.values())
    for tab in tabs:
        tab["count"] = counts.get(keys[tab["key"]], "")
    missing = any(not tab["count"] for tab in tabs[:MOST_COUNTED])
    context = {"tabs": tabs, "save_url": save_as_url(listing)}
    if missing:
        context["counts_url"] = f"{reverse('view-counts')}?{query_of(listing, in_view=True)}"
    if view := listing.view:
        query = query_of(listing, in_view=True)
        context |= {
            "may_change_view": may_change(request.user, view),
            "view_said": said_of(view),
            "view_save_url": reverse("view-save", args=[view.pk]) + (f"?{query}" if query else ""),
        }
    return context


def query_of(listing: Listing, in_view: bool = False) -> str:
    """The parameters of a list's address; without ``in_view`` all of them, whatever view it began from."""
    one = listing if in_view else replace(listing, view=None, everybody=False)
    query = one.address().partition("?")[2]
    if not in_view or not listing.view:
        return query
    return f"view={listing.view.pk}" + (f"&{query}" if query else "")


def save_as_url(listing: Listing) -> str:
    query = query_of(listing)
    return reverse("view-add") + (f"?{query}" if query else "")


def said_of(view: SavedView) -> str:
    """Who sees a view, and whose it is."""
    match view.audience:
        case SavedView.Audience.TEAM:
            return _("Team view of %(team)s, kept by %(owner)s") % {
                "team": view.team,
                "owner": view.owner or "–",
            }
        case SavedView.Audience.EVERYONE:
            return _("View for everyone, kept by %(owner)s") % {"owner": view.owner or "–"}
    return _("Only you see this view")


def is_unchanged(listing: Listing, tab: dict, fields: Fields) -> bool:
    """Whether a list holds whom its tab stands for; what does not hold water in a kept filter is left out of both."""
    return listing.search == tab["search"] and listing.group == check(tab["group"], fields)[0]


def count_anew(request) -> None:
    """After one has changed many at once: whichever process answers next, no tab says what was before."""
    request.session[CHANGED] = timezone.now().isoformat()


def count_key(request, tab: dict) -> str:
    """Counts are one reader's, and of one filter."""
    asked = f"{tab['search']}\n{write(tab['group'])}\n{request.session.get(CHANGED, '')}"
    return f"count:{request.user.pk}:{hashlib.blake2s(asked.encode()).hexdigest()}"


@require_safe
def view_counts(request):
    """The tabs again with their counts: asked for by a page that has them not."""
    user = request.user
    fields = Fields(user)
    views = my_views(user)
    here = next((view for view in views if str(view.pk) == request.GET.get("view")), None)
    listing = lists.read(request.GET, fields, here)
    for tab in tabs_of(listing, views)[:MOST_COUNTED]:
        key = count_key(request, tab)
        # Another process may have kept what the open list was before this one counted it.
        if tab["current"] or cache.get(key) is None:
            one = Listing(check(tab["group"], fields)[0], tab["search"])
            found = one.choose(Customer.objects.visible_to(user), fields)
            count = found.order_by().values("pk")[: COUNT_CAP + 1].count()
            cache.set(key, capped_count(count, COUNT_CAP), COUNTS_KEPT)
    context = tabs_context(request, listing, views, fields) | {"listing": listing, "counts_url": ""}
    return render(request, "customers/_tab_bar.html", context)


@dataclass(frozen=True)
class Kept:
    """What an address, with what it changes in a view, would keep of a list, whichever list it is."""

    page: str
    title: str
    stored: dict
    sentence: str
    back: str


def kept_of(user, query, view: SavedView | None = None) -> Kept:
    kind = KINDS.get(view.page if view else query.get(OF, ""))
    if kind is None:
        fields = Fields(user)
        listing = lists.read(query, fields, view)
        said = sentence_of(listing.group, fields) or _("All customers.")
        return Kept("customers", _("Customers"), lists.stored(listing), said, listing.address())
    fields = kind.fields(user, Company.current().base_currency)
    listing = read(kind, query, fields, view)
    said = FactTable(user, kind, listing, fields).sentence()
    return Kept(kind.page, str(kind.title), stored(listing), said, listing.address())


def _changeable(request, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.changeable_by(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def view_add(request):
    """A view of the list that the address names."""
    kept = kept_of(request.user, request.GET)
    new = SavedView(owner=request.user, page=kept.page, **kept.stored)
    form = SavedViewForm(request.POST or None, instance=new, user=request.user, auto_id="view-%s")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            view = form.save(commit=False)
            view.recorded_in = open_change_set(ChangeSet.Source.PAGE, request.user)
            make_room(view, view.recorded_in)
            view.save()
        say(request, _("View saved"))
        return redirect(view)
    return _form(request, form, kept)


@require_http_methods(["GET", "POST"])
def view_edit(request, pk):
    """Its name and who sees it."""
    view = _changeable(request, pk)
    form = SavedViewForm(request.POST or None, instance=view, user=request.user, auto_id="view-%s")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            change_set = open_change_set(ChangeSet.Source.PAGE, request.user)
            make_room(view, change_set)
            save_changed(view, change_set, ["name", "audience", "team", "default_for"])
        say(request, _("View saved"), change_set)
        return redirect(view)
    return _form(request, form, kept_of(request.user, QueryDict(), SavedView.objects.get(pk=pk)))


def _form(request, form: SavedViewForm, kept: Kept):
    status = INVALID if request.method == "POST" else 200
    context = {"form": form, "kept": kept, "is_new": form.instance.pk is None}
    return render(request, "customers/view_form.html", context, status=status)


def make_room(view: SavedView, change_set: ChangeSet) -> None:
    """A role begins with one view: the one before steps back."""
    if not view.default_for:
        return
    before = SavedView.objects.filter(default_for=view.default_for, deleted_at=None)
    for other in before.exclude(pk=view.pk):
        record_changes(change_set, SavedView, {other.pk: {"default_for": other.default_for}})
        SavedView.objects.filter(pk=other.pk).update(default_for="")


@require_POST
def view_save(request, pk):
    """What the address changes in the view is kept in it."""
    view = _changeable(request, pk)
    kept = kept_of(request.user, request.GET, view).stored
    for name, value in kept.items():
        setattr(view, name, value)
    with transaction.atomic():
        change_set = open_change_set(ChangeSet.Source.PAGE, request.user)
        save_changed(view, change_set, kept)
    say(request, _("Changes saved in “%(name)s”") % {"name": view.name}, change_set)
    return redirect(view)


@require_POST
def view_duplicate(request, pk):
    """A private one of one's own, to change at will."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    copy = SavedView(
        page=view.page,
        name=(_("Copy of %(name)s") % {"name": view.name})[:60],
        owner=request.user,
        search=view.search,
        filter=view.filter,
        columns=view.columns,
        sort=view.sort,
    )
    copy.recorded_in = open_change_set(ChangeSet.Source.PAGE, request.user)
    copy.save()
    say(request, _("View duplicated; only you see the copy."))
    return redirect(copy)


@require_POST
def view_delete(request, pk):
    """Gone from the tabs; the customers stay, and so does a way back."""
    view = _changeable(request, pk)
    view.deleted_at = timezone.now()
    with transaction.atomic():
        change_set = open_change_set(ChangeSet.Source.PAGE, request.user)
        save_changed(view, change_set, ["deleted_at"])
    say(request, _("View “%(name)s” deleted") % {"name": view.name}, change_set)
    return redirect(view.page)
