"""Who chooses something that is not there is told what there is."""

from collections.abc import Iterable

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers

NONE_OF = _("“%(input)s” is none of: %(allowed)s.")
MOST_LISTED = 50
LONGEST = 100  # of what was sent


def listed(values: Iterable) -> str:
    """Nothing chosen is no word for a list."""
    words = [str(value) for value in values if value not in ("", None)]
    more = ["…"] if len(words) > MOST_LISTED else []
    return ", ".join(words[:MOST_LISTED] + more)


class ListsAllowed:
    """For fields of choices; stands before the field among the bases."""

    def fail(self, key: str, **words):
        if key != "invalid_choice":
            return super().fail(key, **words)
        told = {
            "input": Truncator(str(words["input"])).chars(LONGEST),
            "allowed": listed(self.choices),
        }
        raise serializers.ValidationError(NONE_OF % told, key)


class OneOf(ListsAllowed, serializers.ChoiceField):
    pass


class SomeOf(ListsAllowed, serializers.MultipleChoiceField):
    pass


class FilterBackend(DjangoFilterBackend):
    """Parameters of lists are answered in the same words."""

    def get_filterset(self, request, queryset, view):
        filterset = super().get_filterset(request, queryset, view)
        for field in filterset.form.fields.values() if filterset else ():
            if isinstance(field, forms.ChoiceField) and not isinstance(
                field, forms.ModelChoiceField
            ):
                allowed = listed(value for value, _label in field.choices)
                words = NONE_OF % {"input": "%(value)s", "allowed": allowed.replace("%", "%%")}
                field.error_messages["invalid_choice"] = words
        return filterset
