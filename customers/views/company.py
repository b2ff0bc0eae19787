"""What an admin keeps for the company, each kind a table and a form: people, teams, own fields, tags, rates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.tokens import default_token_generator
from django.db import models
from django.db.models import Count, Q
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.html import format_html
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.access import role_required
from customers.company_forms import (
    AttributeForm,
    MergeForm,
    PersonForm,
    RateForm,
    TagForm,
    TeamForm,
)
from customers.defining import Link, merge_tags, redefine, redefine_person, take_away
from customers.filtering.sources import Attribute
from customers.models import CustomAttribute, Customer, ExchangeRate, Tag, Team, User
from customers.paging import COUNT_CAP
from customers.views.toasts import say
from customers.wording import amount, capped_count, day, moment, sentences

INVALID = 422
MOST = 1000  # rows of a table
GONE_TOLD = 3  # of the choices that are taken out at once


@dataclass(frozen=True)
class Kind:
    """``cells`` gives what stands beside the name; ``gone`` says what deleting means, empty where there is none."""

    title: Any
    intro: Any
    add: Any
    icon: str
    form: type[forms.ModelForm]
    rows: Callable[[], models.QuerySet]
    heads: tuple
    cells: Callable[[Any], list]
    gone: Any = ""


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _teams():
    people = Count("members", filter=Q(members__is_active=True))
    return Team.objects.annotate(people=people)


def _tags():
    tagged = Count("customers", filter=Q(customers__archived_at=None))
    return Tag.objects.annotate(tagged=tagged)


def _tagged(tag: Tag) -> str:
    """How many customers have it, and the way to them."""
    address = f"{reverse('customers')}?tag={tag.pk}"
    return format_html('<a class="c-link" href="{}">{}</a>', address, amount(tag.tagged))


def _people():
    return User.objects.prefetch_related("teams").order_by("-is_active", "first_name", "username")


def _teams_of(person: User) -> str:
    return pgettext("between two names", ", ").join(map(str, person.teams.all())) or "–"


def _state(person: User) -> str:
    if not person.is_active:
        return _("switched off")
    never = pgettext("when somebody signed in last", "never")
    return moment(person.last_login) if person.last_login else never


def rate_of(one: ExchangeRate) -> str:
    """With six decimals, so that they stand below each other, or as many as it has."""
    return f"{one.rate:.6f}" if one.rate == round(one.rate, 6) else f"{one.rate.normalize():f}"


KINDS: dict[str, Kind] = {
    "people": Kind(
        gettext_lazy("People"),
        gettext_lazy("Who works with the product. The role says what they may do, the teams whose customers they see."),
        gettext_lazy("Invite somebody"), "users", PersonForm, _people,
        (gettext_lazy("Role"), gettext_lazy("Teams"), pgettext_lazy("of a person", "E-mail"),
         gettext_lazy("Last sign-in")),
        lambda one: [one.get_role_display(), _teams_of(one), one.email or "–", _state(one)],
    ),
    "teams": Kind(
        gettext_lazy("Teams"),
        gettext_lazy("Teams divide the company: a manager sees the customers of their teams."),
        gettext_lazy("Add a team"), "users-group", TeamForm, _teams,
        (gettext_lazy("People"), gettext_lazy("Shares customers")),
        lambda one: [one.people, _yes(one.shares_customers)],
        gettext_lazy("Its customers stay, without a team; its people stay, and lists shared with it go."),
    ),
    "attributes": Kind(
        gettext_lazy("Own fields"),
        gettext_lazy("What you want to know of your customers beyond the built-in fields. Lists show and filter by "
                     "them, and the models learn from them."),
        gettext_lazy("Add a field"), "columns-3", AttributeForm, CustomAttribute.objects.all,
        (gettext_lazy("Name in files"), gettext_lazy("Type"), gettext_lazy("Position")),
        lambda one: [one.name, one.get_type_display(), one.position],
        gettext_lazy("Values stay stored on the customers, but are no longer shown; the same name brings them back."),
    ),
    "tags": Kind(
        gettext_lazy("Tags"),
        gettext_lazy("Words to sort customers by. People add them on a customer and in lists; here they are renamed, "
                     "merged and deleted."),
        gettext_lazy("Add a tag"), "tag", TagForm, _tags, (gettext_lazy("Customers"),), lambda one: [_tagged(one)],
        gettext_lazy("It is taken off all customers."),
    ),
    "rates": Kind(
        gettext_lazy("Exchange rates"),
        gettext_lazy("Orders in another currency are converted at the rate of their day when they are recorded. Where "
                     "there is none, the order is refused and says so; nothing is guessed. A rate that is changed "
                     "later holds for orders recorded from then on."),
        gettext_lazy("Add a rate"), "coin", RateForm, ExchangeRate.objects.all,
        (gettext_lazy("Valid from"), gettext_lazy("Rate")),
        lambda one: [day(one.valid_from), rate_of(one)],
        gettext_lazy("Orders that were converted with it keep their amounts."),
    ),
}  # fmt: skip
NAMES: dict[str, Callable[[Any], str]] = {"rates": lambda one: one.currency}


def name_of(what: str, one) -> str:
    return NAMES.get(what, str)(one)


@require_safe
@role_required(User.Role.ADMIN)
def company_list(request, what):
    kind = KINDS[what]
    rows = [
        {
            "name": name_of(what, one),
            "url": reverse(f"{what}-edit", args=[one.pk]),
            "cells": list(zip(kind.heads, kind.cells(one), strict=True)),
            "off": getattr(one, "is_active", True) is False,
        }
        for one in kind.rows()[:MOST]
    ]
    context = {
        "kind": kind,
        "what": what,
        "rows": rows,
        "add_url": reverse(f"{what}-add"),
        "tabs": tabs(what),
    }
    return render(request, "customers/company_list.html", context)


def tabs(here: str) -> list[dict]:
    return [
        {"words": kind.title, "url": reverse(f"{what}-list"), "here": what == here}
        for what, kind in KINDS.items()
    ]


@require_http_methods(["GET", "POST"])
@role_required(User.Role.ADMIN)
def company_edit(request, what, pk=None):
    kind = KINDS[what]
    instance = get_object_or_404(kind.form._meta.model, pk=pk) if pk else None
    form = kind.form(request.POST or None, instance=instance, auto_id=f"{what}-%s")
    if request.method == "POST" and form.is_valid():
        if pk:
            return saved(request, what, form)
        one = form.save()
        if what == "people":
            return invitation(request, one)
        say(request, _("Saved"))
        return redirect(f"{what}-list")
    context = {
        "kind": kind, "what": what, "form": form, "name": name_of(what, instance) if instance else "",
        "back": reverse(f"{what}-list"),
        "delete_url": reverse(f"{what}-delete", args=[pk]) if pk and kind.gone else "",
    }  # fmt: skip
    if what == "tags" and instance and form.other:
        context["merge"] = merging(instance, form.other)
    if what == "people" and instance:
        owned = Customer.objects.filter(owner=instance).active().order_by().values("pk")
        count = len(owned[: COUNT_CAP + 1])
        context["owned"] = capped_count(count, COUNT_CAP) if count else ""
        context["owned_url"] = f"{reverse('customers')}?owner={pk}"
        context["invite_url"] = reverse("people-invite", args=[pk]) if instance.is_active else ""
    return render(
        request, "customers/company_edit.html", context, status=INVALID if form.is_bound else 200
    )


def saved(request, what: str, form):
    one, fields = form.instance, form._meta.fields
    if what == "attributes":
        gone = choices_gone(form)
        change_set = redefine(one, fields, request.user)
        say(request, sentences(*still_chosen(one, gone)) or _("Saved"), change_set)
        return redirect("attributes-list")
    if what != "people":
        say(request, _("Saved"), redefine(one, fields, request.user))
        return redirect(f"{what}-list")
    change_set = redefine_person(one, fields, form.cleaned_data["teams"], request.user)
    if one == request.user and not one.is_admin:
        # The settings are no longer theirs, nor is the way back.
        say(request, _("Saved"))
        return redirect("home")
    say(request, _("Saved"), change_set)
    return redirect("people-list")


def choices_gone(form: AttributeForm) -> list[str]:
    """What could be chosen until now and no longer can."""
    if form.instance.type != CustomAttribute.Type.CHOICE:
        return []
    before = CustomAttribute(choices=form.initial["choices"]).options
    return [one for one in before if one not in form.instance.options]


def still_chosen(attribute: CustomAttribute, gone: list[str]) -> list[str]:
    """A sentence for each choice that is gone but stands on customers: it stays there until somebody changes it."""
    told, stands = [], Attribute(attribute.name, "text")
    for choice in gone[:GONE_TOLD]:
        have = Customer.objects.active().filter(stands.holds("in", [choice]))
        if count := len(have.order_by().values("pk")[: COUNT_CAP + 1]):
            words = ngettext(
                "“%(choice)s” is no longer offered; %(number)s customer keeps it.",
                "“%(choice)s” is no longer offered; %(number)s customers keep it.",
                count,
            )
            told.append(words % {"choice": choice, "number": capped_count(count, COUNT_CAP)})
    return told


@require_POST
@role_required(User.Role.ADMIN)
def company_delete(request, what, pk):
    kind = KINDS[what]
    one = get_object_or_404(kind.form._meta.model, pk=pk)
    name = name_of(what, one)
    say(request, _("“%(name)s” is deleted") % {"name": name}, take_away(one, request.user))
    return redirect(f"{what}-list")


def merging(tag: Tag, into: Tag) -> dict:
    """What would come of it, for whoever is to say yes."""
    links = Link.objects.filter(customer__archived_at=None)
    return {
        "url": reverse("tags-merge", args=[tag.pk]), "tag": tag, "into": into,
        "have_tag": links.filter(tag=tag).count(), "have_into": links.filter(tag=into).count(),
        "have_one": links.filter(tag__in=(tag, into)).values("customer").distinct().count(),
    }  # fmt: skip


@require_POST
@role_required(User.Role.ADMIN)
def tag_merge(request, pk):
    tag = get_object_or_404(Tag, pk=pk)
    form = MergeForm(request.POST, tag=tag)
    if not form.is_valid():
        return HttpResponseBadRequest()
    into = form.cleaned_data["into"]
    words = _("“%(name)s” is merged into “%(into)s”") % {"name": tag, "into": into}
    say(request, words, merge_tags(tag, into, request.user))
    return redirect("tags-list")


@require_POST
@role_required(User.Role.ADMIN)
def people_invite(request, pk):
    """A new link, for who has lost theirs or their password."""
    return invitation(request, get_object_or_404(User, pk=pk, is_active=True))


def invitation(request, person: User):
    """The page with the link by which the person sets a password: shown once, valid for a few days."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    link = request.build_absolute_uri(reverse("invitation", args=[key, token]))
    response = render(request, "customers/invitation_made.html", {"person": person, "link": link})
    response["Cache-Control"] = "no-store"
    return response
