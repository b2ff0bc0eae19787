"""Customers' messages with what people said of them, as the learners of messages take them. For the trainer alone."""

import datetime
from typing import Any

import pandas as pd
from django.db.models import F

from customers.models import User, stored_concerns
from insights.labels import LEAST_OF_CHANNEL, labelled
from insights.ml.voice.entities import entities
from insights.ml.voice.finding import Boundaries
from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.labelled import COLUMNS, MOST_MESSAGES
from insights.ml.voice.masking import masked
from insights.ml.voice.quoting import own_words
from insights.ml.voice.reading import LONGEST
from insights.ml.voice.script import family, folded
from insights.models import Kind

CHUNK = 2_000
READ = (
    "interaction__subject", "interaction__text", "customer_id", "occurred_at", "interaction__rating",
    "interaction__correction__at", "interaction__channel", "customer__name",
)  # fmt: skip


def labelled_messages(kind: str, as_of: datetime.datetime) -> pd.DataFrame:
    """The newest of them before the moment, with insights.ml.voice.labelled.COLUMNS and their channel.

    Names, addresses and numbers that lead to somebody are struck out here: no model sees any. A concern that was
    merged into another is learnt as that.
    """
    said = "intent" if kind == Kind.INTENT else "label"
    rows = labelled(kind, as_of).order_by(F("occurred_at").desc(nulls_last=True), "-pk")
    rows = rows.values_list(*READ, f"interaction__correction__{said}")[:MOST_MESSAGES]
    staff = Knowledge.of(people=[(user.pk, str(user)) for user in User.objects.all()])
    concerns, told = stored_concerns(), []
    for subject, text, customer, moment, rating, at, channel, name, label in rows.iterator(CHUNK):
        words = "\n".join(part for part in (subject, text) if part)[:LONGEST]
        words = struck_out(words, name or "", staff)
        stars = None if kind == Kind.INTENT else rating
        if kind == Kind.INTENT:
            label = concerns.stands_for(label)
        told.append((words, customer, moment, stars, label or None, at, channel))
    return pd.DataFrame(told, columns=[*COLUMNS, "channel"])


def struck_out(words: str, writer: str, staff: Knowledge) -> str:
    """The writer's own words, without quoted mail and names."""
    plain = folded(words)
    named = entities(words, plain, Boundaries(plain), staff)
    return masked(own_words(words), named, [writer])


def params_of(kind: str, messages: pd.DataFrame) -> dict[str, Any]:
    """What is settled beforehand: how many messages there are, whether most is written in the language that the encoder
    knows; and where a model
    of feelings will read. One of concerns says "other" where it is not sure, and so reads everywhere."""
    params: dict[str, Any] = {
        "messages": len(messages),
        "english": bool((messages["text"].map(family) == "en").mean() > 0.5),
    }
    if kind == Kind.SENTIMENT:
        counts = messages["channel"].value_counts()
        params["channels"] = sorted(counts[counts >= LEAST_OF_CHANNEL].index) or list(
            counts.index[:1]
        )
    return params
