"""Filters that people put together: conditions on fields of a customer, joined by and / or, nested.

``tree``: what a filter is, in the address bar and in storage; ``fields``: what can be asked for; ``operators``: how;
``checking``: which of it holds water, ``querying``: as a condition of the database, ``wording``: as a sentence.
"""

from customers.filtering.checking import Problem, check
from customers.filtering.fields import Fields
from customers.filtering.querying import narrowing_of, where
from customers.filtering.tree import EVERYBODY, Condition, Group, from_json, parse, to_json, write
from customers.filtering.wording import in_words, sentence_of

__all__ = [
    "EVERYBODY",
    "Condition",
    "Fields",
    "Group",
    "Problem",
    "check",
    "from_json",
    "in_words",
    "narrowing_of",
    "parse",
    "sentence_of",
    "to_json",
    "where",
    "write",
]
