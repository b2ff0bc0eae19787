"""What the list of customers is sorted by: the heads of its columns, and the same orders in words."""

from django.utils.translation import gettext as _

from customers import columns as cols
from customers.filtering import Group
from customers.filtering.tree import ALL, Condition
from customers.listing import Listing
from customers.paging import COUNT_CAP, SORTS, sort_of
from customers.short_lists import column_of
from customers.wording import amount


def is_high_risk(group: Group) -> bool:
    """Whether all in the list are at high risk: their bars then begin where the level does."""
    return group.match == ALL and Condition("risk", "gte", ("60",)) in group.items


def heads_of(listing: Listing, columns: list[cols.Column], is_short: bool) -> list[dict]:
    """The columns' heads: label, the order that a click leads to, which order there is now."""
    current, descending = current_order(listing, columns, is_short)
    heads = []
    for column, fit in zip(columns, cols.fitting(columns), strict=True):
        sort = column.sort or (column.key if is_short and column.is_compared else "")
        here, down = sort == current, column.right and column.drawn != cols.DAY
        if column.sort:
            down = SORTS[column.sort].descending
        down = not descending if here else down
        label = column.label
        if column.key == "risk" and is_high_risk(listing.group):
            label = _("Churn risk, bars from 60%")
        heads.append(
            {
                "column": column,
                "label": label,
                "fit": fit,
                "url": sort and listing.address(sort=f"-{sort}" if down else sort),
                "unsorted": "" if sort or not column.is_compared else too_long(column),
                "sorted": ("descending" if descending else "ascending") if here else "",
            }
        )
    return heads


def current_order(listing: Listing, columns: list[cols.Column], is_short: bool) -> tuple[str, bool]:
    """What the rows are sorted by, and whether descending; a list that has grown too long has the usual order."""
    column = column_of(listing.sort, columns)
    if column and is_short:
        return column.key, listing.sort.startswith("-")
    name, __, descending = sort_of(listing.sort)
    return name, descending


def too_long(column: cols.Column) -> str:
    words = _(
        "Lists of up to %(n)s customers can be sorted by “%(column)s”. Narrow this one first."
    )
    return words % {"column": column.label, "n": amount(COUNT_CAP)}


def orders_of(
    listing: Listing, columns: list[cols.Column], is_short: bool
) -> list[tuple[str, str]]:
    """Every order of the list in words, for where no column heads stand."""
    found = [
        ("-value", _("Value so far, highest first")),
        ("value", _("Value so far, lowest first")),
        ("-expected", _("Value of the next 12 months, highest first")),
        ("expected", _("Value of the next 12 months, lowest first")),
        ("-risk", _("Churn risk, highest first")),
        ("risk", _("Churn risk, lowest first")),
        ("-change", _("Churn risk in 30 days, risen most first")),
        ("change", _("Churn risk in 30 days, fallen most first")),
        ("-last", _("Last order, newest first")),
        ("last", _("Last order, oldest first")),
        ("name", _("Name, A to Z")),
        ("-name", _("Name, Z to A")),
        ("-since", _("Customer since, newest first")),
        ("since", _("Customer since, longest first")),
        ("-updated", _("Last changed, newest first")),
        ("updated", _("Last changed, oldest first")),
    ]
    here = column_of(listing.sort, columns)
    whole = [
        one for one in columns if one == here or (is_short and not one.sort and one.is_compared)
    ]
    for one in whole:
        found += [
            (one.key, _("%(column)s, ascending") % {"column": one.label}),
            (f"-{one.key}", _("%(column)s, descending") % {"column": one.label}),
        ]
    return found
