"""The network over a story, written once: TensorFlow trains it, numpy scores it.

Events become vectors, a causal attention block lets each look back at those before it, and a question ("as of this
moment?") looks at all events up to its own. Three things go back to the literature: attention over the items of a
customer in order (Kang & McAuley 2018, SASRec), distances in time instead of positions (Li et al. 2020, TiSASRec; a
bias that grows with the logarithm of the days between, as in Press et al. 2022), and gates that add up instead of
averaging where it matters how much happened (Zhai et al. 2024, HSTU).

What is said about products is kept linear in what was bought: the network decides how much each purchase counts, so a
score is a sum over purchases.

`w` maps the names of `shapes` to weights; `xp` is numpy or keras.ops. With numpy every matrix product is one
customer's own, so an answer does not depend on who else is asked about, to the last bit.
"""

from typing import Any

import numpy as np

from insights.ml.deep.story_encoding import MOMENT, NUMBERS
from insights.ml.stories import CATEGORY_CODES, KINDS, PURCHASE

HEADS = 4
# Several ways to weigh purchases: the latest alone, all alike, what goes with the last visits …
TASTES = 4
FAR = 1e9

Weights = dict[str, Any]


def shapes(products: int, width: int, columns: int) -> dict[str, tuple[int, ...]]:
    """products: rows known by name; width: of all vectors; columns: of the feature table beside the story."""
    d = width
    block = {"query": (d, d), "key": (d, d), "value": (d, d), "out": (d, d), "slope": (HEADS,)}
    wide = {"up": (d, 2 * d), "up_bias": (2 * d,), "down": (2 * d, d)}
    return {
        "bought": (products + 1, d), "bought_category": (CATEGORY_CODES + 1, d),
        "offered": (products + 1, d), "offered_category": (CATEGORY_CODES + 1, d),
        "popular": (products + 1,), "kinds": (len(KINDS), d), "numbers": (NUMBERS, d), "bag": (d, d),
        "moment": (MOMENT, d), "moment_bias": (d,),
        **{f"back_{name}": shape for name, shape in {**block, **wide}.items()},
        **{f"ask_{name}": shape for name, shape in {**block, **wide}.items()},
        "ask_gate": (HEADS,),
        "taste_query": (d, d), "taste_key": (d, d), "taste_slope": (TASTES,), "taste": (TASTES * d, d),
        "leaves": (d, 1), "leaves_bias": (1,), "spends": (d, 1), "spends_bias": (1,), "columns": (columns, 1),
    }  # fmt: skip


def tables(w: Weights, category: Any, xp: Any) -> tuple[Any, Any]:
    """Vectors of products as bought and as offered, (products + 1, width) each; row 0 stands for none."""
    there = (np.arange(w["bought"].shape[0]) > 0).astype(np.float32)[:, None]
    made = [
        (w[name] + xp.take(w[f"{name}_category"], category, axis=0)) * there
        for name in ("bought", "offered")
    ]
    return made[0], made[1]


def read(w: Weights, bought: Any, story: Any, xp: Any, drop: Any = lambda x: x) -> tuple[Any, Any]:
    """Each event's vector (n, L, d) and the mean of its products (n, L, d)."""
    count = xp.sum(_number(story.items > 0, xp), axis=2, keepdims=True)
    bag = xp.sum(xp.take(bought, story.items, axis=0), axis=2) / xp.maximum(count, 1)
    x = xp.matmul(story.numbers, w["numbers"]) + xp.take(w["kinds"], story.kind, axis=0)
    x = norm(drop(x + xp.matmul(bag, w["bag"])), xp)
    lag = story.days[:, None, :] - story.days[:, :, None]
    seen = (story.kind > 0)[:, None, :] & _causal(xp.shape(x)[1], xp)
    looked = _attend(w, "back", x, x, lag, seen, xp)
    x = norm(x + drop(looked), xp)
    return norm(x + drop(_wide(w, "back", x, xp)), xp), bag


def ask(
    w: Weights,
    x: Any,
    story: Any,
    moment: Any,
    asked: Any,
    upto: Any,
    xp: Any,
    drop: Any = lambda x: x,
) -> Any:
    """What the network makes of each question, (n, Q, d).

    moment (n, Q, MOMENT) and asked (n, Q) days before the story's own moment; upto (n, Q, L) bool: the events that a
    question may look at.
    """  # fmt: skip
    q = xp.matmul(moment, w["moment"]) + w["moment_bias"]
    q = norm(xp.maximum(q, 0), xp)
    seen = (story.kind > 0)[:, None, :] & upto
    lag = story.days[:, None, :] - asked[:, :, None]
    looked = _attend(w, "ask", q, x, lag, seen, xp, gates=True)
    z = norm(q + drop(looked), xp)
    return norm(z + drop(_wide(w, "ask", z, xp)), xp)


def tastes(w: Weights, z: Any, x: Any, story: Any, asked: Any, upto: Any, xp: Any) -> Any:
    """How much each event's products count for each question, (n, TASTES, Q, L): rows sum to 1, or to 0 where
    nothing known by name was bought."""
    bought = (story.kind == PURCHASE) & (xp.max(story.items, axis=2) > 0)
    seen = (bought[:, None, :] & upto)[:, None]
    lag = story.days[:, None, :] - asked[:, :, None]
    said = _logits(w, "taste", z, x, lag, TASTES, xp)
    said = xp.where(seen, said, -FAR)
    weight = xp.exp(said - xp.max(said, axis=3, keepdims=True)) * _number(seen, xp)
    return weight / xp.maximum(xp.sum(weight, axis=3, keepdims=True), 1e-9)


def norm(x: Any, xp: Any) -> Any:
    centred = x - xp.mean(x, axis=-1, keepdims=True)
    return centred / xp.sqrt(xp.mean(centred * centred, axis=-1, keepdims=True) + 1e-5)


def _attend(
    w: Weights, name: str, q: Any, x: Any, lag: Any, seen: Any, xp: Any, gates: bool = False
) -> Any:
    said, seen = _logits(w, name, q, x, lag, HEADS, xp), seen[:, None]
    if gates:
        said = xp.clip(said + w[f"{name}_gate"][:, None, None], -30, 30)
        weight = _number(seen, xp) / (1 + xp.exp(-said))
    else:
        said = xp.where(seen, said, -FAR)
        weight = xp.exp(said - xp.max(said, axis=3, keepdims=True)) * _number(seen, xp)
        weight = weight / xp.maximum(xp.sum(weight, axis=3, keepdims=True), 1e-9)
    value = _split(xp.matmul(x, w[f"{name}_value"]), HEADS, xp)
    joined = xp.transpose(xp.matmul(weight, value), (0, 2, 1, 3))
    return xp.matmul(xp.reshape(joined, (-1, xp.shape(q)[1], x.shape[2])), w[f"{name}_out"])


def _logits(w: Weights, name: str, q: Any, x: Any, lag: Any, heads: int, xp: Any) -> Any:
    """(n, heads, Q, L): likeness less what the days between take away."""
    query = _split(xp.matmul(q, w[f"{name}_query"]), heads, xp)
    key = _split(xp.matmul(x, w[f"{name}_key"]), heads, xp)
    likeness = xp.matmul(query, xp.transpose(key, (0, 1, 3, 2))) / float(np.sqrt(key.shape[3]))
    fades = xp.log1p(xp.exp(w[f"{name}_slope"]))[:, None, None]
    return likeness - fades * xp.log1p(xp.maximum(lag, 0))[:, None]


def _split(x: Any, heads: int, xp: Any) -> Any:
    parts = xp.reshape(x, (-1, xp.shape(x)[1], heads, x.shape[2] // heads))
    return xp.transpose(parts, (0, 2, 1, 3))


def _wide(w: Weights, name: str, x: Any, xp: Any) -> Any:
    up = xp.matmul(x, w[f"{name}_up"]) + w[f"{name}_up_bias"]
    return xp.matmul(xp.maximum(up, 0), w[f"{name}_down"])


def _number(flags: Any, xp: Any) -> Any:
    return xp.cast(flags, "float32") if hasattr(xp, "cast") else flags.astype(np.float32)


def _causal(length: Any, xp: Any) -> Any:
    place = xp.arange(length)
    return (place[None, :] <= place[:, None])[None]
