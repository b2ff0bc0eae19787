"""The forms of tasks: adding and editing one, saying what came of it, and what is done with many."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.assigning import CannotAssign
from customers.conflicts import TellsConflicts
from customers.filters import colleagues_of
from customers.forms import Prose, dress
from customers.models import Task, User
from customers.tasking import refuse_unseen

FIELDS = (
    "title", "due_on", "assignee", "due_time", "remind", "repeat_every", "repeat", "note",
)  # fmt: skip
# What stands in view at once; the rest is a click away.
FIRST = FIELDS[:3]
LATEST = datetime.date(2200, 1, 1)


class TaskForm(TellsConflicts, forms.ModelForm):
    note = Prose(
        label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 3})
    )

    class Meta:
        model = Task
        fields = FIELDS
        widgets = {
            "due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "due_time": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "repeat_every": forms.NumberInput({"min": 1, "max": 365, "inputmode": "numeric"}),
        }

    def __init__(self, *args, user, customer=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.customer = customer or self.instance.customer
        # Who has it keeps it, also where they have left the team.
        among = Q(pk__in=colleagues_of(user).values("pk")) | Q(pk=self.instance.assignee_id)
        self.fields["assignee"].queryset = User.objects.filter(among)
        self.fields["assignee"].initial = user.pk
        self.fields["assignee"].empty_label = None
        self.fields["assignee"].required = True
        self.fields["remind"].choices = [("", _("Do not remind")), *Task.Remind.choices]
        self.fields["repeat"].choices = [("", _("Does not repeat")), *Task.Repeat.choices]
        self.fields["repeat"].label = _("Repeats in")
        self.fields["repeat_every"].label = _("Every")
        self.fields["repeat_every"].required = False
        dress(self)
        self.carry_along()

    def first_fields(self) -> list:
        return [self[name] for name in FIRST]

    def other_fields(self) -> list:
        return [self[name] for name in FIELDS if name not in FIRST]

    @property
    def more_is_set(self) -> bool:
        """Whether something of what is a click away is filled in, or wrong."""
        task = self.instance
        filled = task.due_time or task.remind is not None or task.repeat or task.note
        return bool(filled or set(self.errors) - set(FIRST))

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and not 2000 <= day.year < LATEST.year:
            raise ValidationError(_("Between the years 2000 and 2199."))
        return day

    def clean_repeat_every(self):
        every = self.cleaned_data["repeat_every"]
        return 1 if every is None else every

    def clean(self):
        clean = super().clean()
        self.settle(clean)
        needs_a_day = (
            clean.get("due_time") or clean.get("repeat") or clean.get("remind") is not None
        )
        if needs_a_day and not clean.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("With a time, a reminder or a repeat it needs a day."))
        if self.customer and (assignee := clean.get("assignee")):
            try:
                refuse_unseen([Task(customer=self.customer)], assignee)
            except CannotAssign as error:
                self.add_error("assignee", str(error))
        return clean


class OutcomeForm(forms.Form):
    """What came of a task."""

    outcome = forms.ChoiceField(choices=[("", "–"), *Task.Outcome.choices], required=False)
    note = forms.CharField(max_length=500, required=False)


class UntilForm(forms.Form):
    """Put off by days, or to a day that is not past."""

    days = forms.TypedChoiceField(
        choices=[("1", _("Tomorrow")), ("3", _("In 3 days")), ("7", _("In a week"))],
        coerce=int,
        required=False,
    )
    until = forms.DateField(required=False)

    def __init__(self, *args, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self):
        clean = super().clean()
        day = clean.get("until")
        if not day and not clean.get("days"):
            raise ValidationError(_("Choose a day."))
        if day and not self.today <= day < LATEST:
            raise ValidationError(_("Choose a day that is not past."))
        return clean

    @property
    def day(self) -> datetime.date:
        clean = self.cleaned_data
        return clean.get("until") or self.today + datetime.timedelta(days=clean["days"])


class BulkForm(forms.Form):
    """What is to be done with the tasks that are ticked."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("complete", "assign", "snooze")])
    id = forms.TypedMultipleChoiceField(coerce=int)
    outcome = forms.ChoiceField(choices=[("", "–"), *Task.Outcome.choices], required=False)
    assignee = forms.ModelChoiceField(queryset=None, required=False)
    days = UntilForm.base_fields["days"]

    def __init__(self, *args, user, known: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["id"].choices = [(pk, pk) for pk in known]
        self.fields["assignee"].queryset = colleagues_of(user)

    def clean(self):
        clean = super().clean()
        if clean.get("do") == "assign" and not clean.get("assignee"):
            self.add_error("assignee", _("Choose a colleague."))
        if clean.get("do") == "snooze" and not clean.get("days"):
            self.add_error("days", _("Choose a day."))
        return clean
