"""The columns of a list of customers: which there are, what stands in them, which of them fit on a screen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.countries import country_name
from customers.models import CustomAttribute, Customer, SavedView, Segment

# What a cell is drawn as, where it is nothing of its own.
TEXT, MONEY, NUMBER, PERCENT, POINTS, DAY, AGO, IN_DAYS = (
    "text",
    "money",
    "number",
    "percent",
    "points",
    "day",
    "ago",
    "days",
)
OF_ATTRIBUTE = "attr."
GIVING = ("owner", "team")
# So many are fitted to the window at most; with more, all are there, in a frame that scrolls sideways.
FITTED, MOST = 9, 16
LONGEST_SORT = SavedView._meta.get_field("sort").max_length


def at(*path: str) -> Callable[[Any], object]:
    """The value at the end of a path, None where something on the way is missing."""

    def value(row):
        for name in path:
            row = getattr(row, name, None)
            if row is None:
                return None
        return row

    return value


def unless_refused(*path: str) -> Callable[[Customer], object]:
    """What is expected of customers is shown of those who let it be worked out."""
    found = at(*path)
    return lambda customer: None if customer.profiling_refused else found(customer)


def nothing(row: Any) -> None:
    """Of a cell that is drawn by itself."""


def segment_of(customer: Customer) -> int | None:
    """Its place among the segments, the best first."""
    code = getattr(getattr(customer, "score", None), "segment", "")
    return Segment.values.index(code) if code in Segment.values else None


def tags_of(customer: Customer) -> str:
    return ", ".join(sorted(str(tag) for tag in customer.tags.all()))


def points_of_change(customer: Customer) -> int | None:
    """By how many points the churn risk has changed, from the figures as they are shown."""
    score = getattr(customer, "score", None)
    if customer.profiling_refused or score is None:
        return None
    return score.points_of_change


@dataclass(frozen=True)
class Column:
    """``sort`` is the name of an order of customers.paging, empty where there is no index for one; ``compared`` what a
    list that is short is sorted by all the same, None of a drawing; ``field`` the field of the details that is edited
    in its cells."""

    key: str
    label: str
    width: int  # pixels
    drawn: str = TEXT
    value: Callable[[Any], object] = nothing
    sort: str = ""
    right: bool = False
    field: str = ""
    by: Callable[[Any], object] | None = None

    @property
    def compared(self) -> Callable[[Any], object]:
        return self.by or self.value

    @property
    def is_compared(self) -> bool:
        """A view keeps no order of a longer name."""
        return self.compared is not nothing and len(self.key) < LONGEST_SORT

    def is_open_to(self, user) -> bool:
        """Whether this reader edits its cells in their place; giving customers away is for managers."""
        return bool(self.field) and (self.field not in GIVING or user.is_manager or user.is_admin)

    @property
    def edited(self) -> str:
        """What one edits in its cells."""
        return _("Name") if self.key == ALWAYS else self.label

    @property
    def css(self) -> str:
        """The name its cells are styled by: most share one."""
        return self.key if self.key in STYLED else "other"

    @property
    def is_named(self) -> bool:
        """Whether its cells say what they are where rows are cards."""
        return self.css in ("other", "last", "tags")

    @property
    def css_id(self) -> str:
        return self.key.replace(".", "-")


def _figure(key, label, width, drawn, value, sort="") -> Column:
    return Column(key, label, width, drawn, value, sort, right=True)


COLUMNS = {
    column.key: column
    for column in (
        Column("name", _("Customer"), 176, "name", sort="name", field="name"),
        Column("seg", _("Segment"), 128, "seg", by=segment_of),
        Column("risk", _("Churn risk and main reason"), 274, "risk", sort="risk"),
        _figure("change", _("Change in 30 days"), 130, POINTS, points_of_change, "change"),
        _figure("value", _("Value so far"), 104, MONEY, at("totals", "value"), "value"),
        _figure("expected", _("Next 12 months"), 112, MONEY, unless_refused("score", "expected_value"), "expected"),
        _figure("last", _("Last order"), 116, AGO, at("totals", "last_order_at"), "last"),
        Column("own", _("Owner"), 110, TEXT, at("owner"), field="owner"),
        Column("ord", _("Orders, 12 months"), 144, "ord"),
        Column("team", _("Team"), 120, TEXT, at("team"), field="team"),
        Column("tags", _("Tags"), 180, "tags", field="tags", by=tags_of),
        Column("company", _("Company"), 150, TEXT, at("company"), field="company"),
        Column("email", pgettext_lazy("of a person", "E-mail"), 190, TEXT, at("email"), field="email"),
        Column("phone", _("Phone"), 156, TEXT, at("phone"), field="phone"),
        Column("city", _("City"), 110, TEXT, at("city"), field="city"),
        Column("country", _("Country"), 120, "country", at("country"), field="country",
               by=lambda c: country_name(c.country)),
        Column("lifecycle", _("Lifecycle"), 100, TEXT, lambda c: c.get_lifecycle_display(), field="lifecycle"),
        _figure("since", _("Customer since"), 120, DAY, at("known_since"), "since"),
        _figure("updated", _("Last changed"), 120, AGO, at("updated_at"), "updated"),
        _figure("orders", _("Orders so far"), 110, NUMBER, at("totals", "orders")),
        _figure("returns", _("Returns so far"), 110, NUMBER, at("totals", "returns")),
        _figure("first", _("First order"), 110, DAY, at("totals", "first_order_at")),
        _figure("gap", _("Usual gap"), 100, IN_DAYS, at("totals", "usual_gap_days")),
        _figure("spend_90", _("Next 90 days"), 120, MONEY, unless_refused("outlook", "spend_90")),
        _figure("next", _("Next order expected"), 140, DAY, unless_refused("outlook", "next_on")),
        _figure("within_30", _("Orders within 30 days"), 150, PERCENT, unless_refused("outlook", "within_30")),
    )
}  # fmt: skip
STYLED = {"name", "seg", "risk", "value", "expected", "last", "ord", "own", "tags"}
# Of those that share a style, those that need more room.
WIDER = {"company", "email", "phone", "next", "within_30"}
USUAL = ("name", "seg", "risk", "value", "expected", "last", "own", "ord")
# Where customers are listed by how their risk has changed.
AFTER_CHANGE = ("name", "seg", "risk", "change", "value", "own", "last", "ord")
ALWAYS = "name"
DRAWN = {
    CustomAttribute.Type.NUMBER: NUMBER,
    CustomAttribute.Type.DATE: "date",
    CustomAttribute.Type.BOOLEAN: "yes",
}


def of_attribute(one: CustomAttribute) -> Column:
    def value(customer):
        return customer.attributes.get(one.name)

    drawn = DRAWN.get(one.type, TEXT)
    right, field = drawn == NUMBER, f"attribute-{one.name}"
    return Column(OF_ATTRIBUTE + one.name, one.label, 130, drawn, value, right=right, field=field)


def available(attributes) -> dict[str, Column]:
    """Every column by its key, the company's own ones behind the built-in."""
    return COLUMNS | {column.key: column for column in map(of_attribute, attributes)}


def chosen(keys, known: dict[str, Column], usual: tuple[str, ...] = USUAL) -> tuple[str, ...]:
    """Those of the keys that there are, each once; first the one that always is (the customer)."""
    always = usual[0]
    left = [key for key in dict.fromkeys(keys) if key in known and key != always][: MOST - 1]
    return (always, *left) if left else usual


# From this width of the window on so much of it is the table's: beside the navigation, never wider than the page.
NAVIGATION, WIDEST = 272, 1480
NARROWEST = 749
TICKS = 44  # the boxes before them
STEPS = (1140, 1200, 1280, 1400, 1440, 1520, 1640, 1760)
# Below this width of the window the cells stand closer, so many pixels for each column.
CLOSE_BELOW, CLOSER = 1520, 8


def fitting(columns: list[Column]) -> list[str]:
    """For each column a class that hides it where the window is too narrow for it and all before it."""
    if len(columns) > FITTED:
        return [""] * len(columns)
    found, taken = [], TICKS
    for count, column in enumerate(columns, 1):
        taken += column.width
        close = taken - CLOSER * count
        if close <= NARROWEST:
            found.append("")
            continue
        needed = ((s, close if s < CLOSE_BELOW else taken) for s in STEPS)
        step = next((s for s, width in needed if width <= min(s - NAVIGATION, WIDEST)), None)
        found.append(f"c-from-{step}" if step else "c-from-never")
    return found


def room_of(columns: list[Column]) -> str:
    """The class of a table of more columns than are fitted: as wide as all of them, in hundreds of pixels."""
    if len(columns) <= FITTED:
        return ""
    return f"c-room-{-(-(TICKS + sum(column.width for column in columns)) // 100)}"


def lay_out(rows: Iterable[Any], columns: list[Column], user) -> None:
    """Give each row its cells: the column, the value, where it fits, whether this reader edits it in its place."""
    places = [
        (fit, column.is_open_to(user))
        for column, fit in zip(columns, fitting(columns), strict=True)
    ]
    for row in rows:
        row.cells = [
            (column, column.value(row), *place)
            for column, place in zip(columns, places, strict=True)
        ]


def menu_of(
    keys: tuple[str, ...],
    known: dict[str, Column],
    address: Callable,
    usual: tuple[str, ...] = USUAL,
) -> dict:
    """What the chooser offers: each step as the ``address(keys)`` of the list after it."""
    shown = []
    left_out = [fit.replace("c-from-", "c-out-") for fit in fitting([known[key] for key in keys])]
    for place, key in enumerate(keys):
        column = known[key]
        row = {"label": column.label, "css_id": column.css_id, "left_out": left_out[place]}
        if key != usual[0]:
            row["up"] = address(_moved(keys, place, place - 1)) if place > 1 else ""
            row["down"] = address(_moved(keys, place, place + 1)) if place < len(keys) - 1 else ""
            left = keys[:place] + keys[place + 1 :]
            row["out"] = address(left) if len(left) > 1 else ""
        shown.append(row)
    offered = [column for key, column in known.items() if key not in keys]
    return {
        "columns_shown": shown,
        # The last is the first to go.
        "columns_left_out": left_out[-1],
        "columns_left": [
            {"label": c.label, "css_id": c.css_id, "in": address((*keys, c.key))} for c in offered
        ]
        if len(keys) < MOST
        else [],
        "columns_usual_url": address(usual) if keys != usual else "",
    }


def _moved(keys: tuple[str, ...], place: int, to: int) -> tuple[str, ...]:
    left = keys[:place] + keys[place + 1 :]
    return left[:to] + (keys[place],) + left[to:]
