"""What is known of a customer, edited by one or by two at once (see customers.conflicts)."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.access import OUT_OF_SIGHT, would_see
from customers.conflicts import TellsConflicts
from customers.countries import CountryInput, check_country
from customers.doubles import Double, doubles_of, signature
from customers.editing import clean_attributes
from customers.filters import colleagues_of, teams_of
from customers.forms import dress
from customers.models import CustomAttribute, Customer
from customers.searching import digits_of
from customers.wording import DASH

LANGUAGES = [("", "–"), ("en", "English"), ("zh", "中文"), ("de", "Deutsch"), ("fr", "Français"),
             ("es", "Español"), ("it", "Italiano"), ("sv", "Svenska"), ("pl", "Polski"),
             ("nl", "Nederlands"), ("pt", "Português"), ("da", "Dansk"), ("ja", "日本語")]  # fmt: skip


FEWEST_DIGITS = 3  # of a phone number


class DetailsForm(TellsConflicts, forms.ModelForm):
    """What is known of a customer, custom attributes included.

    ``doubles``: who may be the same customer. Whoever saves once more, with what they were told (``told``), means it.
    """

    doubles: Sequence[Double] = ()
    told = ""
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    class Meta:
        model = Customer
        fields = [
            "name", "company", "kind", "lifecycle", "email", "phone", "city", "country", "language",
            "owner", "team", "profiling_refused",
        ]  # fmt: skip
        widgets = {"country": CountryInput}

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
        self.carry_along()

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
        self.settle(data)
        self._tell_doubles(data)
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

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and self._is_new("phone", phone) and len(digits_of(phone)) < FEWEST_DIGITS:
            raise forms.ValidationError(_("A phone number has digits."))
        return phone

    def clean_country(self):
        country = self.cleaned_data["country"].strip()
        if self._is_new("country", country):
            check_country(country)
        return country

    def _is_new(self, name: str, value: str) -> bool:
        """What stood there before, from an import for one, may stay."""
        return name in self.changed_data and value != getattr(self.instance, name)

    def _tell_doubles(self, data: dict) -> None:
        now = {name: getattr(self.instance, name) for name in ("name", "company", "email", "phone")}
        given = {name: data.get(name, value) for name, value in now.items()}
        changed = {name for name, value in given.items() if value != now[name]}
        person = Customer(pk=self.instance.pk, **given)
        self.doubles = doubles_of(person, changed, self.user) if changed else ()
        if self.doubles:
            self.told = signature(self.doubles, person)
            if self.data.get("told") != self.told:
                self.add_error(None, _("Perhaps this customer is there already."))

    def _refuse_out_of_sight(self, data: dict) -> None:
        asked = [name for name in ("team", "owner") if name in self.fields]
        if not asked:
            return
        owner, team = (data.get(name, getattr(self.instance, name)) for name in ("owner", "team"))
        if not would_see(self.user, owner, team):
            self.add_error(asked[0], OUT_OF_SIGHT)

    @staticmethod
    def stored_in(name: str) -> str:
        return "attributes" if name.startswith("attribute-") else name

    def current(self, name: str):
        if name in self._meta.fields:
            return super().current(name)
        return self.instance.attributes.get(name.removeprefix("attribute-"))

    @property
    def changed_fields(self) -> list[str]:
        return [f for f in self._meta.fields if f in self.fields] + ["attributes"]
