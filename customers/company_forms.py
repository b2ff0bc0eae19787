"""The forms of what an admin keeps for the company: people, teams, own fields, tags, exchange rates."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from customers.forms import dress
from customers.models import Company, CustomAttribute, ExchangeRate, Tag, Team, User

LONGEST_CHOICE = 100  # characters


class Dressed(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)


class TeamForm(Dressed):
    class Meta:
        model = Team
        fields = ["name", "shares_customers"]


class TagForm(Dressed):
    """``other``: the tag that has the wanted name already; one that is edited can be merged into it."""

    other: Tag | None = None

    class Meta:
        model = Tag
        fields = ["name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            words = _("Give it the name of another tag to merge the two.")
            self.fields["name"].help_text = words

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        others = Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk)
        self.other = others.first()
        if self.other:
            raise forms.ValidationError(_("There is a tag of this name already."))
        return name


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Tag.objects.none())

    def __init__(self, *args, tag: Tag, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Tag.objects.exclude(pk=tag.pk)


class AttributeForm(Dressed):
    """The name stands on every customer and in models: it is chosen once."""

    class Meta:
        model = CustomAttribute
        fields = ["label", "name", "type", "choices", "position"]
        widgets = {"choices": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "choices": gettext_lazy("One on each line, or all on one line with commas between."),
            "name": gettext_lazy("As files and the API call it: small letters, digits, hyphens and underscores."),
            "type": gettext_lazy("Values of another type stay stored, but are no longer shown or filtered by."),
            "position": gettext_lazy("Lower numbers stand first."),
        }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _("Cannot change: values are stored under it.")

    def clean_choices(self):
        """One on each line. Those of a field that has another type now wait unseen until it is a choice again."""
        text = self.cleaned_data["choices"]
        if self.cleaned_data.get("type") != CustomAttribute.Type.CHOICE:
            return "\n".join(text.splitlines())
        words = text.splitlines() if "\n" in text.strip() else re.split("[,，、]", text)
        choices = [one for one in (" ".join(word.split()) for word in words) if one]
        self.refuse_long_and_doubled(choices)
        if len(choices) < 2:
            raise forms.ValidationError(_("A choice needs at least two."))
        return "\n".join(choices)

    def refuse_long_and_doubled(self, choices: list[str]) -> None:
        seen: set[str] = set()
        for one in choices:
            if len(one) > LONGEST_CHOICE:
                words = _("“%(choice)s…” is too long: at most %(most)s characters.")
                told = {"choice": one[:20], "most": LONGEST_CHOICE}
                raise forms.ValidationError(words, params=told)
            if one.casefold() in seen:
                raise forms.ValidationError(
                    _("“%(choice)s” stands there twice."), params={"choice": one}
                )
            seen.add(one.casefold())


class RateForm(Dressed):
    class Meta:
        model = ExchangeRate
        fields = ["currency", "valid_from", "rate"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.base = Company.current().base_currency
        words = _("What one unit costs in %(base)s, from this day until the next rate.")
        self.fields["rate"].help_text = words % {"base": self.base}
        if self.instance.pk:
            self.initial["rate"] = f"{self.instance.rate.normalize():f}"

    def clean_currency(self):
        code = self.cleaned_data["currency"].strip().upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise forms.ValidationError(_("Three letters, for example EUR."))
        if code == self.base:
            words = _("%(code)s is the company’s own currency and needs no rate.")
            raise forms.ValidationError(words % {"code": code})
        return code

    def clean_rate(self):
        rate = self.cleaned_data["rate"]
        if not rate > 0:
            raise forms.ValidationError(_("A rate is more than 0."))
        return rate


class PersonForm(Dressed):
    """Somebody who works with the product; who has left is switched off, so that what they did keeps their name."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "username", "email", "role", "teams", "is_active"]
        labels = {
            "is_active": gettext_lazy("May sign in"), "username": gettext_lazy("User name"),
            "email": pgettext_lazy("of a person", "E-mail"),
        }  # fmt: skip
        help_texts = {"username": "", "is_active": ""}
        widgets = {"teams": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teams"].widget.attrs = {"class": "form-check-input"}
        if not self.instance.pk:
            del self.fields["is_active"]

    def clean_email(self):
        email = self.cleaned_data["email"].strip()
        others = User.objects.exclude(pk=self.instance.pk)
        if email and others.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody has this address already."))
        return email

    def clean(self):
        clean = super().clean()
        was = User.objects.filter(pk=self.instance.pk, role=User.Role.ADMIN, is_active=True)
        stays = clean.get("role") == User.Role.ADMIN and clean.get("is_active", True)
        if self.instance.pk and was.exists() and not stays and not self.another_admin():
            raise forms.ValidationError(
                _("The company needs an admin who may sign in: make another one first.")
            )
        return clean

    def another_admin(self) -> bool:
        admins = User.objects.filter(role=User.Role.ADMIN, is_active=True)
        return admins.exclude(pk=self.instance.pk).exists()

    def save(self, commit=True):
        person = self.instance
        person.take_rights_of_role()
        if not person.pk:
            person.set_unusable_password()  # until they follow their invitation
        return super().save(commit)
