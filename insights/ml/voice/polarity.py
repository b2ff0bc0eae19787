"""The mood of a message by rules over word lists, with the words that made it.

Valence with negation, degree words, contrast and marks of emphasis, after VADER (Hutto & Gilbert, 2014) and
Taboada et al., "Lexicon-based methods for sentiment analysis" (2011), for both languages and texts that mix
them. Nothing here is learnt from anybody's messages.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt

from insights.ml.voice import phrasings
from insights.ml.voice.finding import SENTENCE_END, Boundaries, Finder, Found
from insights.ml.voice.script import HAN_RUN
from insights.ml.voice.weighing import CLAUSE_END, Hit, Weighing
from insights.ml.voice.words import Word, lexicon

# A score of 4, one very strong word, is about .72 of the scale (VADER's normalisation).
_ALPHA = 15.0
# Logits of the three classes: the slope for the score and how much neutral is worth at none.
_SLOPE, _NEUTRAL, _MIXED = 4.2, 0.75, 0.6
_REQUEST = re.compile(
    r"[?？]|\bplease\b|\bcan you\b|\bcould you\b|\bin advance\b|请|麻烦|吗|能不能|可以.{0,6}(?:吗|么)"
)
_OPENS_AGAINST = re.compile(
    r"(?:but|however|unfortunately|sadly|yet)\b|但是?|可是|不过|然而|可惜|只是|就是"
)
_SET_AGAINST = re.compile(r"\b(?:but|however|though|although)\b|但|不过|可是|就是|只是|虽")
# 便宜是便宜: granted before it is taken back.
_GRANTED = re.compile(r"([\u4e00-\u9fff]{1,3})(?:是|归|倒是)(\1)")
# "Wow, amazing": one goes before.
_OPENER = re.compile(r"(?:oh|well|wow|yeah|ah|so|哇|哎呀|嗯)+")
# How near a word of the lists makes a weak wording superfluous, in characters.
_BREATH = 12


@dataclass(slots=True)
class Mood:
    """sentences: (start, end). score: the sum of the hits' weights."""

    hits: list[Hit]
    sentences: list[tuple[int, int]]

    @property
    def score(self) -> float:
        return sum(hit.weight for hit in self.hits)

    @property
    def conflict(self) -> float:
        """0 where all words agree, 1 where praise and blame are even."""
        every = sum(abs(hit.weight) for hit in self.hits)
        return 1 - abs(self.score) / every if every else 0.0

    @property
    def bad(self) -> float:
        return -sum(hit.weight for hit in self.hits if hit.weight < 0)

    def of_sentence(self, index: int) -> float:
        return sum(hit.weight for hit in self.hits if hit.sentence == index)


def squashed(score: float) -> float:
    """-1 to 1."""
    return score / sqrt(score * score + _ALPHA)


def chances(sentiment: float, conflict: float = 0.0) -> tuple[float, float, float]:
    """Of negative, neutral and positive: an even score is neutral, the more so the more praise and blame are mixed."""
    bad, good = exp(-_SLOPE * sentiment), exp(_SLOPE * sentiment)
    middle = exp(_NEUTRAL + _MIXED * conflict)
    total = bad + middle + good
    return bad / total, middle / total, good / total


def mood(text: str, plain: str, boundaries: Boundaries, names: list[tuple[int, int]]) -> Mood:
    """``plain``: the folded text. names: characters that belong to names and so judge nothing."""
    sentences = split(plain)
    found = [f for f in _found(plain, boundaries) if not any(_of_a_name(f, *one) for one in names)]
    hits: list[Hit] = []
    at = 0
    for index, (start, end) in enumerate(sentences):
        inside = []
        while at < len(found) and found[at].start < end:
            inside.append(found[at])
            at += 1
        hits += Weighing(text, plain, start, end, index).hits(inside)
    result = Mood(hits, sentences)
    for step in (_then_and_now, _against_what_was_said, _courtesy, _sarcasm, _verdict):
        step(plain, result)
    return result


def _of_a_name(one: Found, start: int, end: int) -> bool:
    """A wording may reach over a name: "I ordered Perfect Brew and got …"."""
    around = one.start <= start and end <= one.end and one.end - one.start > end - start
    return start < one.end and one.start < end and not around


def split(plain: str) -> list[tuple[int, int]]:
    """Sentences without surrounding blanks."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*(match.end() for match in SENTENCE_END.finditer(plain)), len(plain)]:
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


@lru_cache(maxsize=1)
def _finder() -> Finder:
    return Finder(lexicon())


def _found(plain: str, boundaries: Boundaries) -> list[Found]:
    """Words of the lists and whole wordings; a wording covers the words inside it."""
    words = _finder().find(plain, boundaries)
    spans, weak = _wordings(plain)
    if not spans and not weak:
        return words
    kept = _apart(spans)
    words = _uncovered(words, kept)
    speaking = [w for w in words + kept if w.value.weight is not None]
    weak = _uncovered(weak, kept)
    kept += [w for w in _apart(weak) if not any(_near(w, s) for s in speaking)]
    return sorted(_uncovered(words, kept) + kept, key=lambda f: f.start)


def _uncovered(words: list[Found], kept: list[Found]) -> list[Found]:
    return [w for w in words if not any(s.start < w.end and w.start < s.end for s in kept)]


def _wordings(plain: str) -> tuple[list[Found], list[Found]]:
    """Those that always count, and those that count where nothing else speaks."""
    chosen = [*phrasings.ENGLISH] if re.search(r"[a-z]{2}", plain) else []
    chosen += phrasings.CHINESE if HAN_RUN.search(plain) else []
    spans: list[Found] = []
    weak: list[Found] = []
    for phrasing in chosen:
        for match in phrasing.pattern.finditer(plain):
            word = Word(phrasing.weight, phrasing.aspect, whole=not phrasing.told)
            (weak if phrasing.weak else spans).append(Found(match.start(), match.end(), word))
    for match in _GRANTED.finditer(plain):
        word = lexicon().get(match.group(1), Word())
        if word.weight:
            spans.append(Found(match.start(), match.end(), Word(0.4 * word.weight, word.aspect)))
    return spans, weak


def _near(one: Found, other: Found) -> bool:
    return one.start - _BREATH < other.end and other.start < one.end + _BREATH


def _apart(spans: list[Found]) -> list[Found]:
    """The longest first, without overlaps."""
    kept: list[Found] = []
    for span in sorted(spans, key=_first):
        if all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return kept


def _first(span: Found) -> tuple[int, bool, int]:
    """The longest, and of equals what says something."""
    return span.start - span.end, span.value.weight is None, span.start


def _then_and_now(plain: str, result: Mood) -> None:
    """How it was counts half against how it is now."""
    for i, hit in enumerate(result.hits):
        if hit.past and any(later.weight * hit.weight < 0 for later in result.hits[i + 1 :]):
            hit.weight *= 0.5


def _against_what_was_said(plain: str, result: Mood) -> None:
    """A sentence that opens with "but" sets itself against the ones before it."""
    for index, (start, end) in enumerate(result.sentences):
        if index and _OPENS_AGAINST.match(plain, start, end):
            for hit in result.hits:
                if hit.sentence < index:
                    hit.weight *= 0.75


def _courtesy(plain: str, result: Mood) -> None:
    """Thanks under a request, a report or a complaint are good manners, not praise."""
    praise = sum(h.weight for h in result.hits if h.weight > 0 and h.aspect != "_thanks")
    if praise >= 2:
        return
    busy = result.bad > 0.5 or bool(_REQUEST.search(plain))
    for hit in result.hits:
        if hit.aspect == "_thanks" and hit.weight > 0:
            before = plain[: hit.start].rstrip(" \n,，.。!！")
            after = plain[hit.end :].strip(" \n.!。！~")
            closing = not praise and not after and len(re.findall(r"\w{2,}", before)) > 2
            hit.weight *= 0.15 if busy else 0.3 if closing else 1.0


def _sarcasm(plain: str, result: Mood) -> None:
    """Praise that its surroundings give the lie is blame."""
    for match in phrasings.SARCASM.finditer(plain):
        _turn(result, match.start(), match.end())
    if result.bad > 0.9:
        _exclaimed(plain, result)
        for start, end in result.sentences:
            last = CLAUSE_END.split(plain[start:end])[-1]
            if phrasings.AFTERTHOUGHT.fullmatch(last.strip()) and _told(result, end - len(last)):
                _turn(result, end - len(last), end)
        for match in phrasings.BELIED.finditer(plain):
            if _belied(plain, result, _sentence(result, match.start()), match.end()):
                _turn(result, match.start(), match.end())
    for match in phrasings.CONTEMPT.finditer(plain):
        # Many laugh like that: it mocks where it goes before praise of those who are written to.
        of_them = phrasings.OF_THEM.search(plain, match.end())
        praised = [
            hit for hit in result.hits if hit.weight > 0 and of_them and hit.end > of_them.start()
        ]
        if praised and praised[0].sentence <= _sentence(result, match.start()) + 1:
            _turn(result, praised[0].start, praised[0].end)
    for match in phrasings.QUOTED.finditer(plain):
        if result.bad > 0.8 and _inside(result, match.start(), match.end()):
            _turn(result, match.start(), match.end())
    if result.bad < 0.8 and phrasings.EYE_ROLLING.search(plain):
        for hit in result.hits:
            hit.weight *= -0.7 if hit.weight > 0 else 1.0


def _exclaimed(plain: str, result: Mood) -> None:
    """Praise that stands alone in front of bad news ("Great, just great."), or of work behind it ("Well done."); the
    thanks that follow are none either, where nothing is asked for."""
    ironic: list[int] = []
    for index, (start, end) in reversed([*enumerate(result.sentences)]):
        at = _exclamation(plain, start, end)
        behind = at == end and index and phrasings.PRAISE_OF_WORK.match(plain, start, end)
        if at > start and (
            _belied(plain, result, index, at) or (behind and _still_bad(plain, result, start))
        ):
            _turn(result, start, at)
            ironic.append(start)
    if not ironic or _REQUEST.search(plain):
        return
    for hit in result.hits:
        if hit.aspect == "_thanks" and hit.weight > 0 and hit.start > min(ironic):
            start, end = result.sentences[hit.sentence]
            if len(plain[start : hit.start].split()) + len(plain[hit.end : end].split()) < 2:
                _turn(result, hit.start, hit.end)


def _exclamation(plain: str, start: int, end: int) -> int:
    """Where the clauses end that are nothing but praise, from the beginning of the sentence on."""
    at = start
    for until in [*(match.end() for match in CLAUSE_END.finditer(plain, start, end)), end]:
        clause = plain[at:until].strip(" ,，.!。！~…")
        if clause and phrasings.INTERJECTION.fullmatch(clause):
            at = until
        elif not _OPENER.fullmatch(clause):
            break
    return at


def _still_bad(plain: str, result: Mood, at: int) -> bool:
    """Was the last that was said before blame, for what has not been put right?"""
    before = [hit for hit in result.hits if hit.end <= at]
    return (
        bool(before)
        and before[-1].weight < 0
        and not phrasings.PUT_RIGHT.search(plain, before[-1].start, at)
    )


def _inside(result: Mood, start: int, end: int) -> list[Hit]:
    return [hit for hit in result.hits if hit.start < end and start < hit.end]


def _belied(plain: str, result: Mood, index: int, at: int) -> bool:
    """Is what comes next blame, and not set against the praise by "but"?"""
    later = [hit for hit in result.hits if hit.start >= at]
    if not later or later[0].weight > 0 or later[0].sentence > index + 1:
        return False
    end = result.sentences[later[0].sentence][1]
    return not (
        _SET_AGAINST.search(plain, at, later[0].start + 2)
        or phrasings.PUT_RIGHT.search(plain, at, end)
    )


def _sentence(result: Mood, at: int) -> int:
    return next((i for i, (_, end) in enumerate(result.sentences) if at < end), 0)


def _told(result: Mood, at: int) -> bool:
    """Was the last that was said before blame?"""
    before = [hit for hit in result.hits if hit.end <= at]
    return bool(before) and before[-1].weight < 0


def _turn(result: Mood, start: int, end: int) -> None:
    """Make blame of the praise inside; where none is marked, the wording itself is the mark."""
    inside = _inside(result, start, end)
    for hit in inside:
        if hit.weight > 0:
            hit.weight = -max(1.2, 0.8 * hit.weight)
    if not inside:
        index = _sentence(result, start)
        result.hits.append(Hit(start, end, -2.0, "", index, -2.0))
        result.hits.sort(key=lambda hit: hit.start)


def _verdict(plain: str, result: Mood) -> None:
    """What is said in summary counts half as much again."""
    for match in phrasings.VERDICT.finditer(plain):
        for hit in result.hits:
            start, end = result.sentences[hit.sentence]
            if start <= match.start() and hit.start >= match.end() and match.end() <= end:
                hit.weight *= 1.5
