"""Weigh the words of one sentence: what turns them, strengthens them, or sets them against each other."""

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from insights.ml.voice.finding import Found
from insights.ml.voice.script import HAN_RUN
from insights.ml.voice.words import Word

CLAUSE_END = re.compile(r"[,，、:：()（）\[\]【】]|\s-+\s|--+")
# How far a word turns another, in words, two Chinese characters counting as one; "nothing about it is good".
_REACH, _FAR_REACH = 3.5, 6.0
_BOOST_REACH = 1.5
_FAR = frozenset((
    "nothing", "nobody", "no one", "never", "neither", "none",
    "从来没有", "从来没", "从没", "从不", "从来不", "从未", "没有",
))  # fmt: skip
# Behind these a new thought begins that "not" no longer reaches.
_NEW_THOUGHT = re.compile(
    r"\b(?:and|but|so|because|then|since|which)\b|就(?!是)|却|而|因为|所以|结果|导致"
)
_NEGATES_ITSELF = re.compile(
    r"(?:no|not|never|nobody|nothing|none|without|\w+n't|can(?:'|no)t|不|没|无|别|未)"
)
_JOINED = re.compile(r"\s*(?:or|nor|和|或|或者|/)\s*(?:very |so |that |even )?")
# Many ask without the mark.
_QUESTION = re.compile(
    r"[?？]|(?:吗|(?<![什那这怎])么|呢)[。!！~\s]*$|请问"
    r"|(?:怎么[办弄用洗装调]|多少钱|几点|哪里有|多久|行不行|可不可以)[。~\s]*$"
    r"|^(?:(?:hi|hello|hey|and|so|also),? )?(?:how (?:do|does|can|should|to|long|much|many|often)"
    r"|(?:what|which) (?:is|are|size|kind|do|does)"
    r"|(?:can|could|do|does|would|will|may|should) (?:i|you|we|it|the|this|they)"
    r"|(?:is|are) (?:there|it|the|this|these|they))\b"
)
# 怎么洗 asks for advice, 怎么还没到 accuses.
_ACCUSING = re.compile(
    r"\b(?:why|again|still|really|seriously)\b|为什么|凭什么|难道|还|又|到底"
    r"|怎么(?:还|又|都|就|总|老|一直|这|那|会|能|没|不|可能|回事|搞)"
)
_SAYS = re.compile(
    r"\b(?:say|tell|thank|let you know|express|share|point out)\b|表扬|夸|说声|感谢|谢"
)
_POSTPOSED = re.compile(
    r"(?:的?(?:问题|情况|现象)?)?(?:都|也|倒是|倒)?(?:没有|没|木有)(?=[\s,，。！!、;；~]|$|了|出现|发生)"
)
# 就是 and such set against only at the head of a clause.
_HEAD_ONLY = frozenset(("好在", "就是", "只是", "唯一", "结果", "无奈"))
_DAMPING = {"concession": 0.5, "condition": 0.35}
# What comes before "but" counts less, what comes after it more; "only that" sets less against it.
_BEFORE, _AFTER = 0.45, 0.25
# The same without a word for it: "the idea is good, the execution is poor".
_FIRST, _LAST = 0.7, 1.3


@dataclass(slots=True)
class Hit:
    """Words that carry mood: the signed weight after all that turned it, what it is said of, its sentence.

    past: it speaks of how things were, or of the first time.
    """

    start: int
    end: int
    weight: float
    aspect: str
    sentence: int
    raw: float
    past: bool = False


@dataclass(frozen=True, slots=True)
class _Modifier:
    role: str
    factor: float
    start: int
    end: int
    text: str


class Weighing:
    """One sentence of the text, from start to end of the folded text."""

    def __init__(self, text: str, plain: str, start: int, end: int, index: int) -> None:
        self.text, self.plain, self.start, self.end, self.index = text, plain, start, end, index
        piece = plain[start:end]
        self.breaks = [start + m.start() for m in CLAUSE_END.finditer(piece)]
        self.question = bool(_QUESTION.search(piece))
        self.accusing = bool(self.question and _ACCUSING.search(piece))
        self.loud = 1 + 0.08 * min(piece.count("!"), 3)

    def hits(self, found: list[Found]) -> list[Hit]:
        """``found``: the terms inside the sentence, from left to right."""
        hits: list[Hit] = []
        waiting: list[_Modifier] = []
        contrast: _Modifier | None = None
        for one, following in zip_longest(found, found[1:]):
            word: Word = one.value
            waiting = [w for w in waiting if self._same_clause(w.end, one.start)]
            modifiers = self._modifiers(one)
            contrast = next((m for m in modifiers if m.role == "contrast"), contrast)
            speaks = word.weight is not None and not self._only_modifies(one, following)
            if speaks:
                hit = self._weigh(one, waiting, hits[-1] if hits else None)
                hits.append(hit)
                # What has turned this word is used up.
                waiting = [w for w in waiting if w.role != "negator" or hit.start > w.start]
            waiting += [m for m in modifiers if not (speaks and m.role == "booster")]
        if contrast:
            _set_against(hits, contrast)
        elif self.breaks and any(h.weight > 0 for h in hits) and any(h.weight < 0 for h in hits):
            # Of two judgements the last is the one that is meant to stay.
            for hit in hits:
                hit.weight *= _LAST if hit.start > self.breaks[-1] else _FIRST
        return hits

    def _modifiers(self, one: Found) -> list[_Modifier]:
        said = self.plain[one.start : one.end]
        if said in _HEAD_ONLY and not self._heads_clause(one.start):
            return []
        return [_Modifier(r, factor, one.start, one.end, said) for r, factor in one.value.roles]

    def _weigh(self, one: Found, waiting: list[_Modifier], last: Hit | None) -> Hit:
        word: Word = one.value
        weight, start, end = word.weight or 0.0, one.start, one.end
        said = self.plain[start:end]
        spoken = any(c.isalnum() for c in said)
        turned = 0
        for other in waiting if spoken else ():
            if (
                other.role == "booster"
                and _words(self.plain[other.end : one.start]) <= _BOOST_REACH
            ):
                weight *= other.factor
                start = min(start, other.start)
            elif other.role == "negator" and self._turns(other, one, said):
                turned += 1
                start = min(start, other.start)
        if spoken and not turned and last and self._joined(last, one):
            turned = 1
        tail = _POSTPOSED.match(self.plain, end, self.end) if weight < 0 else None
        if tail:
            turned, end = turned + 1, tail.end()
        if turned % 2:
            weight = _negated(weight, word.aspect)
        weight *= self._circumstances(waiting, one, weight, last)
        past = any(other.role == "past" for other in waiting)
        hit = Hit(start, end, weight * self.loud, word.aspect, self.index, word.weight or 0.0, past)
        return replace(hit, weight=hit.weight * self._shouted(one))

    def _turns(self, negator: _Modifier, one: Found, said: str) -> bool:
        gap = self.plain[negator.end : one.start]
        if _NEW_THOUGHT.search(gap):
            return False
        if negator.text == "neither" and re.search(r"\bnor\b", gap):
            return False  # the second of the pair turns it
        if len(said) > 6 and _NEGATES_ITSELF.match(said):
            return False
        return _words(gap) <= (_FAR_REACH if negator.text in _FAR else _REACH)

    def _joined(self, last: Hit, one: Found) -> bool:
        """ "Not friendly or helpful": the second word is turned with the first."""
        alike = last.raw * (one.value.weight or 0) > 0 > last.weight * last.raw
        return alike and bool(_JOINED.fullmatch(self.plain[last.end : one.start]))

    def _circumstances(
        self, waiting: list[_Modifier], one: Found, weight: float, last: Hit | None
    ) -> float:
        """What is granted, supposed, wished for or asked counts less; what others do well is no praise of us."""
        word: Word = one.value
        factor = -0.6 if any(other.role == "others" for other in waiting) else 1.0
        if word.whole or word.aspect in ("_leaving", "_verdict", "_thanks"):
            return factor
        for other in waiting:
            if other.role != "concession" or self._granted(other, last):
                factor *= _DAMPING.get(other.role, 1.0)
            wished = other.role == "wish" and weight > 0
            if wished and not _SAYS.search(self.plain[other.end : one.start]):
                factor *= 0.2
        if self.question and self.accusing:
            factor *= 0.5 if weight > 0 else 1.0
        elif self.question:  # a question is no praise
            factor *= 0.0 if weight > 0 else 0.35
        return factor

    def _granted(self, concession: _Modifier, last: Hit | None) -> bool:
        """What stands up to the comma; without one ("despite the wait it is good") the first word only."""
        return (
            any(at >= concession.end for at in self.breaks)
            or last is None
            or last.start < concession.start
        )

    def _shouted(self, one: Found) -> float:
        said = self.text[one.start : one.end]
        loud = len(said) > 2 and said.isascii() and said.isupper() and not self.text.isupper()
        return 1.25 if loud else 1.0

    def _same_clause(self, end: int, start: int) -> bool:
        return not any(end <= at < start for at in self.breaks)

    def _heads_clause(self, at: int) -> bool:
        before = self.plain[self.start : at].rstrip()
        return not before or not before[-1].isalnum()

    def _only_modifies(self, one: Found, following: Found | None) -> bool:
        """A word with a weight that here only strengthens or turns the next one: "damn good", 好难喝."""
        if following is None or following.value.weight is None:
            return False
        if not self._same_clause(one.end, following.start):
            return False
        roles = {role for role, _ in one.value.roles}
        gap = self.plain[one.end : following.start]
        if "booster" in roles:
            return not gap.strip() and len(gap) <= 1
        return "negator" in roles and _words(gap) <= _REACH


def _negated(weight: float, aspect: str) -> float:
    """ "Not good" is bad, "not bad" is middling; not to want a refund says nothing."""
    if aspect == "_claim":
        return 0.0
    return -0.85 * weight if weight > 0 else -0.55 * weight


def _set_against(hits: list[Hit], contrast: _Modifier) -> None:
    force = contrast.factor
    for hit in hits:
        hit.weight *= 1 - _BEFORE * force if hit.start < contrast.start else 1 + _AFTER * force


def _words(gap: str) -> float:
    """How many words lie between; two Chinese characters count as one."""
    if not gap or gap.isspace():
        return 0.0
    han = sum(len(run) for run in HAN_RUN.findall(gap))
    return han / 2 + len([w for w in HAN_RUN.sub(" ", gap).split() if w.strip(".,'\"")])
