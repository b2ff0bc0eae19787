"""Training of the network over a story, with Keras: all three heads at once, stopped by later data.

Stories of like length are learnt from together, and no batch is longer than its longest story: most are short, and
padding costs what events cost. Sampled softmax with many negatives shared by a batch, corrected by how often each is
drawn (Jean et al. 2015): few negatives make a network overconfident (Petrov & Macdonald 2023, gSASRec). Where the
catalogue is small nothing is sampled. A graphics card is used where TensorFlow finds one.
"""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from insights.ml.deep import story_network as net
from insights.ml.deep.story_course import Course, checkpoint_of
from insights.ml.deep.story_encoding import Encoded
from insights.ml.deep.story_questions import CUT, Questions

SMALLEST_BATCH, BATCH = 16, 128
EPOCHS, PATIENCE, BETTER = 20, 3, 1e-4
# So many stories are read in all, in fewer passes the more of them there are, though never fewer than these: a budget
# in work, not in seconds, so that the same data make the same network on a busy machine.
STORIES_READ, FEWEST_EPOCHS = 160_000, 6
RATE, DROPOUT, DECAY = 2e-3, 0.2, 1e-2
NEGATIVES = 1024
# Negatives are drawn by how often they are bought, to this power.
FLAT = 0.75
# Products drawn per question and pass.
DRAWN = 4
# What the heads weigh beside each other; a labelled outcome of the story's own moment weighs 1.
PRODUCTS, LEFT, SPENT = 1.0, 0.5, 0.1


# Of the arrays that are cut into batches, so many have a place for each event.
IN_ORDER = 4 + len(CUT)


@dataclass(frozen=True)
class Lesson:
    """Stories with the questions asked of them. labels (n,): what happened after the stories' own moment, NaN where
    unknown; columns (n, c): the feature table beside them."""

    story: Encoded
    questions: Questions
    labels: np.ndarray
    columns: np.ndarray

    def __len__(self) -> int:
        return len(self.story)

    def __getitem__(self, rows: np.ndarray) -> "Lesson":
        return Lesson(self.story[rows], self.questions[rows], self.labels[rows], self.columns[rows])

    def judged_by_labels(self) -> "Lesson":
        """The same without the questions that the stories answer themselves."""
        return replace(self, questions=self.questions.unanswered())

    @classmethod
    def without_labels(cls, story: Encoded, questions: Questions) -> "Lesson":
        nothing = np.full(len(story), np.nan, np.float32)
        return cls(story, questions, nothing, np.zeros((len(story), 0), np.float32))

    def arrays(self) -> tuple[np.ndarray, ...]:
        """What is cut into batches."""
        return (*self.story.arrays(), *self.questions.table(), self.labels, self.columns)


def train(
    lesson: Lesson,
    later: Lesson,
    everything: Lesson,
    category: np.ndarray,
    width: int,
    random_state: int,
) -> Any:
    """Learn from `lesson` until `later` gets no better, then once more through `everything`, the newest included.

    category (m,): codes of the products known by name. Returns the network; see `exported`. A training that was cut
    off goes on after its last epoch, where checkpoints are kept (see insights.ml.checkpoints).
    """
    import keras

    network = new_network(category, width, lesson.columns.shape[1], random_state)
    optimizer = keras.optimizers.AdamW(RATE, weight_decay=DECAY)
    optimizer.build(network.trainable_variables)
    size = int(np.clip(len(lesson) // 64, SMALLEST_BATCH, BATCH))
    learn = _pass(network, optimizer, size, lesson)
    judge = _pass(network, None, size, later)
    arrays = [one for part in (lesson, later, everything) for one in part.arrays()]
    items = [part.questions.items for part in (lesson, later, everything)]
    course = Course(
        network, optimizer, checkpoint_of([*arrays, *items, category], (width, random_state))
    )
    seen, unseen = _given(lesson), _given(later)
    while course.epoch < passes(len(lesson)) and course.waited < PATIENCE and not course.ended:
        learn(*seen)
        course.judged(float(judge(*unseen)), BETTER)
    if not course.ended:
        network.set_weights(course.best)
        learn(*_given(everything))
        course.end()
    return network


def passes(stories: int) -> int:
    """How often at most so many stories are gone through."""
    return int(np.clip(STORIES_READ // max(stories, 1), FEWEST_EPOCHS, EPOCHS))


def exported(network: Any) -> net.Weights:
    """Its weights as plain float32 arrays, by the names of `story_network.shapes`."""
    return {one.name: np.asarray(one, np.float32) for one in network.trainable_variables}


def new_network(category: np.ndarray, width: int, columns: int, random_state: int) -> Any:
    """A Keras layer with the weights of `story_network.shapes`, which answers with what the heads are made of."""
    import keras

    class StoryNetwork(keras.layers.Layer):
        def build(self) -> None:
            shapes = net.shapes(len(category), width, columns)
            for number, (name, shape) in enumerate(shapes.items()):
                start = _start(name, shape, random_state + number)
                setattr(self, f"w_{name}", self.add_weight(shape, start, name=name))
            self.dropped = keras.layers.Dropout(DROPOUT, seed=random_state)
            # All chance is drawn by state that is the network's own, and so is kept with it.
            self.chance = keras.random.SeedGenerator(random_state)

        @property
        def named(self) -> net.Weights:
            return {one.name: one for one in self.trainable_variables}

        def answer(self, story: Any, moment: Any, asked: Any, upto: Any, training: bool) -> Any:
            """(n, Q, width) per question; how much purchases count; the events' products; products as offered."""
            w, xp = self.named, keras.ops
            codes = np.concatenate([[0], category]).astype(np.int32)
            bought, offered = net.tables(w, codes, xp)

            def drop(x: Any) -> Any:
                return self.dropped(x, training=training)

            x, bag = net.read(w, bought, story, xp, drop)
            z = net.ask(w, x, story, moment, asked, upto, xp, drop)
            return z, net.tastes(w, z, x, story, asked, upto, xp), bag, offered

    network = StoryNetwork()
    network.build()
    network.built = True
    return network


def _start(name: str, shape: tuple[int, ...], seed: int) -> Any:
    import keras

    if len(shape) == 1 or name in ("columns", "leaves", "spends"):
        return "zeros"
    if name.startswith(("bought", "offered", "kinds")):
        return keras.initializers.RandomNormal(stddev=0.05, seed=seed)
    return keras.initializers.VarianceScaling(1.0, "fan_avg", "uniform", seed=seed)


def _given(lesson: Lesson) -> list[Any]:
    """The lesson on the device that TensorFlow computes on: the products that spans point into, then the rest."""
    import tensorflow as tf

    return [tf.constant(lesson.questions.items), *(tf.constant(one) for one in lesson.arrays())]


def _pass(network: Any, optimizer: Any, size: int, like: Lesson) -> Any:
    """A function of one pass over a lesson (see `_given`) as a single graph, returning the mean loss.

    Without an optimizer nothing is learnt. like: a lesson of the same kind.
    """
    import keras
    import tensorflow as tf

    training = optimizer is not None
    chances = tf.constant(_drawn_by(like.questions.items, network.w_popular.shape[0] - 1))
    signature = [tf.TensorSpec([None, *one.shape[1:]], one.dtype) for one in _given(like)]

    @tf.function(input_signature=signature)
    def run(items: Any, *given: Any) -> Any:
        total = tf.shape(given[0])[0]
        order = tf.range(total)
        order = keras.random.shuffle(order, seed=network.chance) if training else order
        length = tf.reduce_sum(tf.cast(given[0] > 0, tf.int32), axis=1)
        order = tf.gather(order, tf.argsort(tf.gather(length, order), stable=True))
        starts = tf.range(0, total, size)
        starts = keras.random.shuffle(starts, seed=network.chance) if training else starts
        summed = 0.0
        for start in starts:
            rows = order[start : start + size]
            batch = [tf.gather(one, rows) for one in given]
            longest = tf.maximum(tf.reduce_max(tf.gather(length, rows)), 1)
            batch[:IN_ORDER] = [one[:, -longest:] for one in batch[:IN_ORDER]]
            with tf.GradientTape() as tape:
                loss = _loss(network, batch, items, chances, training)
            if training:
                slopes = tape.gradient(loss, network.trainable_variables)
                optimizer.apply(slopes, network.trainable_variables)
            summed += loss * tf.cast(tf.shape(rows)[0], tf.float32)
        return summed / tf.cast(total, tf.float32)

    return run


def _drawn_by(items: np.ndarray, products: int) -> np.ndarray:
    """(products + 1,) float32: how likely each product is to be drawn as a negative."""
    counts = np.bincount(items, minlength=products + 1).astype(float) + 1
    counts[0] = 0
    return (counts**FLAT / max(np.sum(counts**FLAT), 1)).astype(np.float32)


def _loss(network: Any, batch: list[Any], items: Any, chances: Any, training: bool) -> Any:
    import tensorflow as tf

    kind, days, numbers, told, asked, moment, left, spent, known, first, last, labels, columns = (
        batch
    )
    story = SimpleNamespace(kind=kind, days=days, numbers=numbers, items=told)
    upto = tf.linalg.band_part(tf.ones([tf.shape(kind)[1]] * 2), -1, 0)[None] > 0
    z, weight, bag, offered = network.answer(story, moment, asked, upto, training)
    w = network.named
    leaves = (tf.matmul(z, w["leaves"]) + w["leaves_bias"])[:, :, 0]
    spends = (tf.matmul(z, w["spends"]) + w["spends_bias"])[:, :, 0]
    crossed = tf.nn.sigmoid_cross_entropy_with_logits(left, leaves)
    missed = LEFT * crossed + SPENT * tf.square(spends - spent)
    loss = tf.reduce_sum(known * missed) / (tf.reduce_sum(known) + 1e-6)
    if chances.shape[0] > 1:  # any product is known by name
        loss += PRODUCTS * _product_loss(
            network, weight, bag, offered, (first, last, items), chances, training
        )
    now = leaves[:, -1] + tf.matmul(columns, w["columns"])[:, 0]
    there = tf.math.is_finite(labels)
    said = tf.nn.sigmoid_cross_entropy_with_logits(tf.where(there, labels, 0.0), now)
    there = tf.cast(there, tf.float32)
    return loss + tf.reduce_sum(there * said) / (tf.reduce_sum(there) + 1e-6)


def _product_loss(
    network: Any, weight: Any, bag: Any, offered: Any, spans: Any, chances: Any, training: bool
) -> Any:
    """Cross entropy of DRAWN products of each question's span against the negatives."""
    import tensorflow as tf

    w, chance = network.named, network.chance if training else None
    first, last, items = spans
    taken = tf.where((last > first) & (tf.reduce_sum(weight, axis=(1, 3)) > 0))
    by_taste = tf.transpose(tf.matmul(weight, bag[:, None]), (0, 2, 1, 3))
    mixed = tf.reshape(tf.gather_nd(by_taste, taken), (-1, w["taste"].shape[0]))
    user = tf.matmul(mixed, w["taste"])
    negatives, often = _negatives(chances, chance)
    others = tf.matmul(user, tf.gather(offered, negatives), transpose_b=True)
    others += tf.gather(w["popular"], negatives) - often
    target = tf.gather(items, _drawn(first, last, taken, chance))
    own = tf.reduce_sum(user[:, None] * tf.gather(offered, target), axis=2)
    own += tf.gather(w["popular"], target)
    same = negatives[None, None] == target[:, :, None]
    held = tf.where(same, -net.FAR, others[:, None])
    lost = tf.reduce_logsumexp(tf.concat([own[:, :, None], held], axis=2), axis=2) - own
    return tf.reduce_sum(lost) / (tf.cast(tf.size(target), tf.float32) + 1e-6)


def _drawn(first: Any, last: Any, taken: Any, chance: Any) -> Any:
    """(questions, DRAWN) places in the spans; spread evenly where nothing is left to chance (None)."""
    import keras
    import tensorflow as tf

    begin, span = tf.gather_nd(first, taken), tf.gather_nd(last - first, taken)
    even = (tf.range(DRAWN, dtype=tf.float32) + 0.5)[None] / DRAWN
    share = even
    if chance is not None:
        share = keras.random.uniform((tf.shape(span)[0], DRAWN), seed=chance)
    within = tf.cast(share * tf.cast(span, tf.float32)[:, None], tf.int32)
    return begin[:, None] + tf.minimum(within, span[:, None] - 1)


def _negatives(chances: Any, chance: Any) -> tuple[Any, Any]:
    """Products to hold against, and the logarithm of how often each stands among them; all of a small catalogue, and
    where nothing is left to chance (None)."""
    import keras
    import tensorflow as tf

    count = chances.shape[0] - 1
    if count <= NEGATIVES or chance is None:
        return tf.range(1, count + 1), tf.zeros(count)
    drawn = keras.random.categorical(tf.math.log(chances)[None], NEGATIVES, "int32", seed=chance)[0]
    return drawn, tf.math.log(tf.gather(chances, drawn) * NEGATIVES)
