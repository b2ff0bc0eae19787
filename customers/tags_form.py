"""The tags of a customer, ticked in a cell of the list or beside the details."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.editing import set_tags
from customers.forms import CHECK
from customers.models import ChangeSet, Customer, Tag

MANY = 8  # from here on choices are searched


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
        self.fields["tags"].initial = list(instance.tags.all()) if instance.pk else []

    def seen(self) -> str:
        """What was ticked at the beginning, as the page carries it along."""
        return self["tags"].as_hidden(only_initial=True)

    def wanted(self) -> list[Tag]:
        """The tags that the customer has afterwards."""
        name = self["tags"].html_initial_name
        seen = set(Seen().value_from_datadict(self.data, self.files, name))
        ticked = {str(tag.pk) for tag in self.cleaned_data["tags"]}
        now = {str(tag.pk) for tag in self.fields["tags"].initial}
        wanted = now - (seen - ticked) | (ticked - seen)
        return [tag for tag in self.fields["tags"].queryset if str(tag.pk) in wanted]

    def keep(self, actor) -> ChangeSet | None:
        return set_tags(self.instance, self.wanted(), actor)
