"""The one box in which people write down what was said: with a reminder, colleagues named by @, and files."""

from django import forms
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.attaching import ENDINGS, MOST_FILES, check_files
from customers.forms import Prose, dress
from customers.mentioning import meant_in, sees_customer
from customers.models import Customer, Interaction, Task

# Only these go either way; the others say it themselves.
EITHER_WAY = {"call", "chat"}
WRITTEN_DOWN = [
    ("note", Interaction.Channel.NOTE.label),
    ("call", Interaction.Channel.CALL.label),
    ("meeting", Interaction.Channel.MEETING.label),
    ("chat", gettext_lazy("Message")),
    ("complaint", Interaction.Channel.COMPLAINT.label),
]


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each of which is checked."""

    widget = Files

    def clean(self, data, initial=None):
        files = [one for one in data or [] if one]
        check_files(files)
        return files


class LogForm(forms.ModelForm):
    """A note, a call, a meeting, a message or a complaint, written down by hand."""

    channel = forms.ChoiceField(label=gettext_lazy("What"), choices=WRITTEN_DOWN)
    direction = forms.ChoiceField(
        label=gettext_lazy("Who began"),
        choices=[
            (Interaction.Direction.OUT.value, gettext_lazy("We did")),
            (Interaction.Direction.IN.value, gettext_lazy("They did")),
        ],
        required=False,
    )
    text = Prose(label=gettext_lazy("What was said"), max_length=10_000)
    remind_on = forms.DateField(
        label=gettext_lazy("Remind me on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    remind_of = forms.CharField(label=gettext_lazy("Of what"), required=False, max_length=200)
    files = FilesField(label=gettext_lazy("Files"), required=False)

    class Meta:
        model = Interaction
        fields = ["channel", "text"]

    def __init__(self, *args, user=None, customer: Customer | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.person, self.mentioned = user, customer, []
        dress(self)

    @property
    def asks_for_more(self) -> bool:
        """Whether the part for the reminder and files stands open."""
        names = ("remind_on", "remind_of", "files")
        return any(self[name].errors or (self.is_bound and self[name].value()) for name in names)

    @property
    def files_help(self) -> str:
        words = _("At most %(n)s files of 10 MB each: %(types)s.")
        return words % {"n": MOST_FILES, "types": ENDINGS}

    def clean_remind_on(self):
        day = self.cleaned_data["remind_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day

    def clean_text(self):
        text = self.cleaned_data["text"]
        self.mentioned = meant_in(text, self.user)
        for colleague in self.mentioned:
            if not sees_customer(colleague, self.person):
                words = _(
                    "%(name)s does not see this customer. Leave out the @, or ask a manager to share it."
                )
                raise forms.ValidationError(words, params={"name": colleague})
        return text

    def clean(self):
        data = super().clean()
        if data.get("remind_of") and not data.get("remind_on") and "remind_on" not in self.errors:
            self.add_error("remind_on", _("Choose the day of the reminder."))
        return data

    def made(self) -> Interaction:
        talk = self.save(commit=False)
        talk.customer, talk.author, talk.occurred_at = self.person, self.user, timezone.now()
        talk.direction = self._direction_of(talk.channel)
        return talk

    def reminder(self) -> Task | None:
        day = self.cleaned_data["remind_on"]
        if not day:
            return None
        first = Truncator(" ".join(self.cleaned_data["text"].split())).chars(120)
        title = self.cleaned_data["remind_of"] or _("Follow up: %(text)s") % {"text": first}
        return Task(title=title[:200], due_on=day, assignee=self.user)

    def _direction_of(self, channel: str) -> str:
        if channel in EITHER_WAY and self.cleaned_data["direction"]:
            return self.cleaned_data["direction"]
        return {
            Interaction.Channel.NOTE: Interaction.Direction.INTERNAL,
            Interaction.Channel.COMPLAINT: Interaction.Direction.IN,
        }.get(channel, Interaction.Direction.OUT)
