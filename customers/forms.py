"""The look of all forms; the forms of tasks and of the settings."""

import datetime

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.clocks import zone_choices
from customers.models import (
    ApiToken,
    Company,
    CustomAttribute,
    Order,
)
from customers.wording import DASH

FIELD = {"class": "c-field"}
SELECT = {"class": "form-select c-field"}
CHECK = {"class": "form-check-input"}


def dress(form: forms.BaseForm) -> None:
    """Give every field the look of the kit."""
    for field in form.fields.values():
        take_it_all(field)
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput):
            widget.attrs |= CHECK
        elif isinstance(widget, forms.Select):
            widget.attrs |= SELECT
            call_nothing_a_dash(field)
        else:
            widget.attrs |= FIELD


def call_nothing_a_dash(field: forms.Field) -> None:
    """Nothing chosen reads as it does wherever nothing is known."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == BLANK_CHOICE_DASH[0][1]:
            field.empty_label = DASH
    elif next(iter(field.choices), None) == BLANK_CHOICE_DASH[0]:
        field.choices = [("", DASH), *list(field.choices)[1:]]


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
        self.fields["time_zone"].choices = zone_choices(self.instance.time_zone)
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
    "ingest": _(
        "Send orders, messages and events in; an order or message sent again replaces the earlier one. See nothing."
    ),
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
