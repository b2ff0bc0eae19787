"""A character network for texts: trained by Keras, scored by numpy, and its score is a sum over places in the text."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np

from insights.ml.voice.learners.corpus import Corpus

WIDTHS = (2, 3, 4, 5)
EMBEDDING, FILTERS = 64, 96
# Nothing before and after a message, so wide that every filter also answers to nothing: more of it changes no answer.
PAD = max(WIDTHS)
# Characters read of a message; what stands beyond says the same again.
MOST_CHARACTERS = 250
# A character seen in fewer messages is to the network as any other unknown one.
LEAST_SEEN = 3
UNKNOWN, NOTHING = 1, 0
MOST_ROWS = 60_000
HELD_OUT, EPOCHS, PATIENCE, BATCH = 0.08, 12, 2, 64
DROPOUT, RATE = 0.5, 1e-3
AT_ONCE = 512


class TextNetwork:
    """Convolutions of two to five characters, the strongest answer of each filter, a straight line from there (Kim
    2014; on characters Zhang et al. 2015). Each filter's answer comes from one place, so what it adds is evidence of
    that place."""

    name = "network"
    choices: ClassVar[tuple[dict[str, Any], ...]] = ({},)

    def __init__(self, random_state: int = 42):
        self.random_state = random_state

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        """y (n,) class numbers of 0..classes-1."""
        self.characters_ = _characters(corpus.texts)
        numbers = _numbers(corpus.texts, self.characters_, MOST_CHARACTERS)
        rows = np.random.default_rng(self.random_state).permutation(len(y))[:MOST_ROWS]
        network = _trained(
            numbers[rows], y[rows], len(self.characters_) + 2, classes, self.random_state
        )
        self.estimator_ = network
        self._take([np.asarray(one, np.float32) for one in network.get_weights()])
        return self

    def _take(self, weights: Sequence[np.ndarray]) -> None:
        """Embedding; kernel (width, EMBEDDING, FILTERS) and bias per width; line and its bias."""
        self.weights_ = list(weights)
        self.embedding_, *between = self.weights_
        self.kernels_, self.biases_ = between[0:-2:2], between[1:-2:2]
        self.line_, self.offsets_ = between[-2].astype(float), between[-1].astype(float)

    def raw(self, corpus: Corpus) -> np.ndarray:
        """(n, classes); messages of one length are worked through together, so none depends on another's padding."""
        texts = corpus.texts
        said = np.zeros((len(texts), len(self.offsets_)))
        lengths = np.minimum([len(text) for text in texts], MOST_CHARACTERS)
        for length in np.unique(lengths):
            places = np.flatnonzero(lengths == length)
            for start in range(0, len(places), AT_ONCE):
                part = places[start : start + AT_ONCE]
                numbers = _numbers([texts[p] for p in part], self.characters_, int(length))
                strongest, _ = self._strongest(numbers)
                said[part] = strongest @ self.line_ + self.offsets_
        return said

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        numbers = _numbers([plain_text], self.characters_, min(len(plain_text), MOST_CHARACTERS))
        strongest, places = self._strongest(numbers)
        worth = strongest[0] * (self.line_ @ towards)
        shares, base = np.zeros(len(plain_text)), float(self.offsets_ @ towards)
        widths = np.repeat(WIDTHS, FILTERS)
        for own, start, width in zip(worth, places[0], widths, strict=True):
            # Filters answer over the padding at both ends too, where only a part of them meets the text.
            first, last = max(0, start - width + 1), min(len(plain_text), start + 1)
            if last > first:
                shares[first:last] += own / (last - first)
            else:
                base += own
        return shares, base

    def _strongest(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n, filters) the strongest answers, not below nothing, and the last character (n, filters) each is of."""
        padded = _padded(numbers)
        x = self.embedding_[padded]
        values, places = [], []
        for width, kernel, bias in zip(WIDTHS, self.kernels_, self.biases_, strict=True):
            reach = padded.shape[1] - width + 1
            answers = sum(x[:, k : k + reach] @ kernel[k] for k in range(width)) + bias
            values.append(np.maximum(answers.max(axis=1), 0.0))
            places.append(answers.argmax(axis=1) + width - 1 - PAD)
        return np.concatenate(values, axis=1).astype(float), np.concatenate(places, axis=1)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {f"weights{number}": one for number, one in enumerate(self.weights_)}
        return {"weights": len(self.weights_)}, {**arrays, "characters": self.characters_}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.characters_ = arrays["characters"]
        learner._take([arrays[f"weights{number}"] for number in range(meta["weights"])])
        return learner


def _characters(texts: Sequence[str]) -> np.ndarray:
    """Sorted code points of the characters that stand in enough of the messages."""
    seen: dict[str, int] = {}
    for text in texts:
        for sign in set(text):
            seen[sign] = seen.get(sign, 0) + 1
    return np.array(sorted(ord(sign) for sign, n in seen.items() if n >= LEAST_SEEN), np.uint32)


def _numbers(texts: Sequence[str], characters: np.ndarray, length: int) -> np.ndarray:
    """(n, length) of the first characters: place among the known ones plus 2, UNKNOWN, or NOTHING after the end."""
    numbers = np.full((len(texts), length), NOTHING, dtype=np.int32)
    for row, text in enumerate(texts):
        codes = np.frombuffer(text[:length].encode("utf-32-le"), dtype=np.uint32)
        if not len(codes) or not len(characters):
            numbers[row, : len(codes)] = UNKNOWN
            continue
        place = np.minimum(np.searchsorted(characters, codes), len(characters) - 1)
        numbers[row, : len(codes)] = np.where(characters[place] == codes, place + 2, UNKNOWN)
    return numbers


def _padded(numbers: np.ndarray) -> np.ndarray:
    return np.pad(numbers, ((0, 0), (PAD, PAD)), constant_values=NOTHING)


def _network(size: int, classes: int) -> Any:
    import keras

    given = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(size, EMBEDDING)(given)
    dropped = keras.layers.SpatialDropout1D(0.2)(x)
    strongest = []
    for width in WIDTHS:
        answers = keras.layers.Conv1D(FILTERS, width, activation="relu")(dropped)
        strongest.append(keras.layers.GlobalMaxPooling1D()(answers))
    joined = keras.layers.Dropout(DROPOUT)(keras.layers.Concatenate()(strongest))
    return keras.Model(given, keras.layers.Dense(classes)(joined))


def _trained(numbers: np.ndarray, y: np.ndarray, size: int, classes: int, seed: int) -> Any:
    """The Keras model as it was when it did best on messages held out."""
    import keras

    keras.utils.set_random_seed(seed)
    network = _network(size, classes)
    cost = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(RATE), cost, jit_compile=False)
    padded = _padded(numbers)
    stop = keras.callbacks.EarlyStopping(patience=PATIENCE, restore_best_weights=True)
    # The rows come shuffled, so the last of them are any.
    seen = len(y) - max(1, int(len(y) * HELD_OUT))
    network.fit(
        _batches(padded[:seen], y[:seen], seed),
        validation_data=_batches(padded[seen:], y[seen:], None),
        epochs=EPOCHS,
        callbacks=[stop],
        shuffle=False,
        verbose=0,
    )
    return network


def _batches(padded: np.ndarray, y: np.ndarray, seed: int | None) -> Any:
    """Batches of messages of like length, cut to the longest of them: most messages are short."""
    import tensorflow as tf

    lengths = (padded != NOTHING).sum(axis=1)
    generator = np.random.default_rng(seed or 0)

    def cut() -> Any:
        jitter = generator.random(len(y)) * 20 if seed is not None else 0.0
        order = np.argsort(lengths + jitter, kind="stable")
        parts = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        if seed is not None:
            generator.shuffle(parts)
        for part in parts:
            yield padded[part, : int(lengths[part].max()) + 2 * PAD], y[part]

    signature = (
        tf.TensorSpec((None, None), tf.int32),
        tf.TensorSpec((None,), tf.int64),
    )
    made = tf.data.Dataset.from_generator(cut, output_signature=signature)
    count = tf.data.experimental.assert_cardinality(-(-len(y) // BATCH))
    return made.apply(count).prefetch(2)
