"""Pages by the last row seen, in any order the view offers: page 20,000 costs what page 1 costs. No total count."""

import base64
import binascii
import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from customers.api.errors import wrong_parameter
from customers.paging import Sort, page_by, read_place
from customers.stamping import all_seen_before

SYNC_FROM = "Sync-From"

BY_ID = {"id": Sort("pk", True, int, ties_follow=True, nullable=False)}
OCCURRED = Sort("occurred_at", True, datetime.datetime, ties_follow=True, nullable=False)
UPDATED = Sort("updated_at", True, datetime.datetime, ties_follow=True, nullable=False)

# What asks for the changes since a moment gets the earliest first: what changes meanwhile comes last, or once more.
FOLLOWED = {"updated_from": "updated_at"}
RECORDED = Sort("recorded_at", True, datetime.datetime, ties_follow=True, nullable=False)


class KeysetPagination(BasePagination):
    """A view names what it can be ordered by in ``orderings``; the first is the usual one, newest first."""

    usual_size, largest_size = 50, 500
    parameters = frozenset({"cursor", "page_size", "ordering"})

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list:
        orderings = getattr(view, "orderings", BY_ID)
        self.address = request.build_absolute_uri()
        self.followed_from = followed_from(request, view)  # before the rows are read
        self.ordering = ordering_of(request, orderings, view)
        sort, descending = orderings[self.ordering.lstrip("-")], self.ordering.startswith("-")
        way, place = self._place(request.query_params.get("cursor"), sort)
        if "__" in sort.field:  # the edges of the page are told by it
            queryset = queryset.select_related(sort.field.rpartition("__")[0])
        size = self._size(request.query_params.get("page_size"))
        self.page = page_by(queryset, sort, descending, size, **({way: place} if place else {}))
        return self.page.rows

    def _size(self, text: str | None) -> int:
        if text is None:
            return self.usual_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= self.largest_size):
            message = _("A number from 1 to %(most)s.") % {"most": self.largest_size}
            raise wrong_parameter("page_size", message, "out_of_range")
        return int(text)

    def _place(self, text: str | None, sort: Sort) -> tuple[str, str]:
        """("after" or "before", place); a cursor belongs to the ordering it was made for."""
        if text is None:
            return "after", ""
        try:
            ordering, way, place = base64.urlsafe_b64decode(text).decode().split(":", 2)
        except (binascii.Error, ValueError):
            ordering, way, place = "", "", ""
        known = ordering == self.ordering and way in ("after", "before") and read_place(place, sort)
        if not known:
            message = _("This is no cursor of this list in this order.")
            raise wrong_parameter("cursor", message, "invalid_cursor")
        return way, place

    def _link(self, way: str, place: str) -> str | None:
        if not place:
            return None
        cursor = base64.urlsafe_b64encode(f"{self.ordering}:{way}:{place}".encode()).decode()
        return replace_query_param(remove_query_param(self.address, "cursor"), "cursor", cursor)

    def get_paginated_response(self, data) -> Response:
        following = self._link("after", self.page.after)
        previous = self._link("before", self.page.before)
        headers = {SYNC_FROM: self.followed_from.isoformat()} if self.followed_from else None
        return Response({"next": following, "previous": previous, "results": data}, headers=headers)

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        orderings = getattr(view, "orderings", BY_ID)
        words = [sign + name for name in orderings for sign in ("", "-")]
        size = {"type": "integer", "minimum": 1, "maximum": self.largest_size}
        return [
            query(
                "cursor", {"type": "string"}, "The place of a page, out of `next` or `previous`."
            ),
            query("page_size", size | {"default": self.usual_size}, "Rows on a page."),
            query(
                "ordering",
                {"type": "string", "enum": words},
                "Rising, or falling with `-`; rows without a value come last. Unless said otherwise the newest come "
                "first, and of what was changed since a moment the earliest.",
            ),
        ]


def followed_from(request, view) -> datetime.datetime | None:
    """Of the first page of a list that can be followed: from which moment to ask again next time."""
    if getattr(view, "followed", {}) and "cursor" not in request.query_params:
        return all_seen_before()
    return None


def query(name: str, schema: dict, description: str) -> dict:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def ordering_of(request, orderings: dict[str, Sort], view) -> str:
    """The ordering asked for, where the view has it and the database an index for it."""
    text = request.query_params.get("ordering")
    if text is None:
        followed = getattr(view, "followed", {})
        since = next((followed[name] for name in followed if name in request.query_params), None)
        return since or f"-{next(iter(orderings))}"
    name = text.removeprefix("-")
    if name not in orderings:
        message = _("There is no such ordering; there are: %(names)s.")
        known = ", ".join(orderings)
        raise wrong_parameter("ordering", message % {"names": known}, "unknown_ordering")
    # Some columns are indexed for the rows of one customer only.
    needs = getattr(view, "ordering_needs", {}).get(name)
    if needs and not request.query_params.get(needs):
        message = _("This ordering needs the filter “%(name)s”.") % {"name": needs}
        raise wrong_parameter("ordering", message, "filter_needed")
    return text
