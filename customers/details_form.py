"""What is known of a customer, edited by one or by two at once.

Each field carries along what stood in it when the form was opened. So what somebody did not touch stays as it is by
now, and what two people changed is told with the three values: the one there was, theirs, and one's own.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.access import OUT_OF_SIGHT, would_see
from customers.editing import clean_attributes
from customers.filters import colleagues_of, teams_of
from customers.forms import dress
from customers.history import last_changes
from customers.models import CustomAttribute, Customer
from customers.wording import DASH, moment

LANGUAGES = [("", "–"), ("en", "English"), ("zh", "中文"), ("de", "Deutsch"), ("fr", "Français"),
             ("es", "Español"), ("it", "Italiano"), ("sv", "Svenska"), ("pl", "Polski"),
             ("nl", "Nederlands"), ("pt", "Português"), ("da", "Dansk"), ("ja", "日本語")]  # fmt: skip


class DetailsForm(forms.ModelForm):
    """What is known of a customer, custom attributes included."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    class Meta:
        model = Customer
        fields = [
            "name", "company", "kind", "lifecycle", "email", "phone", "city", "country", "language",
            "owner", "team", "profiling_refused",
        ]  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_manager or user.is_admin:
            self.fields["owner"].queryset = colleagues_of(user)
            self.fields["team"].queryset = teams_of(user)
        else:
            # Giving customers away is for managers.
            del self.fields["owner"], self.fields["team"]
        known = dict(LANGUAGES)
        if self.instance.language and self.instance.language not in known:
            self.fields["language"].choices = [
                *LANGUAGES, (self.instance.language, self.instance.language)
            ]  # fmt: skip
        self.attributes = list(CustomAttribute.objects.all())
        for attribute in self.attributes:
            self.fields[f"attribute-{attribute.name}"] = self._field_of(attribute)
        dress(self)
        for field in self.fields.values():
            field.show_hidden_initial = bool(self.instance.pk)

    def _field_of(self, attribute: CustomAttribute) -> forms.Field:
        value = self.instance.attributes.get(attribute.name)
        if attribute.type == CustomAttribute.Type.BOOLEAN:
            word = {True: "true", False: "false"}.get(value, "")
            choices = [("", "–"), ("true", _("yes")), ("false", _("no"))]
            return forms.ChoiceField(
                label=attribute.label, choices=choices, required=False, initial=word
            )
        if attribute.type == CustomAttribute.Type.CHOICE and attribute.options:
            # What an import brought stays, also where nobody would choose it.
            options = dict.fromkeys(["", *attribute.options, *([str(value)] if value else [])])
            choices = [(option, option or DASH) for option in options]
            return forms.ChoiceField(
                label=attribute.label, choices=choices, required=False, initial=value or ""
            )
        widget = {
            CustomAttribute.Type.NUMBER: forms.TextInput({"inputmode": "decimal"}),
            CustomAttribute.Type.DATE: forms.DateInput({"type": "date"}),
        }.get(attribute.type, forms.TextInput())
        return forms.CharField(
            label=attribute.label, required=False, initial=value, widget=widget, max_length=1000
        )

    def clean(self):
        data = super().clean()
        if self.instance.pk:
            self._leave_untouched(data)
            self._tell_conflicts(data)
        self._refuse_out_of_sight(data)
        values = {a.name: data.get(f"attribute-{a.name}") for a in self.attributes}
        # Values without a definition (from an import, say) stay as they are.
        known = {a.name for a in self.attributes}
        kept = {k: v for k, v in self.instance.attributes.items() if k not in known}
        try:
            self.instance.attributes = kept | clean_attributes(values)
        except forms.ValidationError as error:
            for name, problems in error.message_dict.items():
                self.add_error(f"attribute-{name}", problems)
        return data

    def _refuse_out_of_sight(self, data: dict) -> None:
        asked = [name for name in ("team", "owner") if name in self.fields]
        if not asked:
            return
        owner, team = (data.get(name, getattr(self.instance, name)) for name in ("owner", "team"))
        if not would_see(self.user, owner, team):
            self.add_error(asked[0], OUT_OF_SIGHT)

    def _seen(self, name: str) -> str | None:
        """What stood in a field when the form was opened; None where it does not say."""
        return self.data.get(self[name].html_initial_name)

    def _leave_untouched(self, data: dict) -> None:
        touched = set(self.changed_data)
        for name in self.fields:
            if self._seen(name) is None or name in touched or name in self.errors:
                continue
            if name in self._meta.fields:
                data[name] = getattr(self.instance, name)
            else:
                data[name] = self.instance.attributes.get(name.removeprefix("attribute-"))

    def _tell_conflicts(self, data: dict) -> None:
        """What somebody else has changed since, differently; who saves once more has seen it."""
        found = []
        for name in self.changed_data:
            field, seen = self.fields[name], self._seen(name)
            current = self.get_initial_for_field(field, name)
            if seen is None or not field.has_changed(current, seen):
                continue
            if name not in self.errors and field.has_changed(current, self[name].data):
                found.append(name)
        if not found:
            return
        self.data = self.data.copy()
        changes = last_changes(self.instance, {self._stored_in(name) for name in found})
        for name in found:
            change = changes.get(self._stored_in(name))
            self.add_error(name, self._told(name, change))
            current = self.get_initial_for_field(self.fields[name], name)
            prepared = self.fields[name].prepare_value(current)
            self.fields[name].theirs = "" if prepared is None else prepared
            self.data[self[name].html_initial_name] = self.fields[name].theirs

    @staticmethod
    def _stored_in(name: str) -> str:
        return "attributes" if name.startswith("attribute-") else name

    def _told(self, name: str, change) -> str:
        current = self.get_initial_for_field(self.fields[name], name)
        values = {
            "theirs": self.said(name, current),
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
        choices = getattr(field, "choices", None)
        if choices is not None:
            words = {str(code): str(label) for code, label in choices}
            value = words.get("" if value is None else str(value), value)
        return DASH if value in (None, "") else str(value)

    @property
    def changed_fields(self) -> list[str]:
        return [f for f in self._meta.fields if f in self.fields] + ["attributes"]


class CellForm(DetailsForm):
    """One field of the details, edited where it stands in a list; all others stay as they are."""

    def __init__(self, *args, field: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {field: self.fields[field]}
        self.attributes = [a for a in self.attributes if field == f"attribute-{a.name}"]
