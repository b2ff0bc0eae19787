"""What people do about single messages: set right what was read out of them, and hand them to somebody."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.assigning import CannotAssign, assign
from customers.correcting import FIELDS, correct
from customers.models import Interaction, MessageCorrection, User, concern_word, concerns
from customers.views.actions import INVALID, render_toasts
from customers.views.preferences import own_address
from customers.views.toasts import say
from customers.wording import spaced


class CorrectionForm(forms.ModelForm):
    """One of the two at a time, each from its list."""

    class Meta:
        model = MessageCorrection
        fields = FIELDS

    def clean_intent(self) -> str:
        intent = self.cleaned_data["intent"]
        if intent and intent not in concerns().choices() and intent != self.initial.get("read"):
            raise forms.ValidationError(_("There is no such concern."))
        return intent

    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data.get(name)}


@require_POST
def message_correct(request, pk):
    """What a customer's message really expresses; whoever may see the message may say so."""
    talks = Interaction.objects.visible_to(request.user).select_related("reading", "customer")
    talk = get_object_or_404(talks, pk=pk)
    form = CorrectionForm(request.POST, initial={"read": talk.reading.intent_read})
    if not talk.reading.inbound or not form.is_valid() or not form.said():
        messages.error(
            request, _("Only what a customer wrote can be set right, to a value of the list.")
        )
        return answered(request, INVALID)
    said = form.said()
    if change_set := correct(talk, request.user, **said):
        say(request, told(said), change_set)
    return answered(request)


def told(said: dict[str, str]) -> str:
    if "label" in said:
        label = dict(MessageCorrection._meta.get_field("label").flatchoices)[said["label"]]
        return _("Feeling set to “%(label)s”") % {"label": label}
    return _("Concern set to “%(intent)s”") % {"intent": concern_word(said["intent"])}


class AssigneeForm(forms.Form):
    """Nobody where it is empty."""

    assignee = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)


@require_POST
def message_assign(request, pk):
    """Who looks after a customer's message; whoever may see it may hand it to somebody who may see it too."""
    talks = Interaction.objects.visible_to(request.user).select_related("reading", "customer")
    talk = get_object_or_404(talks, pk=pk)
    form = AssigneeForm(request.POST)
    if not talk.reading.inbound or not form.is_valid() or "assignee" not in request.POST:
        messages.error(request, _("Only what a customer wrote can be handed to a colleague."))
        return answered(request, INVALID)
    assignee = form.cleaned_data["assignee"]
    try:
        change_set = assign(talk, assignee, request.user)
    except CannotAssign as error:
        messages.error(request, str(error))
        return answered(request, INVALID)
    if change_set:
        say(request, handed(assignee, request.user), change_set)
    return answered(request)


def handed(assignee: User | None, user) -> str:
    if assignee is None:
        return _("Nobody looks after it now")
    if assignee == user:
        return _("You look after it now")
    return spaced(_("Assigned to %(name)s") % {"name": assignee})


def answered(request, status: int = 200) -> HttpResponse:
    """The open page looks for itself which of its parts have changed."""
    if not request.htmx:
        return redirect(own_address(request, request.META.get("HTTP_REFERER")))
    told_by = {"HX-Trigger": "facts-changed"} if status == 200 else {}
    return HttpResponse(render_toasts(request), headers=told_by, status=status)
