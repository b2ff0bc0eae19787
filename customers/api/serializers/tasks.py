"""What is to be done, and what came of it."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.bulk.references import no_colleague
from customers.api.choosing import OneOf
from customers.api.known import KnownFields
from customers.api.serializers.fields import NamedField, VisibleCustomerField
from customers.api.texts import RecordSerializer, TextField
from customers.assigning import CannotAssign
from customers.filters import colleagues_of
from customers.models import Task
from customers.tasking import refuse_unseen

LAST_YEAR = 2199


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "nullable": True})
class ClockField(serializers.TimeField):
    """Hours and minutes on the clock of whom the task is assigned to."""

    def __init__(self, **kwargs):
        super().__init__(**{"format": "%H:%M", "input_formats": ["%H:%M"], **kwargs})


class MinutesField(OneOf):
    """One of the spans that there are, as a number."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class ColleagueField(NamedField):
    """Somebody of one's teams, by user name; for admins anybody."""

    def __init__(self, **kwargs):
        super().__init__("username", no_colleague, **kwargs)

    def get_queryset(self):
        return colleagues_of(self.context["request"].user)


class TaskSerializer(RecordSerializer):
    customer = VisibleCustomerField(required=False, allow_null=True)
    assignee = ColleagueField(
        required=False, help_text="Username; you, where nobody is named.", allow_null=True
    )
    due_time = ClockField(required=False, allow_null=True)
    remind = MinutesField(
        Task.Remind.choices, required=False, allow_null=True, help_text="Minutes before it is due."
    )
    created_by = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    done_by = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    outcome = OneOf(
        Task.Outcome.choices, read_only=True, allow_blank=True, help_text="Empty while it is open."
    )

    class Meta:
        model = Task
        fields = [
            "id", "customer", "title", "note", "due_on", "due_time", "assignee", "remind",
            "repeat", "repeat_every", "created_by", "recorded_at", "done_at", "done_by",
            "outcome", "outcome_note",
        ]  # fmt: skip
        read_only_fields = ["recorded_at", "done_at", "outcome", "outcome_note"]

    def validate(self, data: dict) -> dict:
        def now(name: str):
            return data[name] if name in data else getattr(self.instance, name, None)

        day, errors = now("due_on"), {}
        if day is None and (now("due_time") or now("repeat") or now("remind") is not None):
            errors["due_on"] = _("With a time, a reminder or a repeat it needs a day.")
        if day is not None and not 2000 <= day.year <= LAST_YEAR:
            errors["due_on"] = _("Between the years 2000 and 2199.")
        if errors:
            raise serializers.ValidationError(errors, "contradiction")
        if data.get("assignee") and now("customer"):
            try:
                refuse_unseen([Task(customer=now("customer"))], data["assignee"])
            except CannotAssign as error:
                raise serializers.ValidationError(
                    {"assignee": str(error)}, "out_of_sight"
                ) from error
        return data


class CompletionSerializer(KnownFields, serializers.Serializer):
    """What came of a task that is done; ``done: false`` opens it again."""

    done = serializers.BooleanField(default=True)
    outcome = OneOf(Task.Outcome.choices, required=False, allow_blank=True)
    note = TextField(max_length=500, required=False, allow_blank=True)
