"""Whom and what a row speaks of: by our id, or by the sender's own keys."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.known import unknown_among
from customers.api.texts import KeyField, TextField
from customers.inserting import chunked
from customers.models import Customer, Order
from customers.upserting import known_customers, known_products

LARGEST_ID = 2**63 - 1
Reference = int | tuple[str, str]


def _key_schema(description: str, second: str) -> dict:
    text = {"type": "string", "minLength": 1}
    properties = {
        "source": {**text, "maxLength": 50},
        second: {"oneOf": [{**text, "maxLength": 100}, {"type": "integer"}]},
    }
    return {
        "description": description,
        "oneOf": [
            {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
            {
                "type": "object",
                "properties": properties,
                "required": ["source", second],
                "additionalProperties": False,
            },
        ],
    }


CUSTOMER = _key_schema("A customer: our id, or the id in another system.", "external_id")
ORDER = _key_schema("An order: our id, or its source and number.", "number")


class ReferenceField(serializers.Field):
    """Gives an id, or a pair of source and key."""

    second = ""
    default_error_messages = {"incorrect_type": ""}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.source_field = TextField(max_length=50)
        self.key_field = KeyField(max_length=100)

    def to_internal_value(self, data) -> Reference:
        if isinstance(data, dict):
            return self._pair(data)
        if isinstance(data, str) and data.isascii() and data.isdigit() and len(data) < 20:
            data = int(data)
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        message = _("Give an id, or an object with “source” and “%(key)s”.") % {"key": self.second}
        raise serializers.ValidationError(message, "incorrect_type")

    def _pair(self, data: dict) -> tuple[str, str]:
        errors: dict = unknown_among(data.keys() - {"source", self.second})
        pair = []
        for name, field in (("source", self.source_field), (self.second, self.key_field)):
            try:
                pair.append(field.run_validation(data.get(name, serializers.empty)))
            except serializers.ValidationError as error:
                errors[name] = error.detail
        if errors:
            raise serializers.ValidationError(errors)
        return tuple(pair)


@extend_schema_field(CUSTOMER)
class CustomerReference(ReferenceField):
    second = "external_id"


@extend_schema_field(ORDER)
class OrderReference(ReferenceField):
    second = "number"


def no_customer() -> str:
    return _("There is no customer with this id.")


def no_product() -> str:
    return _("There is no product with this SKU.")


def no_order() -> str:
    return _("There is no order with this number.")


def no_team() -> str:
    return _("There is no team of this name.")


def no_tag() -> str:
    return _("There is no tag of this name.")


def no_colleague() -> str:
    return _("There is nobody of this user name.")


def find_customers(references: Iterable[Reference | None], user) -> dict[Reference, int]:
    """Ids of those of the customers that this user may see."""
    ids, pairs = _apart(references)
    by_key: dict[tuple[str, str], int] = {}
    for chunk in chunked(sorted(pairs)):
        by_key |= known_customers(set(chunk))
    visible = visible_ids(Customer.objects.all(), ids | set(by_key.values()), user)
    return {pk: pk for pk in ids & visible} | {k: pk for k, pk in by_key.items() if pk in visible}


def find_orders(references: Iterable[Reference | None], user) -> dict[Reference, int]:
    """Ids of those of the orders that this user may see."""
    ids, pairs = _apart(references)
    found: dict[Reference, int] = {pk: pk for pk in visible_ids(Order.objects.all(), ids, user)}
    visible = Order.objects.visible_to(user)
    for chunk in chunked(sorted(pairs)):
        sources, numbers = {source for source, _n in chunk}, {number for _s, number in chunk}
        rows = visible.filter(source__in=sources, number__in=numbers)
        found |= {(s, n): pk for s, n, pk in rows.values_list("source", "number", "pk")}
    return found


def find_products(skus: Iterable[str | None]) -> dict[str, int]:
    """Ids of products by SKU."""
    found: dict[str, int] = {}
    for chunk in chunked(sorted({sku for sku in skus if sku})):
        found |= known_products(set(chunk))
    return found


def visible_ids(rows, ids: Iterable[int], user) -> set[int]:
    """Those of the ids that this user may see."""
    seen: set[int] = set()
    for chunk in chunked(sorted(ids)):
        seen |= set(rows.visible_to(user).filter(pk__in=chunk).values_list("pk", flat=True))
    return seen


def _apart(references: Iterable[Reference | None]) -> tuple[set[int], set[tuple[str, str]]]:
    ids: set[int] = set()
    pairs: set[tuple[str, str]] = set()
    for reference in references:
        if isinstance(reference, tuple):
            pairs.add(reference)
        elif isinstance(reference, int) and 0 < reference <= LARGEST_ID:
            ids.add(reference)
    return ids, pairs
