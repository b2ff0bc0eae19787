"""What each person sets for themselves."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from customers.clocks import zone_choices
from customers.forms import dress
from customers.models import Notification, User
from customers.notifying import APP, EMAIL, ways_of

WAYS = {APP: _("In the app"), EMAIL: _("By e-mail")}


class ProfileForm(forms.ModelForm):
    """Language, clock and theme, and for each kind of notification how one is told of it."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = User
        fields = ["language", "time_zone", "theme"]

    def __init__(self, *args, company_zone: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), *settings.LANGUAGES]
        usual = _("As the company (%(zone)s)") % {"zone": company_zone}
        zones = zone_choices(self.instance.time_zone)
        self.fields["time_zone"].choices = [("", usual), *zones]
        dress(self)

    def told_rows(self) -> list[dict]:
        """A line per kind, with a box per way."""
        rows = []
        for kind, words in Notification.Kind.choices:
            chosen = ways_of(self.instance, kind)
            boxes = [
                {"name": f"{kind}-{way}", "words": said, "checked": way in chosen}
                for way, said in WAYS.items()
            ]
            rows.append({"words": words, "boxes": boxes})
        return rows

    def save(self, commit: bool = True) -> User:
        self.instance.told = {
            kind: [way for way in WAYS if f"{kind}-{way}" in self.data]
            for kind in Notification.Kind.values
        }
        return super().save(commit)


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = {
            "old_password": _("Your password now"),
            "new_password1": _("New password"),
            "new_password2": _("The same password again"),
        }
        for name, words in names.items():
            self.fields[name].label, self.fields[name].help_text = words, ""
        dress(self)
