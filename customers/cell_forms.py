"""What is edited in a cell of the list of customers: a field of the details, or the tags (see customers.conflicts)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.conflicts import TellsConflicts
from customers.details_form import DetailsForm
from customers.editing import edit_customer, set_tags
from customers.forms import CHECK
from customers.models import ChangeSet, Customer, Tag

MANY = 8  # from here on choices are searched


def form_of(field: str, *args, **kwargs) -> "CellForm | TagsForm":
    """The form of a cell; ``keep(actor)`` stores what it holds."""
    if field == "tags":
        return TagsForm(*args, **kwargs)
    return CellForm(*args, field=field, **kwargs)


class CellForm(DetailsForm):
    """One field of the details, edited where it stands in a list; all others stay as they are."""

    def __init__(self, *args, field: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {field: self.fields[field]}
        self.attributes = [a for a in self.attributes if field == f"attribute-{a.name}"]

    def keep(self, actor) -> ChangeSet | None:
        return edit_customer(self.instance, self.changed_fields, actor)


class Seen(forms.HiddenInput):
    """What was ticked when the form was opened, in one text: nothing ticked is said too."""

    def format_value(self, value):
        return ",".join(sorted(map(str, value or [])))

    def value_from_datadict(self, data, files, name):
        return [one for one in data.get(name, "").split(",") if one]


class TagsField(forms.ModelMultipleChoiceField):
    hidden_widget = Seen
    widget = forms.CheckboxSelectMultiple(CHECK)

    @property
    def is_long(self) -> bool:
        return len(self.choices) > MANY


class TagsForm(TellsConflicts, forms.Form):
    """Which of the tags there are a customer has."""

    tags = TagsField(
        Tag.objects.none(),
        label=_("Tags"),
        required=False,
        error_messages={"invalid_choice": _("One of these tags is no longer there.")},
    )

    def __init__(self, *args, instance: Customer, user, **kwargs):
        self.instance = instance
        super().__init__(*args, **kwargs)
        self.fields["tags"].queryset = Tag.objects.all()
        self.fields["tags"].initial = self.current("tags")
        self.carry_along()

    def seen(self) -> str:
        """What was ticked at the beginning, as the page carries it along."""
        return self["tags"].as_hidden(only_initial=True)

    def clean(self):
        data = super().clean()
        self.settle(data)
        return data

    def current(self, name: str):
        return list(self.instance.tags.all())

    def keep(self, actor) -> ChangeSet | None:
        return set_tags(self.instance, self.cleaned_data["tags"], actor)
