"""A form that two people may have open at once.

Each field carries along what stood in it when the form was opened. So what somebody did not touch stays as it is by
now, and what two people changed is told with the three values: the one there was, theirs, and one's own.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.history import last_changes
from customers.wording import DASH, day, moment


class TellsConflicts:
    """Of a model form. Its instance is the row as it is now, locked while it is written."""

    instance: Any
    fields: Any
    data: Any
    files: Any

    def carry_along(self) -> None:
        """Called once all fields are there."""
        for field in self.fields.values():
            field.show_hidden_initial = bool(self.instance.pk)

    def settle(self, data: dict) -> None:
        """Called by ``clean``: what is untouched becomes what it is by now, what both have changed an error."""
        if self.instance.pk:
            self._leave_untouched(data)
            self._tell_conflicts()

    def current(self, name: str):
        """What the row holds of a field now."""
        return getattr(self.instance, name)

    @staticmethod
    def stored_in(name: str) -> str:
        """The model's field that a field of the form is stored in."""
        return name

    def _initial(self, name: str):
        """What the row holds now, as its field compares it: a choice with what was sent, which is a text."""
        field = self.fields[name]
        value = self.get_initial_for_field(field, name)
        is_number = isinstance(field, forms.TypedChoiceField) and isinstance(value, int)
        return str(value) if is_number else value

    def _seen(self, name: str) -> Any:
        """What stood in a field when the form was opened; None where it does not say."""
        field = self[name].html_initial_name
        if field not in self.data:
            return None
        return self.fields[name].hidden_widget().value_from_datadict(self.data, self.files, field)

    def _leave_untouched(self, data: dict) -> None:
        touched = set(self.changed_data)
        for name in self.fields:
            if self._seen(name) is None or name in touched or name in self.errors:
                continue
            data[name] = self.current(name)

    def _tell_conflicts(self) -> None:
        """What somebody else has changed since, differently; who saves once more has seen it."""
        found = []
        for name in self.changed_data:
            field, seen = self.fields[name], self._seen(name)
            current = self._initial(name)
            if seen is None or not field.has_changed(current, seen):
                continue
            if name not in self.errors and field.has_changed(current, self[name].data):
                found.append(name)
        if not found:
            return
        self.data = self.data.copy()
        changes = last_changes(self.instance, {self.stored_in(name) for name in found})
        for name in found:
            change = changes.get(self.stored_in(name))
            self.add_error(name, self._told(name, change))
            field = self.fields[name]
            prepared = field.prepare_value(self._initial(name))
            field.theirs = field.hidden_widget().format_value(prepared) or ""
            self.data[self[name].html_initial_name] = field.theirs

    def _told(self, name: str, change) -> str:
        values = {
            "theirs": self.said(name, self._initial(name)),
            "was": self.said(name, self._seen(name)),
            "mine": self.said(name, self[name].data),
        }
        if change is None or change.change_set.actor is None:
            words = _(
                "While you were editing, this was changed to “%(theirs)s”. It was “%(was)s”, and "
                "yours is “%(mine)s”. Save again to keep yours."
            )
            return words % values
        words = _(
            "While you were editing, %(who)s changed this to “%(theirs)s” (%(when)s). It was "
            "“%(was)s”, and yours is “%(mine)s”. Save again to keep yours."
        )
        at = moment(change.change_set.at)
        return words % (values | {"who": change.change_set.actor, "when": at})

    def said(self, name: str, value) -> str:
        """A value as its field shows it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(_("yes") if field.to_python(value) else _("no"))
        if isinstance(field, forms.DateField) and value:
            return day(field.to_python(value))
        if isinstance(field, forms.TimeField) and value:
            return f"{field.to_python(value):%H:%M}"
        choices = getattr(field, "choices", None)
        if choices is not None:
            words = {str(code): str(label) for code, label in choices}
            value = words.get("" if value is None else str(value), value)
        return DASH if value in (None, "") else str(value)
