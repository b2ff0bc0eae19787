"""What a search term may match, so that PostgreSQL finds it by an index among a million customers.

Three characters and more: a part of the name, company, e-mail or phone (trigrams). One or two are too short for a
trigram: Chinese characters are looked up in an index of their own, letters and digits at the beginning of a word.
"""

import re

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value

FIELDS = ("name", "company", "email")
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


def matching(text: str) -> Q:
    """The condition on customers for a term that is not empty."""
    if len(text) > 2:
        return anywhere(text)
    if WIDE.search(text):
        return wide(text)
    return beginnings(text)


def anywhere(text: str) -> Q:
    condition = Q(phone__contains=text)
    for field in FIELDS:
        condition |= Q(**{f"{field}__icontains": text})
    return condition


def wide(text: str) -> Q:
    plain = Q(name__contains=text) | Q(company__contains=text)
    if connection.vendor != "postgresql":
        return plain
    whole = WIDE.fullmatch(text)
    return Q(HasHan(text)) if whole else Q(HasHan(WIDE.search(text)[0])) & plain


def beginnings(text: str) -> Q:
    condition = Q(email__istartswith=text) | Q(phone__startswith=text)
    for field in ("name", "company"):
        condition |= Q(**{f"{field}__istartswith": text}) | Q(**{f"{field}__icontains": f" {text}"})
    return condition
