"""The mood of a message by rules over word lists, with the words that made it.

Valence with negation, degree words, contrast and marks of emphasis, after VADER (Hutto & Gilbert, 2014) and
Taboada et al., "Lexicon-based methods for sentiment analysis" (2011), for both languages and texts that mix
them. Contrast, concession, condition, wish and question weaken what stands under them; what comes after "but"
counts more. Nothing here is learnt from anybody's messages.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, sqrt

from insights.ml.voice import phrasings
from insights.ml.voice.finding import SENTENCE_END, Boundaries, Finder, Found
from insights.ml.voice.script import HAN_RUN
from insights.ml.voice.words import Word, lexicon

# A score of 4, one very strong word, is about .72 of the scale (VADER's normalisation).
_ALPHA = 15.0
# How far a word turns or strengthens, in words; two Chinese characters count as one.
_REACH = 3.5
CLAUSE_END = re.compile(r"[,，、:：()（）\[\]【】]|\s-+\s|--+")
_QUESTION = re.compile(r"[?？]|[吗么呢][。!！~\s]*$")
_ACCUSING = re.compile(
    r"\b(?:why|how|what|when|where|again|still|really|seriously)\b|怎么|为什么|凭什么|难道|还|又|到底"
)
_LINKING = re.compile(r"\s*(?:or|nor|and|,|/|、|和|或|也|又)?\s*(?:even|very|that|so|也|又)?\s*")
_SAYS = re.compile(
    r"\b(?:say|tell|thank|let you know|express|share|point out)\b|表扬|夸|说声|感谢|谢"
)
_POSTPOSED = re.compile(
    r"(?:的?(?:问题|情况|现象)?)?(?:都|也|倒是|倒)?(?:没有|没|木有)(?=[\s,，。！!、;；~]|$|了|出现|发生)"
)
# Logits of the three classes: the slope for the score and how much neutral is worth at none.
_SLOPE, _NEUTRAL = 4.2, 0.75


@dataclass(slots=True)
class Hit:
    """Words that carry mood: its signed weight after all that turned it, and what it speaks about."""

    start: int
    end: int
    weight: float
    aspect: str
    sentence: int
    raw: float


@dataclass(slots=True)
class Mood:
    """sentences: (start, end). score: the sum of the hits' weights."""

    hits: list[Hit]
    sentences: list[tuple[int, int]]
    clauses: list[int] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(hit.weight for hit in self.hits)

    def of_sentence(self, index: int) -> float:
        return sum(hit.weight for hit in self.hits if hit.sentence == index)


def squashed(score: float) -> float:
    """-1 to 1."""
    return score / sqrt(score * score + _ALPHA)


def chances(sentiment: float) -> tuple[float, float, float]:
    """Of negative, neutral and positive; the even score is neutral, the ends are nearly certain."""
    bad, good = exp(-_SLOPE * sentiment), exp(_SLOPE * sentiment)
    middle = exp(_NEUTRAL)
    total = bad + middle + good
    return bad / total, middle / total, good / total


@lru_cache(maxsize=1)
def _finder() -> Finder:
    return Finder(lexicon())


def mood(text: str, plain: str, boundaries: Boundaries) -> Mood:
    """``plain`` is the folded text."""
    sentences = split(plain)
    found = _found(plain, boundaries)
    hits: list[Hit] = []
    at = 0
    for index, (start, end) in enumerate(sentences):
        inside = []
        while at < len(found) and found[at].start < end:
            inside.append(found[at])
            at += 1
        hits += _Sentence(text, plain, start, end, index).hits(inside)
    result = Mood(hits, sentences)
    _contrast_between(plain, result)
    _courtesy(plain, result)
    _sarcasm(plain, result)
    _verdict(plain, result)
    return result


def split(plain: str) -> list[tuple[int, int]]:
    """Sentences without surrounding blanks."""
    spans, start = [], 0
    ends = [match.end() for match in SENTENCE_END.finditer(plain)] + [len(plain)]
    for end in ends:
        piece = plain[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            right = start + len(piece.rstrip())
            # An emoji or a hashtag after the full stop belongs to what stands before it.
            if spans and not any(c.isalnum() for c in plain[left:right].split("#")[0]):
                spans[-1] = (spans[-1][0], right)
            else:
                spans.append((left, right))
        start = end
    return spans


def _found(plain: str, boundaries: Boundaries) -> list[Found]:
    """Words of the lists and whole wordings; a wording covers the words inside it."""
    words = _finder().find(plain, boundaries)
    spans: list[Found] = []
    weak: list[Found] = []
    for phrasing in _phrasings(plain):
        if phrasing.weak and phrasing.weight is None:
            continue
        for match in phrasing.pattern.finditer(plain):
            word = Word(phrasing.weight, phrasing.aspect)
            (weak if phrasing.weak else spans).append(Found(match.start(), match.end(), word))
    if not spans and not weak:
        return words
    kept = _apart(spans)
    words = [w for w in words if not any(s.start < w.end and w.start < s.end for s in kept)]
    polar = [w for w in words + kept if w.value.weight is not None]
    kept += [w for w in _apart(weak) if not any(_near(w, p) for p in polar)]
    return sorted(words + kept, key=lambda f: f.start)


def _near(one: Found, other: Found) -> bool:
    """In one breath: a weak wording leaves the saying to the word beside it."""
    return one.start - 12 < other.end and other.start < one.end + 12


def _apart(spans: list[Found]) -> list[Found]:
    """The longest first, without overlaps."""
    kept: list[Found] = []
    for span in sorted(spans, key=lambda f: (f.start - f.end, f.start)):
        if all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return kept


def _phrasings(plain: str) -> list[phrasings.Phrasing]:
    chosen = []
    if re.search(r"[a-z]{2}", plain):
        chosen += phrasings.ENGLISH
    if HAN_RUN.search(plain):
        chosen += phrasings.CHINESE
    return chosen


class _Sentence:
    """Weighs the words of one sentence."""

    def __init__(self, text: str, plain: str, start: int, end: int, index: int) -> None:
        self.text, self.plain, self.start, self.end, self.index = text, plain, start, end, index
        piece = plain[start:end]
        self.breaks = [start + m.start() for m in CLAUSE_END.finditer(piece)]
        self.question = bool(_QUESTION.search(piece))
        self.accusing = bool(self.question and _ACCUSING.search(piece))
        self.loud = 1 + 0.08 * min(piece.count("!"), 3)

    def hits(self, found: list[Found]) -> list[Hit]:
        hits: list[Hit] = []
        contrasts: list[int] = []
        waiting: list[tuple[str, float, Found]] = []
        for i, one in enumerate(found):
            following = found[i + 1] if i + 1 < len(found) else None
            word: Word = one.value
            waiting = [
                w
                for w in waiting
                if self._same_clause(w[2].end, one.start) or w[0] in ("concession",)
            ]
            waiting = [w for w in waiting if w[0] != "concession" or self._under(w[2], one)]
            contrasts += [
                one.start for role, _ in word.roles if role == "contrast" and self._opens(one)
            ]
            speaks = word.weight is not None and not (
                word.roles and self._only_modifies(one, following)
            )
            if speaks:
                hits.append(self._weigh(one, waiting, hits))
            waiting += [
                (role, factor, one)
                for role, factor in word.roles
                if not (speaks and role == "booster")
            ]
        for at in contrasts[-1:]:
            for hit in hits:
                hit.weight *= 0.55 if hit.start < at else 1.35
        return hits

    def _weigh(self, one: Found, waiting: list[tuple[str, float, Found]], before: list[Hit]) -> Hit:
        word: Word = one.value
        weight = word.weight or 0.0
        start, turned = one.start, 0
        for role, factor, other in waiting:
            distance = _words(self.plain[other.end : one.start])
            if role == "negator" and distance <= _REACH:
                turned += 1
                start = min(start, other.start)
            elif role == "booster" and distance <= 1.5:
                weight *= factor
                start = min(start, other.start)
        if not turned and before and self._continues(before[-1], one):
            turned = 1
        tail = _POSTPOSED.match(self.plain, one.end, self.end) if weight < 0 else None
        end = one.end
        if tail and tail.end() > one.end:
            turned, end = turned + 1, tail.end()
        if turned % 2:
            weight = self._negated(weight, word.aspect)
        for role, _, other in waiting:
            weight *= self._damping(role, other, one, weight, word.aspect)
        if self.question and not word.aspect.startswith("_"):
            weight *= self._asked(weight)
        shouted = self.text[one.start : one.end]
        if len(shouted) > 2 and shouted.isupper() and shouted.isascii() and not self.text.isupper():
            weight *= 1.25
        return Hit(start, end, weight * self.loud, word.aspect, self.index, word.weight or 0.0)

    @staticmethod
    def _negated(weight: float, aspect: str) -> float:
        """ "Not good" is bad, "not bad" is middling; not to want a refund says nothing."""
        if aspect == "_claim":
            return 0.0
        return -0.85 * weight if weight > 0 else -0.55 * weight

    def _damping(self, role: str, other: Found, one: Found, weight: float, aspect: str) -> float:
        if aspect in ("_leaving", "_verdict", "_thanks"):
            return 1.0
        if role == "concession":
            return 0.5
        if role == "condition":
            return 0.35
        if role == "wish" and weight > 0 and not _SAYS.search(self.plain[other.end : one.start]):
            return 0.2
        return 1.0

    def _asked(self, weight: float) -> float:
        if self.accusing:
            return 0.5 if weight > 0 else 1.0
        return 0.15 if weight > 0 else 0.5

    def _continues(self, last: Hit, one: Found) -> bool:
        """ "Not friendly or helpful": the second word is turned with the first."""
        gap = self.plain[last.end : one.start]
        return (
            last.weight * last.raw < 0
            and last.raw * (one.value.weight or 0) > 0
            and bool(re.fullmatch(r"\s*(?:or|nor|和|或|也不|又不)\s*", gap))
        )

    def _same_clause(self, end: int, start: int) -> bool:
        return not any(end <= at < start for at in self.breaks)

    def _under(self, concession: Found, one: Found) -> bool:
        """Up to the first comma; without one, everything after it."""
        return self._same_clause(concession.end, one.start)

    def _opens(self, one: Found) -> bool:
        """就是 and 只是 set against only at the head of a clause."""
        if one.value.roles and self.plain[one.start : one.end] in (
            "就是",
            "只是",
            "结果",
            "unfortunately",
            "sadly",
        ):
            before = self.plain[self.start : one.start].rstrip()
            return (
                not before or before[-1] in ",，、:;；。.!！?？~ " or self.plain[one.start] in "us"
            )
        return True

    def _only_modifies(self, one: Found, following: Found | None) -> bool:
        """A word with a weight of its own that here strengthens or turns the next one: "damn good", 好难喝."""
        if following is None or not self._same_clause(one.end, following.start):
            return False
        if following.value.weight is None:
            return False
        roles = {role for role, _ in one.value.roles}
        gap = self.plain[one.end : following.start]
        if "booster" in roles:
            return not gap.strip() and len(gap) <= 1
        return "negator" in roles and _words(gap) <= _REACH


def _words(gap: str) -> float:
    if not gap or gap.isspace():
        return 0.0
    han = sum(len(run) for run in HAN_RUN.findall(gap))
    return han / 2 + len([w for w in HAN_RUN.sub(" ", gap).split() if w.strip(".,'\"")])


def _contrast_between(plain: str, result: Mood) -> None:
    """A sentence that opens with "but" sets itself against the ones before it."""
    for index, (start, end) in enumerate(result.sentences):
        if index and re.match(
            r"(?:but|however|unfortunately|sadly|yet|但是?|可是|不过|然而|可惜|只是|就是)(?![a-z])",
            plain[start:end],
        ):
            for hit in result.hits:
                if hit.sentence < index:
                    hit.weight *= 0.75


def _courtesy(plain: str, result: Mood) -> None:
    """Thanks under a request or a complaint are good manners, not praise."""
    busy = any(hit.weight < -0.5 for hit in result.hits) or bool(
        re.search(
            r"[?？]|\bplease\b|\bcan you\b|\bcould you\b|\bin advance\b|请|麻烦|吗|能不能|可以.{0,6}(?:吗|么)",
            plain,
        )
    )
    praise = sum(hit.weight for hit in result.hits if hit.weight > 0 and hit.aspect != "_thanks")
    if busy and praise < 2:
        for hit in result.hits:
            if hit.aspect == "_thanks" and hit.weight > 0:
                hit.weight *= 0.15


def _sarcasm(plain: str, result: Mood) -> None:
    """Praise that its surroundings give the lie is blame."""
    bad = -sum(hit.weight for hit in result.hits if hit.weight < 0)
    good = sum(hit.weight for hit in result.hits if hit.weight > 0)
    for match in phrasings.SARCASM.finditer(plain):
        _turn(result, plain, match.start(), match.end())
    if bad > 1.0:
        for index, (start, end) in enumerate(result.sentences):
            clause = CLAUSE_END.split(plain[start:end])[0]
            interjection = phrasings.INTERJECTION.fullmatch(clause.strip() + " ")
            if interjection and not _kind_word_after(plain, result, index, start + len(clause)):
                _turn(result, plain, start, start + len(clause))
    for match in phrasings.QUOTED.finditer(plain):
        inside = [
            h
            for h in result.hits
            if match.start() <= h.start and h.end <= match.end() and h.weight > 0
        ]
        if inside and bad > 0.8:
            _turn(result, plain, match.start(), match.end())
    if good and bad < 0.8 and phrasings.EYE_ROLLING.search(plain):
        for hit in result.hits:
            hit.weight *= -0.7 if hit.weight > 0 else 1.0


def _kind_word_after(plain: str, result: Mood, index: int, at: int) -> bool:
    """Is what comes next in the same breath praise, or set against it by "but"? Then the praise is meant."""
    later = [hit for hit in result.hits if hit.start >= at]
    if not later or later[0].weight > 0:
        return True
    between = plain[at : later[0].start]
    return bool(
        re.search(r"\b(?:but|however|though|although|only)\b|但|不过|可是|就是|只是|虽", between)
    )


def _turn(result: Mood, plain: str, start: int, end: int) -> None:
    """Make blame of the praise inside; where none is marked, the wording itself is the mark."""
    inside = [hit for hit in result.hits if hit.start < end and start < hit.end]
    for hit in inside:
        if hit.weight > 0:
            hit.weight = -max(1.2, 0.8 * hit.weight)
    if not inside:
        sentence = next((i for i, (_, e) in enumerate(result.sentences) if start < e), 0)
        result.hits.append(Hit(start, end, -2.0, "", sentence, -2.0))
        result.hits.sort(key=lambda hit: hit.start)


def _verdict(plain: str, result: Mood) -> None:
    """What is said in summary counts half as much again."""
    for match in phrasings.VERDICT.finditer(plain):
        index = next(
            (i for i, (s, e) in enumerate(result.sentences) if s <= match.start() < e), None
        )
        for hit in result.hits:
            if hit.sentence == index and hit.start >= match.end():
                hit.weight *= 1.5
