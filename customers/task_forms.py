"""The forms of tasks: adding and editing one, saying what came of it, and what is done with many."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.assigning import CannotAssign
from customers.conflicts import TellsConflicts
from customers.customer_field import CustomerField
from customers.filters import colleagues_of
from customers.forms import Prose, dress
from customers.models import Task, User
from customers.tasking import refuse_unseen
from customers.wording import day

FIELDS = (
    "title", "customer", "due_on", "assignee", "due_time", "remind", "repeat_every", "repeat", "note",
)  # fmt: skip
# What stands in view at once; the rest is a click away.
FIRST = FIELDS[:4]
LATEST = datetime.date(2200, 1, 1)


class TaskForm(TellsConflicts, forms.ModelForm):
    """``customer``: whom it is for and stays for; else that is a field of it."""

    customer = CustomerField(label=_("Customer"), required=False)
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
        self.customer = customer
        if customer:
            del self.fields["customer"]
        else:
            self.fields["customer"].look_among(user, self.instance.customer)
            self.fields["customer"].widget.attrs |= {
                "autocomplete": "off", "placeholder": _("Name, e-mail, company, phone or order"),
                "hx-get": reverse("customer-find"), "hx-trigger": "input changed delay:300ms",
                "hx-target": "next .c-found", "hx-swap": "innerHTML swapEmpty:true", "hx-sync": "this:replace",
            }  # fmt: skip
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
        return [self[name] for name in FIRST if name in self.fields]

    def other_fields(self) -> list:
        return [self[name] for name in FIELDS if name not in FIRST]

    @property
    def more_is_set(self) -> bool:
        """Whether something of what is a click away is filled in, or wrong."""
        task = self.instance
        filled = task.due_time or task.remind is not None or task.repeat or task.note
        return bool(filled or set(self.errors) - set(FIRST))

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and not 2000 <= due_on.year < LATEST.year:
            raise ValidationError(_("Between the years 2000 and 2199."))
        return due_on

    def clean_repeat_every(self):
        every = self.cleaned_data["repeat_every"]
        return 1 if every is None else every

    def clean(self):
        clean = super().clean()
        self.settle(clean)
        self._settle_customer(clean)
        needs_a_day = (
            clean.get("due_time") or clean.get("repeat") or clean.get("remind") is not None
        )
        if needs_a_day and not clean.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("With a time, a reminder or a repeat it needs a day."))
        customer, assignee = self.customer or clean.get("customer"), clean.get("assignee")
        if customer and assignee:
            try:
                refuse_unseen([Task(customer=customer)], assignee)
            except CannotAssign as error:
                self.add_error("assignee", str(error))
        return clean

    def _settle_customer(self, clean: dict) -> None:
        """A form without the field leaves the customer as it is; theirs is taken by name, as it is typed."""
        if "customer" not in self.fields:
            return
        if self.add_prefix("customer") not in self.data:
            clean["customer"] = self.instance.customer
        field = self.fields["customer"]
        if theirs := field.of(getattr(field, "theirs", None)):
            field.theirs = theirs.name

    def said(self, name: str, value) -> str:
        one = self.fields[name].of(value) if name == "customer" else None
        return one.name if one else super().said(name, value)


class OutcomeForm(forms.Form):
    """What came of a task."""

    outcome = forms.ChoiceField(choices=[("", "–"), *Task.Outcome.choices], required=False)
    note = forms.CharField(max_length=500, required=False)


FROM_TODAY = {1: _("Tomorrow"), 3: _("In 3 days"), 7: _("In a week")}
FROM_ITS_DAY = {1: _("A day later"), 3: _("3 days later"), 7: _("A week later")}


def later_days(due_on: datetime.date | None = None) -> list[tuple[datetime.date, str]]:
    """The days to put something off to, counted from the later of today and the day it is due, with their words."""
    today = timezone.localdate()
    is_ahead = due_on is not None and due_on > today
    first, words = (due_on, FROM_ITS_DAY) if is_ahead else (today, FROM_TODAY)
    return [(first + datetime.timedelta(days=days), said) for days, said in words.items()]


class UntilForm(forms.Form):
    """Put off to a day: not a past one, and not before it is due."""

    until = forms.DateField(
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")}
    )

    def __init__(self, *args, due_on: datetime.date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.due_on = due_on

    def clean_until(self):
        until = self.cleaned_data["until"]
        if not timezone.localdate() <= until < LATEST:
            raise ValidationError(_("Choose a day that is not past."))
        if self.due_on and until < self.due_on:
            words = _("This is due on %(day)s: choose a later day.")
            raise ValidationError(words, params={"day": day(self.due_on)})
        return until


class BulkForm(forms.Form):
    """What is to be done with the tasks that are ticked."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("complete", "assign", "snooze")])
    id = forms.TypedMultipleChoiceField(coerce=int)
    outcome = forms.ChoiceField(choices=[("", "–"), *Task.Outcome.choices], required=False)
    assignee = forms.ModelChoiceField(queryset=None, required=False)
    until = forms.DateField(required=False)

    def __init__(self, *args, user, known: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["id"].choices = [(pk, pk) for pk in known]
        self.fields["assignee"].queryset = colleagues_of(user)

    def clean(self):
        clean = super().clean()
        if clean.get("do") == "assign" and not clean.get("assignee"):
            self.add_error("assignee", _("Choose a colleague."))
        if clean.get("do") == "snooze":
            until = UntilForm(self.data)
            clean |= until.cleaned_data if until.is_valid() else {}
            for error in until.errors.get("until", []):
                self.add_error("until", error)
        return clean
