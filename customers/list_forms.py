"""The forms of a list: what it is called and who sees it, and what is done with many customers at once."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.acting import OF_ATTRIBUTE
from customers.answering import WAYS
from customers.countries import check_country, country_name
from customers.details_form import DetailsForm
from customers.editing import clean_attributes
from customers.filters import colleagues_of, teams_of
from customers.forms import dress
from customers.models import Customer, SavedView, Tag, Task, Team, User
from customers.reasons import said
from customers.wording import DASH


class SavedViewForm(forms.ModelForm):
    """What a list is called and who sees it; sharing with everyone is for managers, first pages for admins."""

    class Meta:
        model = SavedView
        fields = ["name", "audience", "team", "default_for"]
        help_texts = {
            "default_for": _(
                "People of this role begin with this list when they open the customers."
            ),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        who = SavedView.Audience
        if not (user.is_manager or user.is_admin or self.instance.audience == who.EVERYONE):
            kept = [one for one in who.choices if one[0] != who.EVERYONE]
            self.fields["audience"].choices = kept
        self.fields["team"].queryset = teams = teams_of(user)
        self.fields["team"].empty_label = _("Choose a team")
        if not self.instance.team_id and len(only := list(teams[:2])) == 1:
            self.initial["team"] = only[0]
        if not user.is_admin or self.instance.page != SavedView.Page.CUSTOMERS:
            del self.fields["default_for"]
        dress(self)

    def clean(self):
        clean = super().clean()
        audience = clean.get("audience")
        if audience != SavedView.Audience.TEAM:
            clean["team"] = None
        elif not clean.get("team"):
            self.add_error("team", _("Choose the team that sees it."))
        if clean.get("default_for") and audience != SavedView.Audience.EVERYONE:
            self.add_error("default_for", _("A first page has to be seen by everyone."))
        return clean


class AssignForm(forms.Form):
    """What is left empty stays as each customer has it."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("as it is")
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("as it is")
    )

    def __init__(self, *args, selection, **kwargs):
        super().__init__(*args, **kwargs)
        self.selection = selection
        self.fields["owner"].queryset = colleagues_of(selection.user)
        self.fields["team"].queryset = teams_of(selection.user)
        dress(self)

    def clean(self):
        clean = super().clean()
        owner, team = clean.get("owner"), clean.get("team")
        if not owner and not team and not self.errors:
            raise forms.ValidationError(_("Choose an owner, a team, or both."))
        # With an owner and without a team, none of this manager's would see them any more.
        alone = owner and not team and self.selection.user.is_manager
        if alone and self.selection.customers.filter(team=None).exists():
            self.add_error("team", _("Some of them have no team yet: choose one."))
        return clean


class TagForm(forms.Form):
    way = forms.ChoiceField(
        label=pgettext_lazy("with a selection", "What to do"),
        choices=[("add", _("Add the tag")), ("remove", _("Remove the tag"))],
    )
    known = forms.ModelChoiceField(Tag.objects.all(), label=_("Tag"), required=False)
    fresh = forms.CharField(label=_("Or a new tag"), max_length=50, required=False)

    def __init__(self, *args, selection, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)

    def clean(self):
        clean = super().clean()
        known, fresh = clean.get("known"), clean.get("fresh")
        if bool(known) == bool(fresh) and not self.errors:
            raise forms.ValidationError(_("Choose a tag, or name a new one."))
        if fresh and clean.get("way") == "remove":
            self.add_error("fresh", _("A new tag is on nobody yet."))
        return clean

    def tag(self) -> Tag:
        """The tag that was chosen or named; one of that name is made where there is none."""
        return (
            self.cleaned_data["known"]
            or Tag.objects.get_or_create(name=self.cleaned_data["fresh"])[0]
        )


# What makes sense of many at once: nobody shares a name or a phone number.
PLAIN = ("company", "kind", "lifecycle", "city", "country", "language", "profiling_refused")


class FieldForm(forms.Form):
    """One field of the details, and the value that all of them get; left empty, they have none."""

    field = forms.ChoiceField(label=_("Field"))

    def __init__(self, *args, selection, **kwargs):
        super().__init__(*args, **kwargs)
        self.details = DetailsForm(instance=Customer(), user=selection.user)
        offered = {
            name: one
            for name, one in self.details.fields.items()
            if name in PLAIN or name.startswith(OF_ATTRIBUTE)
        }
        labels = [(name, one.label) for name, one in offered.items()]
        self.fields["field"].choices = [("", _("Choose a field…")), *labels]
        self.chosen = self.data.get("field", "")
        if self.chosen in offered:
            self._ask_for(offered[self.chosen])
        dress(self)

    def _ask_for(self, value: forms.Field) -> None:
        """Each field's value has a name of its own: what was typed for another is not taken for it."""
        name = f"value-{self.chosen}"
        value.show_hidden_initial, value.help_text = False, ""
        self.fields[name] = value
        if value.required and name not in self.data:
            self.data = self.data.copy()
            self.data[name] = value.choices[0][
                0
            ]  # what a browser shows of a choice without a choice

    def clean(self):
        clean = super().clean()
        value = clean.get(f"value-{self.chosen}")
        if self.chosen.startswith(OF_ATTRIBUTE) and not self.errors:
            attribute = self.chosen.removeprefix(OF_ATTRIBUTE)
            try:
                value = clean_attributes({attribute: value}).get(attribute)
            except forms.ValidationError as error:
                self.add_error(f"value-{self.chosen}", error.message_dict[attribute])
        if self.chosen == "country" and value:
            try:
                check_country(value)
            except forms.ValidationError as error:
                self.add_error("value-country", error)
        clean["value"] = value
        return clean

    def values_of(self, customers) -> list:
        """What the customers have in the chosen field now."""
        attribute = self.chosen.removeprefix(OF_ATTRIBUTE)
        if attribute == self.chosen:
            return list(customers.order_by().values_list(self.chosen, flat=True))
        found = customers.order_by().values_list("attributes", flat=True)
        return [one.get(attribute) for one in found]

    def said(self, value) -> str:
        if value in (None, ""):
            return DASH
        if self.chosen.startswith(OF_ATTRIBUTE):
            return said(value)
        if self.chosen == "country":
            name = country_name(value)  # two spellings of one country stay two values
            return name if name == value else f"{name} ({value})"
        return self.details.said(self.chosen, value)


class AnsweredForm(forms.Form):
    """How they were answered; this is what their histories will say."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("a customer was answered", "How"),
        choices=[(one.value, one.label) for one in WAYS],
    )
    text = forms.CharField(
        label=_("What was answered"), max_length=500, initial=_("Answered outside of this system")
    )

    def __init__(self, *args, selection, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)


class LookAfterForm(forms.Form):
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Who is to answer"), empty_label=_("Choose a colleague")
    )

    def __init__(self, *args, selection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = colleagues_of(selection.user)
        dress(self)


class TasksForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["title", "due_on", "assignee"]
        widgets = {"due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, selection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = colleagues_of(selection.user)
        self.fields["assignee"].empty_label = _("the owner of each customer")
        self.fields["assignee"].required = False
        dress(self)
