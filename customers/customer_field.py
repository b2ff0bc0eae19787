"""The customer that a form is about: typed by name, e-mail or the like, and chosen where several fit."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, User
from customers.paging import page_of

OFFERED = 6
SHORTEST = 2  # characters, for people to be offered while one types
LONGEST = 200
KEY = re.compile(r"#([0-9]{1,18})")


def customers_offered(text: str, user: User) -> list[Customer]:
    """Those that fit what is typed, by name."""
    text = _tidy(text)
    if len(text) < SHORTEST:
        return []
    return page_of(Customer.objects.visible_to(user).active().search(text), "name", OFFERED).rows


def _tidy(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


class CustomerInput(forms.TextInput):
    """What is typed; of one who was ticked, or with whom the form began, the key behind a #."""

    field: "CustomerField"

    def format_value(self, value):
        one = self.field.of(value)
        return one.name if one else super().format_value(value)

    def value_from_datadict(self, data, files, name):
        typed = _tidy(data.get(name) or "")
        if not typed:
            return ""
        chosen, found_for = (_tidy(data.get(f"{name}-{part}") or "") for part in ("choice", "for"))
        if chosen:
            one = self.field.of(f"#{chosen}")
            # Who goes on typing after that means somebody else.
            if one is None or typed in (found_for, one.name):
                return f"#{chosen}"
        seen = self.field.of(data.get(f"initial-{name}"))
        return f"#{seen.pk}" if seen and typed == seen.name else typed


class CustomerField(forms.Field):
    """``found``: whom to choose from, where what was ``typed`` fits several; ``chosen``: who was."""

    widget = CustomerInput

    def look_among(self, user: User, known: Customer | None) -> None:
        """Called by the form: whose customers it may be, and which one it is so far."""
        self.user, self.people = user, Customer.objects.visible_to(user)
        self.found: list[Customer] = []
        self.chosen: Customer | None = None
        self.typed = ""
        self._known = {known.pk: known} if known else {}
        self._begun = {*self._known}
        self.widget.field = self

    def of(self, value) -> Customer | None:
        """The customer of a key, if the reader sees them."""
        if isinstance(value, Customer) or value is None:
            return value
        key = value if isinstance(value, int) else KEY.fullmatch(value)
        if not key:
            return None
        pk = key if isinstance(key, int) else int(key[1])
        if pk not in self._known:
            self._known[pk] = self.people.filter(pk=pk).first()
        return self._known[pk]

    def prepare_value(self, value):
        return f"#{value}" if isinstance(value, int) else value

    def has_changed(self, initial, data) -> bool:
        one = self.of(initial)
        return data not in ((f"#{one.pk}", one.name) if one else ("", None))

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if KEY.fullmatch(value):
            if one := self.of(value):
                return one
            raise ValidationError(_("This customer is not there, or not among yours."))
        return self._meant(value)

    def clean(self, value):
        one = super().clean(value)
        if one and one.pk not in self._begun:
            self.found, self.chosen, self.typed = [one], one, one.name
        return one

    def _meant(self, text: str) -> Customer:
        # Who is called exactly so is meant, whoever else has that in their name.
        exact = self.people.active().filter(Q(name=text) | Q(email=text)).order_by()[:2]
        found = list(exact) if text else []
        if len(found) != 1:
            found = page_of(self.people.active().search(text), "name", OFFERED).rows if text else []
        if len(found) == 1:
            return found[0]
        told = {"text": text}
        if not found:
            raise ValidationError(_("None of your customers fits “%(text)s”."), params=told)
        self.found, self.typed = found, text
        words = _("Several customers fit “%(text)s”. Choose one of them.")
        raise ValidationError(words, params=told)
