"""Why customers write: the company's concerns with how often each is read, and what managers make of them."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from customers.access import role_required
from customers.concerns import (
    Unsortable,
    add_concern,
    edit_concern,
    is_taken,
    merge_concern,
    switch_concern,
    tidy_words,
)
from customers.models import ChangeSet, Concern, Concerns, stored_concerns
from customers.reader_words import INTENTS, OTHER
from customers.wording import amount
from insights.movements import last_days
from insights.naming import tidy
from insights.views.segments import READERS
from insights.views.voice import address, ready, table_links
from insights.voice import Amounts, messages_of, stored, summed

DAYS, EXAMPLES = 365, 3
INVALID = 422


class ConcernForm(forms.Form):
    """``code``: of the one that is edited; empty for a new one, which needs a name."""

    name_en = forms.CharField(
        max_length=Concern.LONGEST, required=False, label=gettext_lazy("Name in English")
    )
    name_zh = forms.CharField(
        max_length=Concern.LONGEST, required=False, label=gettext_lazy("Name in Chinese")
    )
    words = forms.CharField(
        max_length=9_000, required=False, label=gettext_lazy("Words that say so"),
        help_text=gettext_lazy("One wording a line, in any language. Messages with one of them are read as this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args, code: str = "", **kwargs):
        super().__init__(*args, auto_id=f"{code or 'new'}-%s", **kwargs)
        self.code = code
        for name, language in (("name_en", "en"), ("name_zh", "zh-hans")):
            with translation.override(language):
                self.fields[name].widget.attrs["placeholder"] = str(INTENTS.get(code, ""))

    def clean_name(self, name: str) -> str:
        name = tidy(name)
        if name and is_taken(name, self.code):
            raise forms.ValidationError(_("Another concern has this name already."))
        return name

    def clean_name_en(self) -> str:
        return self.clean_name(self.cleaned_data["name_en"])

    def clean_name_zh(self) -> str:
        return self.clean_name(self.cleaned_data["name_zh"])

    def clean_words(self) -> list[str]:
        try:
            return tidy_words(self.cleaned_data["words"])
        except Unsortable as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict:
        data = super().clean()
        if (
            self.code not in INTENTS
            and not self.errors
            and not (data["name_en"] or data["name_zh"])
        ):
            self.add_error("name_en", _("It needs a name in one of the languages."))
        return data


@require_safe
@role_required(*READERS)
def concerns_page(request):
    return page(request)


def page(request, form: ConcernForm | None = None, status: int = 200):
    now = stored_concerns()
    rows = rows_of(request.user, now, form)
    context = {
        "rows": [row for row in rows if row["code"] in now.choices()],
        "aside": [row for row in rows if row["code"] not in now.choices()],
        "targets": now.choices(),
        "new": form if form and not form.code else ConcernForm(),
        "other": OTHER,
        "days": DAYS,
        "files": table_links("concerns"),
    }
    return render(request, "insights/concerns.html", context, status=status)


def rows_of(user, now: Concerns, form: ConcernForm | None = None) -> list[dict]:
    """Each concern with how many messages expressed it in a year, of the teams the reader may see; most first."""
    counts = counted(user, now)
    rows = []
    most = max((amounts.messages for amounts in counts.values()), default=0) or 1
    for code in sorted(now.codes, key=lambda one: -counts[one].messages if one in counts else 0):
        english, chinese = now.names.get(code, ("", ""))
        shown = {
            "name_en": english,
            "name_zh": chinese,
            "words": "\n".join(now.words.get(code, ())),
        }
        edited = form if form and form.code == code else None
        target = now.merged.get(code, "")
        rows.append(
            {
                "code": code, "name": now.word(code), "built_in": code in INTENTS, "amounts": counts.get(code),
                "part": counts[code].messages / most if code in counts else 0,
                "words": now.words.get(code, ()), "merged_into": target and now.word(target),
                "form": edited or ConcernForm(initial=shown, code=code), "open": bool(edited),
                "url": address({"intent": code, "days": str(DAYS)}),
            }
        )  # fmt: skip
    return rows


def counted(user, now: Concerns) -> dict[str, Amounts]:
    """Stored sums by what each code stands for now, so that a merge shows at once."""
    found: dict[str, Amounts] = {}
    for code, amounts in summed(stored(user, last_days(DAYS), "intent"), "value").items():
        found.setdefault(now.stands_for(code), Amounts()).add(amounts)
    return found


@require_safe
@role_required(*READERS)
def concern_examples(request, code):
    """The newest messages of a concern, for its row."""
    if code not in stored_concerns().codes:
        raise Http404
    found = messages_of(request.user, {"intent": code}).order_by("-occurred_at", "-pk")
    talks = ready([one.interaction for one in found[:EXAMPLES]])
    return render(request, "insights/_concern_examples.html", {"talks": talks})


@require_POST
@role_required(*READERS)
def concern_add(request):
    form = ConcernForm(request.POST)
    if not form.is_valid():
        return page(request, form, INVALID)
    data = form.cleaned_data
    change_set = add_concern(data["name_en"], data["name_zh"], data["words"], request.user)
    say(request, _("Concern added"), change_set)
    return redirect("concerns")


@require_POST
@role_required(*READERS)
def concern_edit(request, code):
    if code not in stored_concerns().codes:
        raise Http404
    form = ConcernForm(request.POST, code=code)
    if not form.is_valid():
        return page(request, form, INVALID)
    values = form.cleaned_data | {"words": "\n".join(form.cleaned_data["words"])}
    if change_set := edit_concern(code, request.user, **values):
        say(request, _("Concern saved"), change_set)
    return redirect(f"{reverse('concerns')}#concern-{code}")


@require_POST
@role_required(*READERS)
def concern_merge(request, code):
    amounts = counted(request.user, stored_concerns()).get(code, Amounts())
    told = ngettext(
        "Concerns merged, %(n)s message of the last %(days)s days moved",
        "Concerns merged, %(n)s messages of the last %(days)s days moved",
        amounts.messages,
    )
    if not amounts.messages:
        told = _("Concerns merged")
    return acted(
        request, code, told % {"n": amount(amounts.messages), "days": DAYS},
        lambda: merge_concern(code, request.POST.get("into", ""), request.user),
    )  # fmt: skip


@require_POST
@role_required(*READERS)
def concern_switch(request, code):
    on = request.POST.get("on") == "yes"
    told = _("Concern put back") if on else _("Concern switched off")
    return acted(request, code, told, lambda: switch_concern(code, on, request.user))


def say(request, words: str, change_set: ChangeSet) -> None:
    """With a way back."""
    messages.success(request, words, extra_tags=f"undo-{change_set.pk}")


def acted(request, code: str, told: str, act):
    """Do it and say so, with a way back; or say why it cannot be done."""
    if code not in stored_concerns().codes:
        raise Http404
    try:
        change_set = act()
    except Unsortable as error:
        messages.error(request, str(error))
        return page(request, status=INVALID)
    if change_set:
        say(request, told, change_set)
    return redirect("concerns")
