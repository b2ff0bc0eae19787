"""What a search term may match, so that PostgreSQL finds it by an index among a million customers.

Three characters and more: a part of the name, company or e-mail (trigrams). One or two are too short for a trigram:
Chinese characters are looked up in an index of their own, letters and digits at the beginning of a word. How names are
typed in short (see customers.spelling) and the digits of the phone number stand in a column of their own, which every
way of writing a customer fills.

Of several words each has to be found by these rules, in whatever order and whichever of the columns: the indexes'
answers to the longer ones are cut with each other.
"""

import re
from functools import reduce
from operator import and_

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact

from customers.spelling import initials, spellings, unmarked, without_marks

FIELDS = ("name", "company", "email")
# What the words of a customer are made of.
SPELT = ("name", "company", "phone")
LETTERS = re.compile(r"[a-z][a-z '’-]*")
BETWEEN_LETTERS = re.compile(r"[ '’-]")
# A number as people write it, with a trunk's zero or an exchange's two in front.
NUMBER = re.compile(r"\+?[\d\s().\-/]+")
NOTHING = Q(pk__in=[])
MOST_WORDS = 8  # with more it is a sentence, and sought as it stands
SURELY_DIALLED = 6  # digits; fewer may as well be the end of a number, zeros included
# What perennial_han, a function in the database, takes apart into single characters and pairs of neighbours.
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+")


class HasHan(Func):
    """Whether name or company holds this character, or these two side by side."""

    template = "perennial_han(%(name)s, %(company)s) @> ARRAY[%(text)s]"
    output_field = BooleanField()

    def __init__(self, text: str, **extra) -> None:
        super().__init__(F("name"), F("company"), Value(text), **extra)

    def as_sql(self, compiler, connection, **extra):
        name, company, text = (compiler.compile(one) for one in self.source_expressions)
        sql = self.template % {"name": name[0], "company": company[0], "text": text[0]}
        return sql, (*name[1], *company[1], *text[1])


def words_of(name: str, company: str, phone: str) -> str:
    """What a customer is found by beside what is written: each word behind a space."""
    words = spellings(name, is_name=True) + spellings(company, is_name=False) + initials(name)
    words += unmarked(name) + unmarked(company)
    digits = digits_of(phone)
    return "".join(f" {word}" for word in dict.fromkeys([*words, digits]) if word)


def digits_of(text: str) -> str:
    return "".join(c for c in text if c.isdecimal() and c.isascii())


def matching(text: str) -> Q:
    """The condition on customers for a term that is not empty."""
    words = text.split()
    if not 1 < len(words) <= MOST_WORDS or NUMBER.fullmatch(text):
        return _matching(text)
    each = reduce(and_, (_matching(word) for word in words))
    # A part of a name of which each word is long enough to be sought anywhere is found by its words as well.
    whole = by_words(text) if all(len(word) > 2 for word in words) else _matching(text)
    return each | whole


def _matching(text: str) -> Q:
    if "@" in text and len(text) > 2:
        return Q(email__icontains=text)  # nothing else has one
    if len(text) > 2:
        return anywhere(text) | by_words(text)
    if WIDE.search(text):
        return wide(text)
    return beginnings(text) | by_words(text)


def by_words(text: str) -> Q:
    """Typed as it sounds, or dialled: from the beginning of a word, and of a number any part that is long enough."""
    if LETTERS.fullmatch(plain := without_marks(text)):
        return Q(search_words__contains=f" {BETWEEN_LETTERS.sub('', plain)}")
    digits = digits_of(text) if NUMBER.fullmatch(text) else ""
    bare = digits.lstrip("0")
    if len(bare) >= SURELY_DIALLED:
        digits = bare
    if not digits:
        return NOTHING
    return Q(search_words__contains=digits if len(digits) > 2 else f" {digits}")


def anywhere(text: str) -> Q:
    condition = NOTHING
    for field in FIELDS:
        condition |= Q(**{f"{field}__icontains": text})
    return condition


def wide(text: str) -> Q:
    if connection.vendor != "postgresql":
        return Q(name__contains=text) | Q(company__contains=text)
    # Looking at the text itself is the cheaper one where a sorted list is gone along row by row. Not by LIKE: that
    # would be taken for a second, independent condition, and the list for one of next to nobody.
    holds = [~Q(Exact(StrIndex(F(field), Value(text)), 0)) for field in ("name", "company")]
    return Q(HasHan(WIDE.search(text)[0])) & (holds[0] | holds[1])


def beginnings(text: str) -> Q:
    condition = Q(email__istartswith=text)
    for field in ("name", "company"):
        condition |= Q(**{f"{field}__istartswith": text}) | Q(**{f"{field}__icontains": f" {text}"})
    return condition
