"""A message as the learners see it: one spelling for what means the same, and the way back to what was written."""

import re
from dataclasses import dataclass

# Whom a message is addressed to and where a link leads says nothing about what it means; that there is one does.
LINK, HANDLE = "\x02", "\x03"
# Addresses and long numbers (telephones, orders, cards) are people's own: no model keeps a part of them.
EMAIL, NUMBER = "\x04", "\x05"
ODD = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<email>(?<![a-z0-9._+-])[a-z0-9._+-]{1,64}@[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9])"
    r"|(?P<number>\d(?:[ -]?\d){4,})"
    r"|(?P<handle>(?<!\w)@\w+)"
    r"|(?P<repeat>(?P<sign>\S)(?P=sign){3,})"
    r"|(?P<space>\s+)"
)
# Full-width letters, digits and signs, and the ideographic space, are the same as the narrow ones.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
APOSTROPHES = {0x2018: 0x27, 0x2019: 0x27, 0x201C: 0x22, 0x201D: 0x22}
SAME_LENGTH = NARROW | APOSTROPHES


def plain(text: str) -> str:
    """Lower case, narrow letters, single spaces; links, handles, addresses and long numbers as one sign each, a letter
    at most three times."""
    return ODD.sub(_stands_for, _letters(text)).strip()


@dataclass(frozen=True)
class Traced:
    """A plain text whose character i was written at start[i]:end[i] of the original."""

    text: str
    start: list[int]
    end: list[int]


def traced(text: str) -> Traced:
    """The same as plain(text), with where each of its characters comes from."""
    letters = _letters(text)
    said: list[str] = []
    start: list[int] = []
    end: list[int] = []
    done = 0
    for found in [*ODD.finditer(letters), None]:
        until = found.start() if found else len(letters)
        said.extend(letters[done:until])
        start.extend(range(done, until))
        end.extend(range(done + 1, until + 1))
        if found is None:
            break
        stands_for = _stands_for(found)
        said.extend(stands_for)
        places = range(found.start(), found.start() + len(stands_for))
        start.extend(places)
        end.extend([*places[1:], found.end()])
        done = found.end()
    first = 1 if said[:1] == [" "] else 0
    last = len(said) - (1 if len(said) > first and said[-1] == " " else 0)
    return Traced("".join(said[first:last]), start[first:last], end[first:last])


def _letters(text: str) -> str:
    """Narrow and in lower case, each character still in its place."""
    text = text.translate(SAME_LENGTH)
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _stands_for(found: re.Match[str]) -> str:
    if found["sign"]:
        return found["sign"] * 3
    if found["space"]:
        return " "
    if found["email"]:
        return EMAIL
    if found["number"]:
        return NUMBER
    return LINK if found["link"] else HANDLE
