"""Why customers write: the built-in concerns, and what the company has made of them.

A code never changes. What is read, and what people say, keeps the code it was given; a concern that was merged into
another or switched off only changes what that code stands for. So nothing is lost, and everything can be put back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers import han
from customers.models.changes import Recorded
from customers.reader_words import INTENTS, OTHER
from customers.signals import announce_concerns

KEY, KEPT_SECONDS = "concerns", 10
MOST_WORDS, LONGEST_WORDS, SHORTEST_WORDS = 100, 80, 2


@dataclass(frozen=True)
class Concerns:
    """The company's concerns at a moment: names given by code (English, Chinese), those that are off, where merged
    ones have gone, and the wordings that say so."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    merged: dict[str, str] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """The built-in ones in their order, the company's own, and what fits none of them."""
        own = [code for code in self.names if code not in INTENTS]
        return [*(code for code in INTENTS if code != OTHER), *own, OTHER]

    def stands_for(self, code: str) -> str:
        """What a code counts as; a code that nobody knows stands for itself."""
        passed = set()
        while code in self.merged and code not in passed:
            passed.add(code)
            code = self.merged[code]
        return OTHER if code in self.off else code

    def through(self, code: str) -> list[str]:
        """The code and all that were merged into it, one way or another."""
        found = [code]
        for one in found:
            found += [c for c, target in self.merged.items() if target == one and c not in found]
        return found

    def word(self, code: str) -> str:
        english, chinese = self.names.get(code, ("", ""))
        given = chinese if (get_language() or "").startswith("zh") else english
        built_in = INTENTS.get(code)
        return str(given or built_in or english or chinese or code.replace("_", " ").capitalize())

    def choices(self) -> dict[str, str]:
        """Those that a message can be said to express, in the reader's words."""
        return {
            code: self.word(code)
            for code in self.codes
            if code not in self.merged and code not in self.off
        }


def concerns() -> Concerns:
    """Kept for seconds: pages ask for them over and over, and who edits them sees what is stored."""
    found = cache.get(KEY)
    if found is None:
        found = stored_concerns()
        cache.set(KEY, found, KEPT_SECONDS)
    return found


def stored_concerns() -> Concerns:
    rows = list(Concern.objects.select_related("merged_into").order_by("pk"))
    return Concerns(
        {row.code: (row.name_en, row.name_zh) for row in rows},
        frozenset(row.code for row in rows if row.off_at),
        {row.code: row.merged_into.code for row in rows if row.merged_into},
        {row.code: tuple(row.wordings) for row in rows if row.wordings},
    )


def concern_word(code: str) -> str:
    return concerns().word(code)


def concern_choices() -> list[tuple[str, str]]:
    return list(concerns().choices().items())


class Concern(Recorded):
    """What the company says of one concern; a built-in one has no row until somebody edits it.

    ``words``: wordings that say so, one a line. ``off_at`` and ``merged_into``: answered as "other", or as another.
    """

    LONGEST = 40

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=LONGEST, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=LONGEST, blank=True)
    words = models.TextField(_("words that say so"), blank=True)
    off_at = models.DateTimeField(_("switched off"), null=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="merged", verbose_name=_("merged into")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")

    def __str__(self) -> str:
        return self.name_en or self.name_zh or self.code

    @property
    def wordings(self) -> list[str]:
        return [line for line in self.words.splitlines() if line]

    def save(self, *args, **kwargs) -> None:
        """Readings follow in the same transaction; who waits for the commit keeps the old names for seconds."""
        stored = Concern.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        cache.delete(KEY)
        transaction.on_commit(lambda: cache.delete(KEY))
        before = stored or Concern()
        changed = {*before.wordings} ^ {*self.wordings}
        read_again(changed)
        if (before.off_at, before.merged_into_id) != (self.off_at, self.merged_into_id):
            self.apply()
        elif changed:
            announce_concerns([self.code])

    def apply(self) -> None:
        """Let all readings of this code, and of those merged into it, say what it stands for now."""
        now = stored_concerns()
        codes = now.through(self.code)
        for code in codes:
            stand_for(code, now.stands_for(code))
        # Where it was merged into before has a row as well.
        announce_concerns({*codes, *now.names, OTHER})

    def is_used(self) -> bool:
        """Whether a message was read, or said by somebody, to express it."""
        from customers.models.readings import MessageCorrection, MessageReading

        said = MessageCorrection.objects.filter(intent=self.code)
        return said.exists() or MessageReading.objects.filter(intent_read=self.code).exists()


def stand_for(code: str, target: str) -> None:
    """Two updates, however many messages: those that people said to express the code, and those read so."""
    from customers.models.readings import MessageCorrection, MessageReading

    said = MessageCorrection.objects.filter(pk=OuterRef("pk")).exclude(intent="")
    rows = MessageReading.objects.exclude(intent=target).exclude(intent="")
    for same in (
        rows.filter(Exists(said.filter(intent=code))),
        rows.filter(~Exists(said), intent_read=code),
    ):
        same.update(intent=target, changed_at=timezone.now())


def read_again(wordings: Iterable[str]) -> None:
    """Messages with one of these words are read anew."""
    from customers.models.readings import MessageReading

    condition = Q()
    for one in wordings:
        condition |= han.names(one, "interaction__text", "interaction__subject")
    if condition:
        said = MessageReading.objects.filter(condition, inbound=True)
        said.update(read_at=None, changes=F("changes") + 1)
