"""Lay out the reasons of one score: whole points that add up to the score, and bars from the base rate."""

import math
from dataclasses import dataclass

from customers.reasons import Words, sentence

MOST = 5  # reasons that are told one by one; the smaller ones are summed up
WIDTH = 100  # of the drawing; the axis stands where the largest fall ends


@dataclass
class Reason:
    text: str
    points: int
    x: float = 0
    width: float = 0

    @property
    def raises(self) -> bool:
        return self.points > 0


@dataclass
class Explanation:
    base: int
    risk: int
    reasons: list[Reason]
    axis: float

    @property
    def moved(self) -> int:
        return self.risk - self.base


def whole(parts: list[float], total: int) -> list[int]:
    """Round so that the parts add up to the total (largest remainders first)."""
    floors = [math.floor(p) for p in parts]
    spare = total - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: floors[i] - parts[i])
    for step in range(abs(spare) if parts else 0):
        floors[order[step % len(order)]] += 1 if spare > 0 else -1
    return floors


def explain(risk: float, stored: dict, words: Words) -> Explanation | None:
    """The explanation of a risk (0 to 1) from stored codes, facts and points; None where there is none."""
    listed = [r for r in stored.get("reasons") or [] if r["code"] != "others"][:MOST]
    rest = [r for r in stored.get("reasons") or [] if r not in listed]
    if not listed or stored.get("base") is None:
        return None
    shown_risk, shown_base = round(risk * 100), round(stored["base"] * 100)
    rest_points = sum(r["points"] for r in rest)
    rest_count = sum((r.get("facts") or {}).get("count", 1) for r in rest)
    parts = [r["points"] for r in listed] + ([rest_points] if rest_count else [])
    points = whole(parts, shown_risk - shown_base)
    rows, small = [], 0
    for reason, value in zip(listed, points, strict=False):
        if value:
            rows.append(Reason(sentence(reason, words), value))
        else:
            small += 1
    left = points[len(listed)] if rest_count else 0
    if rest_count + small:
        smaller = {"code": "others", "facts": {"count": rest_count + small}}
        rows.append(Reason(sentence(smaller, words), left))
    return _drawn(Explanation(shown_base, shown_risk, rows, 0))


def _drawn(explanation: Explanation) -> Explanation:
    ups = max([r.points for r in explanation.reasons] + [0])
    downs = -min([r.points for r in explanation.reasons] + [0])
    scale = WIDTH * 0.96 / max(ups + downs, 1)
    explanation.axis = round(WIDTH * 0.02 + downs * scale, 2)
    for reason in explanation.reasons:
        reason.width = round(abs(reason.points) * scale, 2)
        reason.x = explanation.axis if reason.points > 0 else explanation.axis - reason.width
        reason.x = round(reason.x, 2)
    return explanation
