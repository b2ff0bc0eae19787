"""What is edited in a cell of the list of customers: a field of the details, or the tags."""

from django import forms
from django.utils.translation import gettext_lazy as _

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


class TagsForm(forms.Form):
    """Which of the tags there are a customer has. Two who tag at once do not contradict each other: what either adds is
    there afterwards, what either takes away is not."""

    tags = TagsField(
        Tag.objects.none(),
        label=_("Tags"),
        required=False,
        show_hidden_initial=True,
        error_messages={"invalid_choice": _("One of these tags is no longer there.")},
    )

    def __init__(self, *args, instance: Customer, user, **kwargs):
        self.instance = instance
        super().__init__(*args, **kwargs)
        self.fields["tags"].queryset = Tag.objects.all()
        self.fields["tags"].initial = list(instance.tags.all())

    def seen(self) -> str:
        """What was ticked at the beginning, as the page carries it along."""
        return self["tags"].as_hidden(only_initial=True)

    def keep(self, actor) -> ChangeSet | None:
        name = self["tags"].html_initial_name
        seen = set(Seen().value_from_datadict(self.data, self.files, name))
        ticked = {str(tag.pk) for tag in self.cleaned_data["tags"]}
        now = {str(tag.pk) for tag in self.instance.tags.all()}
        wanted = now - (seen - ticked) | (ticked - seen)
        tags = [tag for tag in self.fields["tags"].queryset if str(tag.pk) in wanted]
        return set_tags(self.instance, tags, actor)
