"""Records at the address of the sender's own key: read there, and created or changed by PUT."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions, status
from rest_framework.response import Response

from customers.api.bulk import examples
from customers.api.bulk.answers import RefusedSerializer, also
from customers.api.bulk.customers import CustomerRowSerializer, Customers
from customers.api.bulk.interactions import InteractionRowSerializer, Interactions
from customers.api.bulk.orders import OrderRowSerializer, Orders
from customers.api.bulk.products import ProductRowSerializer, Products
from customers.api.bulk.taking import Kind, take_in
from customers.api.conditions import etag_of, lock, require_match
from customers.api.door import address_of
from customers.api.errors import PreconditionFailed, wrong_parameter
from customers.api.schema import LOCATION, header
from customers.api.views.customers import CustomerViewSet
from customers.api.views.interactions import InteractionViewSet
from customers.api.views.orders import OrderViewSet
from customers.api.views.products import ProductViewSet
from customers.models import Customer
from customers.upserting import CREATED

STATUS = "Upsert-Status"
TOLD = OpenApiParameter(
    STATUS,
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    enum=["created", "updated", "unchanged"],
)


class Keyed:
    """``kind`` is the kind of rows; ``lookups`` say which filter each part of the address is."""

    kind: type[Kind]
    lookups: dict[str, str]
    http_method_names = ["get", "put", "head", "options"]

    def get_object(self):
        if any("\x00" in part for part in self.kwargs.values()):
            raise Http404
        parts = {self.lookups[name]: part for name, part in self.kwargs.items()}
        return get_object_or_404(self.get_queryset(), **parts)

    @transaction.atomic
    def update(self, request, **key) -> Response:
        if not isinstance(request.data, dict):
            raise exceptions.ParseError(_("The body is not an object."), "malformed")
        refuse_other_key(request.data, key)
        self._check_version(request)
        batch = take_in(self.kind(request.user), [{**request.data, **key}], atomic=False)
        if any(error["code"] == "taken" for error in batch.errors.get(0, ())):
            raise Http404  # somebody else's
        if batch.errors:
            raise batch.refused_alone()
        data = self.get_serializer(self.written(batch.ids[0])).data
        [verdict] = batch.statuses
        headers = {STATUS: verdict, "ETag": etag_of(data)}
        if verdict != CREATED:
            return Response(data, headers=headers)
        headers["Location"] = address_of(self, data)  # by our own id
        return Response(data, status=status.HTTP_201_CREATED, headers=headers)

    def written(self, pk: int):
        """What has just been stored, as its writer is shown it."""
        return self.get_queryset().get(pk=pk)

    def _check_version(self, request) -> None:
        """``If-Match``: only while it is what the caller has read; ``If-None-Match: *``: only when there is none."""
        if request.headers.get("If-None-Match", "*") != "*":  # passed over, it would overwrite
            raise wrong_parameter("If-None-Match", _("This is no ETag."), "invalid_etag")
        wanted = "If-Match" in request.headers
        if not wanted and request.headers.get("If-None-Match") != "*":
            return
        try:
            row = self.get_object()
            lock(type(row), pk=row.pk)
        except Http404 as unknown:
            if wanted:
                words = _("There is nothing here that you could have read: leave If-Match out.")
                raise PreconditionFailed(words) from unknown
            return
        if not wanted:
            words = _("There is a record here already; If-None-Match: * adds only what is new.")
            raise PreconditionFailed(words)
        require_match(request, self.get_serializer(self.get_object()).data)


def refuse_other_key(body: dict, key: dict[str, str]) -> None:
    """A body may repeat the key of its address, as a record that was read does; another would be lost."""
    words = _("The address says “%(key)s”. Leave this out, or send the same.")
    wrong = {
        name: [exceptions.ErrorDetail(words % {"key": part[:100]}, "not_the_address")]
        for name, part in key.items()
        if body.get(name) is not None and str(body[name]).strip() != part.strip()
    }
    if wrong:
        raise exceptions.ValidationError(wrong)


PARTS = {
    "source": "The system that the key comes from.",
    "external_id": "The id there.",
    "number": "The number there.",
    "sku": "The SKU.",
}
ONLY_NEW = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, enum=["*"],
    description="`*`: it is created only where there is none yet, else 412.",
)  # fmt: skip


def part(name: str, value: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.PATH, required=True, description=PARTS[name],
        examples=[OpenApiExample("example", value)],
    )  # fmt: skip


def described(example: dict, rows: type, answer: type, what: str, further: dict | None = None):
    """The description of the two: ``rows`` without the parts of the address; ``further`` examples by name."""

    def decorate(view: type[Keyed]) -> type[Keyed]:
        parts = [part(name, example[name]) for name in view.lookups]
        address = dict.fromkeys(view.lookups)
        name = rows.__name__.replace("Row", "Body")
        body = type(name, (rows,), {**address, "__doc__": rows.__doc__})
        sent = {
            name: {field: value for field, value in one.items() if field not in view.lookups}
            for name, one in ({"Body": example} | (further or {})).items()
        }
        update = extend_schema(
            parameters=[*parts, header("If-Match"), ONLY_NEW, TOLD, LOCATION],
            request=body,
            responses={
                201: OpenApiResponse(answer, description="Created."),
                200: OpenApiResponse(answer, description="Updated, or unchanged: see the header."),
                400: RefusedSerializer,
            },
            examples=also(sent),
            summary=f"Create or change {what} by its own key",
        )
        retrieve = extend_schema(
            parameters=parts,
            summary=f"Read {what} by its own key",
            description="The same record as at our own id, by the key that the sender knows it by.",
        )
        return extend_schema_view(retrieve=retrieve, update=update)(view)

    return decorate


@described(examples.CUSTOMER, CustomerRowSerializer, CustomerViewSet.serializer_class, "a customer")
class CustomerByExternalId(Keyed, CustomerViewSet):
    """What is left out stays as it is."""

    kind = Customers
    lookups = {
        "source": "external_ids__source",
        "external_id": "external_ids__external_id",
    }

    def written(self, pk: int) -> Customer:
        return self.shown(Customer.objects.all()).get(pk=pk)


@described(examples.PRODUCT, ProductRowSerializer, ProductViewSet.serializer_class, "a product")
class ProductBySku(Keyed, ProductViewSet):
    """What is left out stays as it is."""

    kind = Products
    lookups = {"sku": "sku"}


@described(
    examples.ORDER,
    OrderRowSerializer,
    OrderViewSet.serializer_class,
    "an order",
    further=examples.ORDERS,
)
class OrderByNumber(Keyed, OrderViewSet):
    """An order is replaced as a whole by what is sent."""

    kind = Orders
    lookups = {"source": "source", "number": "number"}


@described(
    examples.INTERACTION,
    InteractionRowSerializer,
    InteractionViewSet.serializer_class,
    "an interaction",
)
class InteractionByExternalId(Keyed, InteractionViewSet):
    """A message is replaced as a whole by what is sent; only its author stays unless one is named."""

    kind = Interactions
    lookups = {"source": "source", "external_id": "external_id"}
