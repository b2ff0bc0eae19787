"""The forms of the customer page and of the settings."""

import datetime
import zoneinfo

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import OUT_OF_SIGHT, would_see
from customers.editing import clean_attributes
from customers.filters import colleagues_of, teams_of
from customers.models import (
    ApiToken,
    Company,
    CustomAttribute,
    Customer,
    Interaction,
    Order,
)

FIELD = {"class": "c-field"}
SELECT = {"class": "form-select c-field"}
CHECK = {"class": "form-check-input"}
LANGUAGES = [("", "–"), ("en", "English"), ("zh", "中文"), ("de", "Deutsch"), ("fr", "Français"),
             ("es", "Español"), ("it", "Italiano"), ("sv", "Svenska"), ("pl", "Polski"),
             ("nl", "Nederlands"), ("pt", "Português"), ("da", "Dansk"), ("ja", "日本語")]  # fmt: skip


def dress(form: forms.BaseForm) -> None:
    """Give every field the look of the kit."""
    for field in form.fields.values():
        take_it_all(field)
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput):
            widget.attrs |= CHECK
        elif isinstance(widget, forms.Select):
            widget.attrs |= SELECT
        else:
            widget.attrs |= FIELD


def take_it_all(field: forms.Field) -> None:
    """A browser would cut off what is longer without a word: the field takes it, and says that it is too long."""
    most = field.widget.attrs.pop("maxlength", None)
    if most:
        field.widget.attrs["data-most"] = most
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = _(
                "This is too long: %(show_value)d characters, %(limit_value)d at most."
            )


class Prose(forms.CharField):
    """Text of several lines. A line's end is one character, as people count, and not the two that browsers send."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


WRITTEN_DOWN = ("note", "call", "meeting", "complaint")


class InteractionForm(forms.ModelForm):
    """A note, a call or a complaint, written down by hand."""

    channel = forms.ChoiceField(
        label=_("What"),
        choices=[(code, Interaction.Channel(code).label) for code in WRITTEN_DOWN],
    )
    direction = forms.ChoiceField(
        label=_("Who called"),
        choices=[
            (Interaction.Direction.OUT.value, _("We called")),
            (Interaction.Direction.IN.value, _("They called")),
        ],
        required=False,
    )
    text = Prose(label=_("What was said"), max_length=10_000)

    class Meta:
        model = Interaction
        fields = ["channel", "text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)

    def made_by(self, user, customer: Customer) -> Interaction:
        talk = self.save(commit=False)
        talk.customer, talk.author, talk.occurred_at = customer, user, timezone.now()
        talk.direction = self._direction_of(talk.channel)
        return talk

    def _direction_of(self, channel: str) -> str:
        """Only a call can go either way; the others say it themselves."""
        if channel == Interaction.Channel.CALL and self.cleaned_data["direction"]:
            return self.cleaned_data["direction"]
        return {
            Interaction.Channel.NOTE: Interaction.Direction.INTERNAL,
            Interaction.Channel.COMPLAINT: Interaction.Direction.IN,
        }.get(channel, Interaction.Direction.OUT)


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

    def _field_of(self, attribute: CustomAttribute) -> forms.Field:
        value = self.instance.attributes.get(attribute.name)
        if attribute.type == CustomAttribute.Type.BOOLEAN:
            word = {True: "true", False: "false"}.get(value, "")
            choices = [("", "–"), ("true", _("yes")), ("false", _("no"))]
            return forms.ChoiceField(
                label=attribute.label, choices=choices, required=False, initial=word
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
        if "team" in self.fields and not would_see(self.user, data.get("owner"), data.get("team")):
            self.add_error("team", OUT_OF_SIGHT)
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

    @property
    def changed_fields(self) -> list[str]:
        return [f for f in self._meta.fields if f in self.fields] + ["attributes"]


class CompanyForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Company
        fields = [
            "name", "base_currency", "time_zone",
            "churn_horizon_days", "churn_label_attribute", "churn_label_value",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(z, z) for z in sorted(zoneinfo.available_timezones())]
        self.fields["churn_horizon_days"].min_value = 7
        names = list(CustomAttribute.objects.values_list("name", "label"))
        self.fields["churn_label_attribute"] = forms.ChoiceField(
            label=self.fields["churn_label_attribute"].label,
            help_text=self.fields["churn_label_attribute"].help_text,
            choices=[("", _("None: learn from orders")), *names],
            required=False,
        )
        if Order.objects.exists():
            # Every order carries its amount in base currency; another one would make them all wrong.
            self.fields["base_currency"].disabled = True
            self.fields["base_currency"].help_text = _("Cannot change once there are orders.")
        dress(self)

    def clean_base_currency(self):
        code = self.cleaned_data["base_currency"].strip().upper()
        if len(code) != 3 or not code.isalpha():
            raise forms.ValidationError(_("Three letters, for example EUR."))
        return code

    def clean_churn_horizon_days(self):
        days = self.cleaned_data["churn_horizon_days"]
        if not 7 <= days <= 730:
            raise forms.ValidationError(_("Between 7 and 730 days."))
        return days


TOKEN_LIVES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("One year")),
    ("", _("Until revoked")),
]
SCOPE_WORDS = {
    "read": _("See what you see: customers, orders, scores."),
    "write": _("Add and change customers, products and everything else."),
    "ingest": _("Add orders, messages and events; see and change nothing."),
    "train": _("Start and stop trainings, publish versions."),
}


class TokenForm(forms.Form):
    """A new token: what for, what it may do, how long it lives."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Where it will be used, for example “Web shop”."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple, initial=["read"]
    )
    days = forms.ChoiceField(
        label=_("Ends after"), choices=TOKEN_LIVES, required=False, initial="90"
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = ApiToken.scopes_for(user)
        self.fields["scopes"].error_messages["required"] = _("Choose at least one.")
        dress(self)

    def scope_options(self) -> list[dict]:
        return [{"box": box, "words": SCOPE_WORDS[box.data["value"]]} for box in self["scopes"]]

    def issue(self, user) -> tuple[ApiToken, str]:
        data, ends = self.cleaned_data, None
        if data["days"]:
            ends = timezone.now() + datetime.timedelta(days=int(data["days"]))
        return ApiToken.objects.issue(user, data["name"], data["scopes"], ends)
