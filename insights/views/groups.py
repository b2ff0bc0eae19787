"""Name a behaviour group."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from customers.access import role_required
from insights.models import GroupName
from insights.naming import is_taken, name_group, published_groups, tidy
from insights.views.segments import READERS, page

INVALID = 422


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=GroupName.LONGEST, required=False, label=gettext_lazy("Name of the group")
    )

    def __init__(self, *args, number: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if is_taken(self.number, name):
            raise forms.ValidationError(_("Another group has this name already."))
        return name


@require_POST
@role_required(*READERS)
def group_name(request, number):
    if number not in published_groups():
        raise Http404
    form = NameForm(request.POST, number=number)
    if not form.is_valid():
        return page(request, renaming=form, status=INVALID)
    try:
        change_set = name_group(number, form.cleaned_data["name"], request.user)
    except IntegrityError:  # somebody gave it to another group in the same moment
        form.add_error("name", _("Another group has this name already."))
        return page(request, renaming=form, status=INVALID)
    if change_set:
        named = form.cleaned_data["name"]
        words = _("Group renamed") if named else _("Group has its own name again")
        messages.success(request, words, extra_tags=f"undo-{change_set.pk}")
    return redirect("segments")
