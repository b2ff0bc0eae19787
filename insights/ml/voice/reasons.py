"""Why somebody writes and how soon to answer, by built-in wordings; a company's own labels teach more.

A wording in two pieces ("charged..twice") matches with a few words in between.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from insights.ml.voice.failures import something_else
from insights.ml.voice.finding import Boundaries, Finder
from insights.ml.voice.words import lines, terms

OTHER = "other"
# Codes of the built-in taxonomy, besides "other".
INTENTS = (
    "late_delivery", "order_status", "damaged", "quality", "wrong_item", "missing_item", "refund", "exchange",
    "return", "cancel", "unsubscribe", "price", "invoice", "payment", "account", "website", "order_change",
    "service", "praise", "question", "wholesale", "thanks",
)  # fmt: skip
URGENCY_REASONS = (
    "legal", "safety", "fraud", "cancel_threat", "public_threat", "repeated_contact", "waiting_long",
    "deadline", "anger",
)  # fmt: skip
# How certain one plain wording makes, and what "other" weighs against it.
_STEEPNESS, _NOTHING = 1.1, 1.4
# Of reasons in words that the lists do not hold: where nothing is found, there is one as likely as none.
_UNHEARD = _NOTHING
# However often it is said.
_MOST = 4.0
# Of a wording that the company itself has named.
_OWN = 3.8
# Who was sent something else says what came ("quality") or what to do ("refund") beside it.
_WRONG = 3.5
# Below this chance the built-in rules rather say "other".
LEAST_CHANCE = 0.45
# Reports of what happened outweigh the request that follows from it, and both outweigh the tone.
_TONES = ("praise", "thanks", "question")
_LONG_WAIT = re.compile(
    r"(?:\b(?:[3-9]|\d\d+|three|four|five|six|seven|eight|nine|ten) "
    r"(?:extra |more |working |whole )?(?:days|weeks|months)\b"
    r"|(?:[3-9]|\d\d+|[三四五六七八九十])\s*(?:个)?(?:多)?(?:天|日|周|星期|月))"
)
# They buy, and threaten nobody.
_BUYING_LAWYERS = re.compile(
    r"\b(?:lawyer|solicitor|attorney)s?(?:'s?)? (?:(?:office|firm|practice) )?"
    r"(?:would like|wants?|asked me) to (?:order|buy|try)\b"
)
_GAP = r"[^.!?。！？]{1,24}?"


@dataclass(frozen=True)
class _Rules:
    finder: Finder
    gapped: tuple[tuple[str, re.Pattern[str], tuple[str, float]], ...]

    def found(self, plain: str, boundaries: Boundaries) -> list[tuple[str, float]]:
        hits = [pair for f in self.finder.find_all(plain, boundaries) for pair in f.value]
        return hits + [pair for first, p, pair in self.gapped if first in plain and p.search(plain)]


@lru_cache(maxsize=2)
def _rules(name: str) -> _Rules:
    plain: dict[str, tuple[tuple[str, float], ...]] = {}
    gapped = []
    for (code, weight), text in lines(name):
        for term in terms(text, chinese=False):
            pair = (code, float(weight))
            if ".." in term:
                first, second = term.split("..")
                pattern = re.compile(re.escape(first) + _GAP + re.escape(second))
                gapped.append((first, pattern, pair))
            else:
                plain[term] = (*plain.get(term, ()), pair)
    return _Rules(Finder(plain), tuple(gapped))


def intent(
    plain: str, boundaries: Boundaries, sentiment: float, own: Iterable[str] = ()
) -> tuple[str, float]:
    """The most probable reason and its chance; "other" where no wording is plain enough.

    own: the codes of the company's wordings that were found; they outweigh the built-in ones.
    """
    best: dict[str, float] = {}
    hits = [(code, _OWN) for code in own]
    hits += _rules("intents.txt").found(plain, boundaries)
    if any(something_else(plain)):
        hits.append(("wrong_item", _WRONG))
    for code, weight in hits:
        strongest, weakest = max(best.get(code, 0.0), weight), min(best.get(code, 0.0), weight)
        best[code] = min(_MOST, strongest + 0.15 * weakest)
    if sentiment < -0.15:
        best = {code: w for code, w in best.items() if code not in ("praise", "thanks")}
    elif sentiment > 0.15 and "thanks" in best:
        # The refund has arrived: nothing is asked for any more.
        best = {code: w for code, w in best.items() if code in _TONES}
    elif sentiment > 0.45 and not set(best) - set(_TONES):
        best["praise"] = best.get("praise", 0.0) + 1.5
    if set(best) - set(_TONES):
        best = {code: w * (0.6 if code in _TONES else 1) for code, w in best.items()}
    odds = {code: exp(_STEEPNESS * weight) for code, weight in best.items()}
    total = sum(odds.values()) + exp(_STEEPNESS * _NOTHING)
    if odds:
        code = max(odds, key=lambda c: (odds[c], -INTENTS.index(c) if c in INTENTS else 1, c))
        chance = odds[code] / total
        if chance >= LEAST_CHANCE or (chance > 0.3 and best[code] >= 2.5):
            return code, chance
    nothing, unheard = exp(_STEEPNESS * _NOTHING), exp(_STEEPNESS * _UNHEARD)
    return OTHER, nothing / (total + unheard)


def places(plain: str, boundaries: Boundaries, code: str) -> list[tuple[int, int]]:
    """Where the wordings stand that speak for the reason, in no order; they may overlap."""
    rules = _rules("intents.txt")
    found = rules.finder.find_all(plain, boundaries)
    spans = [(f.start, f.end) for f in found if any(own == code for own, _ in f.value)]
    for first, pattern, (own, _) in rules.gapped:
        if own == code and first in plain:
            spans += [match.span() for match in pattern.finditer(plain)]
    if code == "wrong_item":
        spans += something_else(plain)
    return spans


def urgency(
    plain: str, boundaries: Boundaries, sentiment: float, text: str
) -> tuple[int, tuple[str, ...]]:
    """0 (can wait) to 3 (now), and why."""
    levels: dict[str, float] = {}
    plain = _BUYING_LAWYERS.sub(lambda found: " " * len(found.group()), plain)
    for code, level in _rules("urgency.txt").found(plain, boundaries):
        levels[code] = max(level, levels.get(code, 0.0))
    bad = sentiment < -0.1
    if not bad:
        # Who is content and names a day, or praises us in public, is in no hurry.
        keep = (
            ("legal", "safety", "fraud")
            if sentiment > 0.3
            else ("legal", "safety", "fraud", "cancel_threat", "deadline")
        )
        levels = {code: level for code, level in levels.items() if code in keep}
    elif _LONG_WAIT.search(plain) and "waiting_long" not in levels:
        levels["waiting_long"] = 1.0
    if sentiment < -0.9 or (bad and text.isupper() and len(text) > 20):
        levels["anger"] = max(1.0, levels.get("anger", 0.0))
    level = max(levels.values(), default=0.0)
    # Two reasons of the second kind together are one of the first.
    if level == 2 and sum(value == 2 for value in levels.values()) > 1:
        level = 3
    elif level == 1 and len(levels) > 2:
        level = 2
    return int(level), tuple(code for code in URGENCY_REASONS if code in levels)
