"""What the company knows by name: its products, orders, people and places, found in a text in one pass."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from insights.ml.voice.finding import Boundaries, Finder, Found
from insights.ml.voice.script import HAN_RUN, folded
from insights.ml.voice.words import aspects, lexicon, stop_words

# The size of the pack at the end of a product's name, which nobody says.
_SIZE = r"\s+[\d.]+(?:\s?[×x]\s?\d+)?\s?"
_UNITS = (
    "克|公斤|千克|斤|毫升|升|张|片|只|支|包|条|杯份|杯|欧元|毫米|厘米|寸|英寸|件|瓶|袋|盒|个|枚"
)
_PACK = re.compile(rf"{_SIZE}(?:{_UNITS})\S*$|{_SIZE}(?:g|kg|ml|l|cm|mm|pcs)$")
_NUMBER = re.compile(r"(?<![a-z0-9])#?([a-z0-9]*(?:[-/_][a-z0-9]+)*)(?![a-z0-9]|[.,]\d)")
_LEGAL_FORM = re.compile(
    r"(?:,? (?:gmbh|ag|kg|ltd|limited|llc|inc|corp|plc|b\.?v|ab|s\.?a|s\.?r\.?l|co)\.?|(?:股份)?有限(?:责任)?公司)+$"
)
_TITLE = re.compile(
    r"\b(?:hi|hello|dear|mr|mrs|ms|dr|miss|with|to|from|by|called|reached|met|visited|thanks|thank you|regards"
    r"|wishes),?\.? *$"
)

_WHERE = re.compile(r"\b(?:in|to|from|near|into|of|at) *$")


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for. keys: the records that carry it; sure: not to be mistaken for a common word."""

    kind: str
    keys: tuple[Any, ...]
    sure: bool = True

    @property
    def key(self) -> Any:
        """The record, None where several carry the name."""
        return self.keys[0] if len(self.keys) == 1 else None


@dataclass(frozen=True)
class Knowledge:
    """Names to records. ``Knowledge.of()`` knows nothing. Orders are looked up, everything else is searched for."""

    names: dict[str, Name]
    orders: dict[str, Any]
    finder: Finder
    reasons: Finder = field(default_factory=lambda: Finder({}))
    reason_codes: frozenset[str] = frozenset()
    ourselves: Finder = field(default_factory=lambda: Finder({}))

    @classmethod
    def of(
        cls,
        products: Iterable[tuple[Any, str]] = (),
        orders: Iterable[tuple[Any, str]] = (),
        people: Iterable[tuple[Any, str]] = (),
        places: Iterable[tuple[Any, str]] = (),
        reasons: Iterable[tuple[str, str]] = (),
        ourselves: str = "",
    ) -> "Knowledge":
        """From pairs of primary key and name; one record may come with several names (both languages, its SKU).

        reasons: code of a reason to write and a wording that says so. ourselves: the company's own name.
        """
        told: dict[str, tuple[str, ...]] = {}
        for code, wording in reasons:
            if plain := folded(wording).strip():
                told[plain] = (*told.get(plain, ()), code)

        names = _names("place", places, _as_it_is)
        names |= _names("person", people, _person_aliases)
        names |= _names("product", products, _product_aliases)
        codes = frozenset(code for found in told.values() for code in found)
        own = folded(ourselves).strip()
        called = {name: own for name in (own, _LEGAL_FORM.sub("", own)) if len(name) > 1}
        return cls(names, _numbers(orders), Finder(names), Finder(told), codes, Finder(called))

    def with_orders(self, orders: Iterable[tuple[Any, str]]) -> "Knowledge":
        """The same names with other orders, such as those of the customers who wrote; costs next to nothing."""
        return replace(self, orders=_numbers(orders))

    def keys_of(self, kind: str, text: str) -> tuple[Any, ...]:
        """All records of that name: a product that comes in three packs is three records."""
        if kind == "order":
            key = self.orders.get(folded(text).strip().lstrip("#"))
            return () if key is None else (key,)
        name = self.names.get(folded(text).strip())
        return name.keys if name and name.kind == kind else ()

    def find(self, text: str, plain: str, boundaries: Boundaries) -> list[Found]:
        """Names with their ``Name`` as value."""
        found = self.finder.find(plain, boundaries)
        kept = [f for f in found if _meant(f, text, plain, boundaries)]
        if self.orders:
            kept += self._ordered(plain)
        return kept

    def _ordered(self, plain: str) -> list[Found]:
        found = []
        for match in _NUMBER.finditer(plain):
            key = self.orders.get(match.group(1)) if match.group(1) else None
            if key is not None:
                found.append(Found(match.start(1), match.end(1), Name("order", (key,))))
        return found


def numbers_in(text: str) -> set[str]:
    """What could be the number of an order, folded; each has a figure in it."""
    found = {match.group(1) for match in _NUMBER.finditer(folded(text))}
    return {one for one in found if any(c.isdigit() for c in one)}


def product_names(rows: Iterable[tuple[Any, str, Iterable[str], str]]) -> Iterator[tuple[Any, str]]:
    """Pairs for :meth:`Knowledge.of` from rows of primary key, name, other names and SKU."""
    for key, name, others, sku in rows:
        yield from ((key, one) for one in (name, *others))
        if is_telling(sku):
            yield key, sku


def is_telling(sku: str) -> bool:
    """Whether an SKU cannot be taken for a word, nor for a year, an amount or the number of an order."""
    return any(c.isdigit() for c in sku) and len(sku) >= (8 if sku.isdigit() else 4)


def spoken(name: str) -> str:
    """The shortest form of a product's name: without what stands after the comma, and without the pack."""
    short = folded(name).strip().split(",")[0].strip()
    while (shorter := _PACK.sub("", short).strip()) != short:
        short = shorter
    return short


def _numbers(orders: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    numbers = {folded(str(number)).strip().lstrip("#"): key for key, number in orders}
    return {number: key for number, key in numbers.items() if number}


def _names(kind: str, pairs: Iterable[tuple[Any, str]], aliases: Any) -> dict[str, Name]:
    """Full names win over short ones; a short name of several records stands for all of them."""
    full: dict[str, list[Any]] = defaultdict(list)
    short: dict[str, list[Any]] = defaultdict(list)
    for key, name in pairs:
        plain = folded(str(name or "")).strip()
        if len(plain) < 2:
            continue
        full[plain].append(key)
        for alias in aliases(plain):
            short[alias].append(key)
    found = {alias: Name(kind, _once(keys), sure=kind != "person") for alias, keys in short.items()}
    return found | {name: Name(kind, _once(keys)) for name, keys in full.items()}


def _once(keys: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(keys))


def _as_it_is(plain: str) -> list[str]:
    return []


def _product_aliases(plain: str) -> list[str]:
    """The name without what stands after the comma, without the pack as well, and their plurals."""
    names = [plain.split(",")[0].strip()]
    while (shorter := _PACK.sub("", names[-1]).strip()) != names[-1]:
        names.append(shorter)
    names = [name for name in names if not _common(name)]
    in_letters = [name for name in names if re.search(r"[a-z]$", name)]
    plurals = [n[:-1] if n.endswith("s") and " " in n else n + "s" for n in in_letters]
    return [name for name in names + plurals if name != plain]


def _person_aliases(plain: str) -> list[str]:
    """Given and family name; of Chinese names only the whole, for the parts are common words."""
    parts = plain.split()
    if HAN_RUN.search(plain) or len(parts) < 2:
        return []
    return [parts[0], " ".join(parts[1:])] if len(parts[0]) > 2 else []


def _common(name: str) -> bool:
    return len(name) < 2 or name in lexicon() or name in aspects() or name in stop_words()


def _meant(found: Found, text: str, plain: str, boundaries: Boundaries) -> bool:
    """People and places in letters need a capital; where nobody types any, or the name is a word, what leads to it."""
    name: Name = found.value
    said = text[found.start : found.end]
    if HAN_RUN.match(said):
        return len(said) > 2 or boundaries.whole(found.start, found.end)
    if name.kind not in ("person", "place") or (name.sure and " " in said):
        return True
    before = plain[: found.start]
    led = bool((_TITLE if name.kind == "person" else _WHERE).search(before))
    if not said[:1].isupper():
        return led and text.islower() and not _common(said)
    return name.sure or led or not _common(plain[found.start : found.end])
