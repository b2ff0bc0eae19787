"""Rows of interactions: messages, calls, notes, reviews and complaints."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import Field, empty

from customers.api.bulk.batch import Batch
from customers.api.bulk.fields import MomentField, SourceField
from customers.api.bulk.references import (
    CustomerReference,
    OrderReference,
    find_customers,
    find_orders,
    find_products,
    no_colleague,
    no_customer,
    no_order,
    no_product,
    visible_ids,
)
from customers.api.bulk.taking import Kind, Pair
from customers.api.choosing import OneOf
from customers.api.serializers.interactions import InteractionSerializer
from customers.api.texts import KeyField, TextField
from customers.models import ChangeSet, Interaction, User
from customers.upserting import InteractionRow, Written, add_interactions, known_interactions

PLAIN = ("channel", "direction", "subject", "text", "rating", "language", "occurred_at")


class InteractionRowSerializer(serializers.Serializer):
    """With an external id, sent again it replaces what is stored; without one it is new each time."""

    customer = CustomerReference(allow_null=True, default=None)
    order = OrderReference(allow_null=True, default=None)
    product = KeyField(
        max_length=100, allow_null=True, default=None, help_text="SKU; must be known."
    )
    channel = OneOf(Interaction.Channel.choices)
    direction = OneOf(Interaction.Direction.choices, default=Interaction.Direction.IN.value)
    subject = TextField(max_length=200, allow_blank=True, default="")
    text = TextField(max_length=200_000, allow_blank=True, default="")
    rating = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, default=None)
    language = TextField(max_length=10, allow_blank=True, default="")
    occurred_at = MomentField(allow_null=True, default=None)
    author = TextField(
        max_length=150,
        allow_null=True,
        required=False,
        help_text="User name of a colleague; left out, who is stored stays.",
    )
    source = SourceField(default="api")
    external_id = KeyField(max_length=100, allow_null=True, default=None)


class Interactions(Kind):
    name = "interactions"
    record = InteractionSerializer

    def declared(self) -> Mapping[str, Field]:
        return InteractionRowSerializer().fields

    def understood(self, batch: Batch, columns: dict[str, list]) -> list[Pair]:
        self._refuse_nobodys(batch, columns["customer"])
        self._refuse_taken(batch, columns)
        look = {
            "customer": (lambda named: find_customers(named, self.user), no_customer),
            "order": (lambda named: find_orders(named, self.user), no_order),
            "product": (find_products, no_product),
            "author": (_people, no_colleague),
        }
        ids = {}
        for name, (find, words) in look.items():
            ids[name] = find(batch.named(columns[name]))
            batch.refuse_unknown(name, columns[name], ids[name], words)
        return [(at, _row(columns, at, ids)) for at in batch.good()]

    def key(self, row: InteractionRow) -> tuple:
        return row.source, row.external_id or ""

    def write(self, rows: list[InteractionRow], change_set: ChangeSet) -> Written:
        return add_interactions(rows, change_set)

    def _refuse_nobodys(self, batch: Batch, named: list) -> None:
        if self.user.role != User.Role.SALES:
            return
        message = _("Only managers and admins record messages without a customer.")
        for at, one in enumerate(named):
            if one is None:
                batch.refuse(at, "customer", ErrorDetail(message, "required"))

    def _refuse_taken(self, batch: Batch, columns: dict[str, list]) -> None:
        """Somebody else's message is not replaced."""
        keys = batch.keyed(columns["source"], columns["external_id"])
        stored = known_interactions(set(keys.values()))
        visible = visible_ids(Interaction.objects.all(), stored.values(), self.user)
        detail = ErrorDetail(_("Another message has this external id."), "taken")
        for at, key in keys.items():
            if key in stored and stored[key] not in visible:
                batch.refuse(at, "external_id", detail)


def _people(names: set[str]) -> dict[str, int]:
    """Those who have left since are authors still."""
    found = User.objects.filter(username__in=names) if names else User.objects.none()
    return dict(found.values_list("username", "pk"))


def _row(columns: dict[str, list], at: int, ids: dict[str, dict]) -> InteractionRow:
    return InteractionRow(
        **{name: columns[name][at] for name in PLAIN},
        **{f"{name}_id": known.get(columns[name][at]) for name, known in ids.items()},
        source=columns["source"][at],
        external_id=columns["external_id"][at] or None,
        keeps_author=columns["author"][at] is empty,
    )
