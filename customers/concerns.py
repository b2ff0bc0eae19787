"""Edit the concerns of the company: add, name, merge, switch off, put back; recorded, and taken back."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from customers.changing import open_change_set, save_changed
from customers.models import ChangeSet, Concern, stored_concerns
from customers.models.concerns import LONGEST_WORDS, MOST_WORDS, SHORTEST_WORDS
from customers.reader_words import INTENTS, OTHER


class Unsortable(Exception):
    """The sentence says why."""


@transaction.atomic
def add_concern(name_en: str, name_zh: str, words: Iterable[str], actor) -> ChangeSet:
    change_set = open_change_set(ChangeSet.Source.PAGE, actor)
    Concern.objects.create(
        code=code_for(name_en or name_zh), name_en=name_en, name_zh=name_zh,
        words="\n".join(words), recorded_in=change_set,
    )  # fmt: skip
    return change_set


def code_for(name: str) -> str:
    """Out of the name, as far as it is written in letters; no code is given twice."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:30] or "own"
    known, code, number = {*INTENTS, *Concern.objects.values_list("code", flat=True)}, plain, 2
    while code in known:
        code, number = f"{plain}_{number}", number + 1
    return code


@transaction.atomic
def edit_concern(code: str, actor, **values) -> ChangeSet | None:
    """Set fields of a concern; None where nothing has changed. Raises Unsortable."""
    row = row_of(code)
    for name, value in values.items():
        setattr(row, name, value)
    change_set = open_change_set(ChangeSet.Source.PAGE, actor)
    if save_changed(row, change_set, values):
        return change_set
    change_set.delete()
    return None


def row_of(code: str) -> Concern:
    """Its row, made where it has none yet, held until the end of the transaction."""
    if code not in stored_concerns().codes:
        raise Unsortable(_("There is no such concern."))
    Concern.objects.bulk_create([Concern(code=code)], ignore_conflicts=True)  # says nothing yet
    return Concern.objects.select_for_update().get(code=code)


@transaction.atomic
def merge_concern(code: str, target: str, actor) -> ChangeSet | None:
    """What is read as the one counts as the other from now on, and what was read so far too."""
    now = stored_concerns()
    if code == OTHER:
        raise Unsortable(_("“Something else” is what fits none of them; it stays."))
    if target not in now.choices() or target in now.through(code):
        raise Unsortable(_("A concern can be merged into another one that is in use."))
    return edit_concern(code, actor, merged_into=row_of(target))


@transaction.atomic
def switch_concern(code: str, on: bool, actor) -> ChangeSet | None:
    """Off: answered as “something else”. On: back again, also out of the one it was merged into."""
    if code == OTHER:
        raise Unsortable(_("“Something else” is what fits none of them; it stays."))
    if on:
        return edit_concern(code, actor, off_at=None, merged_into=None)
    return edit_concern(code, actor, off_at=row_of(code).off_at or timezone.now())


def is_taken(name: str, code: str = "") -> bool:
    """Whether another concern is called so, in either language."""
    now, wanted = stored_concerns(), name.casefold()
    names = {one: set(now.names.get(one, ())) for one in now.codes if one != code}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for one in names.keys() & INTENTS.keys():
                names[one].add(str(INTENTS[one]))
    return any(wanted in {word.casefold() for word in words} for words in names.values())


def tidy_words(text: str) -> list[str]:
    """One wording a line, each once. Raises Unsortable."""
    lines = list(dict.fromkeys(" ".join(line.split()) for line in re.split(r"[\n,，;；]", text)))
    found = [line for line in lines if line]
    if len(found) > MOST_WORDS or any(len(line) > LONGEST_WORDS for line in found):
        raise Unsortable(
            _("At most %(most)s wordings of %(longest)s characters.")
            % {"most": MOST_WORDS, "longest": LONGEST_WORDS}
        )
    if any(len(line) < SHORTEST_WORDS for line in found):
        raise Unsortable(_("A single character says too little."))
    return found
