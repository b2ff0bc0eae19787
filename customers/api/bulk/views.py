"""Endpoints for many rows: customers, products, orders and interactions. Events have theirs in customers.api.views."""

from rest_framework import status, viewsets
from rest_framework.response import Response

from customers.api.bulk import examples
from customers.api.bulk.answers import bulk_schema
from customers.api.bulk.customers import CustomerRowSerializer, Customers
from customers.api.bulk.interactions import InteractionRowSerializer, Interactions
from customers.api.bulk.orders import OrderRowSerializer, Orders
from customers.api.bulk.parsers import NDJSONParser
from customers.api.bulk.products import ProductRowSerializer, Products
from customers.api.bulk.requests import is_atomic, rows_of
from customers.api.bulk.taking import Kind, take_in
from customers.api.door import Door
from customers.api.parsers import StrictJSONParser
from customers.api.permissions import ADD_FACTS, ManagersWrite


class InBulk(Door, viewsets.GenericViewSet):
    """Takes a list of rows, as JSON or with one object on each line."""

    kind: type[Kind]
    parser_classes = [StrictJSONParser, NDJSONParser]
    parameters = frozenset({"atomic"})
    pagination_class = None
    filter_backends: list = []

    def create(self, request) -> Response:
        rows = rows_of(request.data)
        batch = take_in(self.kind(request.user), rows, is_atomic(request))
        mixed = status.HTTP_207_MULTI_STATUS if batch.errors else status.HTTP_200_OK
        return Response(batch.answer(), status=mixed)


class CustomersInBulk(InBulk):
    kind = Customers

    @bulk_schema(CustomerRowSerializer, examples.CUSTOMER, operation_id="customers_bulk")
    def create(self, request) -> Response:
        """Create or update up to 5,000 customers by their ids in another system; what a row leaves out stays."""
        return super().create(request)


class ProductsInBulk(InBulk):
    kind = Products
    permission_classes = [*InBulk.permission_classes, ManagersWrite]

    @bulk_schema(ProductRowSerializer, examples.PRODUCT, operation_id="products_bulk")
    def create(self, request) -> Response:
        """Create or update up to 5,000 products by SKU; what a row leaves out stays. For managers and admins."""
        return super().create(request)


class OrdersInBulk(InBulk):
    kind = Orders
    post_scopes = ADD_FACTS

    @bulk_schema(
        OrderRowSerializer, examples.ORDER, further=examples.ORDERS, operation_id="orders_bulk"
    )
    def create(self, request) -> Response:
        """Store up to 5,000 orders with their lines, by source and number; one that is known is replaced as a whole.

        A return names the order it returns by id, or by source and number, of the same request too. Products must
        be known: a line with an unknown SKU is rejected with its order.
        """
        return super().create(request)


class InteractionsInBulk(InBulk):
    kind = Interactions
    post_scopes = ADD_FACTS

    @bulk_schema(InteractionRowSerializer, examples.INTERACTION, operation_id="interactions_bulk")
    def create(self, request) -> Response:
        """Store up to 5,000 messages, calls, notes, reviews or complaints.

        One with an external id is replaced as a whole when it comes again, but for its author, who stays unless one is
        named; one without is new each time.
        """
        return super().create(request)
