"""What every endpoint has in common; a new one becomes part of it by naming :class:`Door` among its bases."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend, MultipleChoiceFilter
from rest_framework import exceptions, mixins
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer

from customers.api.conditions import etag_of, lock, require_match, unless_known
from customers.api.errors import wrong_parameter
from customers.api.pagination import BY_ID
from customers.api.permissions import WRITE
from customers.api.repeating import once
from customers.models import ChangeSet
from customers.paging import Sort
from customers.signals import count_refused, count_rows

ONE = ("retrieve", "update", "partial_update", "destroy", "archive", "restore")


class Door:
    """Unknown parameters refused, fields chosen by ``?fields=``, every POST repeatable by its key.

    ``repeatable`` is False where nothing is done that could be done twice, and no answer is to be kept.
    ``post_scopes`` are the scopes of which a token needs one to POST; ``orderings`` what a list can be ordered by;
    ``parameters`` what an action takes beyond its filters; ``followed`` the parameters by which a list is asked for
    what is new, with the order it then comes in (see customers.stamping).
    """

    repeatable = True
    post_scopes: tuple[str, ...] = WRITE
    orderings: dict[str, Sort] = BY_ID
    ordering_needs: dict[str, str] = {}
    parameters: frozenset[str] = frozenset()
    followed: dict[str, str] = {}

    def dispatch(self, request, *args, **kwargs):
        timezone.deactivate()  # a time without an offset is UTC here, in whatever zone somebody reads the pages
        if self.repeatable and hasattr(self, "post"):
            self.post = once(self.post)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None or request.method.lower() not in self.http_method_names:
            return  # no such method here, which the caller is told next
        unknown = sorted(set(request.query_params) - self.known_parameters())
        if unknown:
            message = _("There is no such parameter here.")
            raise wrong_parameter(unknown[0], message, "unknown_parameter")
        said = self.request.query_params.lists()
        twice = sorted(name for name, values in said if len(values) > 1)
        for name in twice:
            if not isinstance(self.known_filters().get(name), MultipleChoiceFilter):
                message = _("This parameter stands there several times; give it once.")
                raise wrong_parameter(name, message, "repeated")
        empty = sorted(name for name, value in request.query_params.items() if not value.strip())
        if empty:  # left out, it would ask for everything; sent empty, it is a slip
            raise wrong_parameter(empty[0], _("This parameter is empty."), "empty")

    def known_parameters(self) -> set[str]:
        known = set(self.parameters)
        if self.request.method not in SAFE_METHODS:
            return known
        known.add("fields")
        if self.action not in ONE and getattr(self, "pagination_class", None):
            known |= self.pagination_class.parameters
        if self.action not in ONE:
            known |= set(self.known_filters())
        return known

    def known_filters(self) -> dict:
        """The filters of this list by the names of their parameters."""
        filters = DjangoFilterBackend().get_filterset_class(self, self.queryset)
        return filters.base_filters if filters else {}

    def fields_wanted(self, known) -> set[str] | None:
        """The fields named in ``?fields=``; None where all are wanted."""
        text = self.request.query_params.get("fields")
        if text is None or self.request.method not in SAFE_METHODS:
            return None
        names = {name.strip() for name in text.split(",")}
        unknown = sorted(names - set(known))
        if unknown:
            message = _("There is no field “%(name)s”.") % {"name": unknown[0][:100]}
            raise wrong_parameter("fields", message, "unknown_field")
        return names

    def get_serializer(self, *args, **kwargs):
        if getattr(self, "swagger_fake_view", False):  # describing itself, it has no reader
            return self.get_serializer_class()(*args, **kwargs)
        serializer = super().get_serializer(*args, **kwargs)
        return self.narrowed(serializer) if kwargs.get("many") else serializer

    def narrowed(self, serializer: ListSerializer) -> ListSerializer:
        """Of its rows, the fields asked for."""
        fields = serializer.child.fields
        wanted = self.fields_wanted(fields)
        for name in set(fields) - wanted if wanted else ():
            fields.pop(name)
        return serializer

    def many(self, serializer: ListSerializer) -> Response:
        """The answer that shows some records outside a list of pages."""
        return Response(self.narrowed(serializer).data)

    def one(self, data: dict) -> Response:
        """The answer that shows one record: with its tag, and of its fields those asked for."""
        wanted = self.fields_wanted(data)
        shown = {name: data[name] for name in data if name in wanted} if wanted else data
        return unless_known(self.request, data, shown)


class RetrieveOne(mixins.RetrieveModelMixin):
    def retrieve(self, request, *args, **kwargs) -> Response:
        return self.one(self.get_serializer(self.get_object()).data)


def address_of(view, data: dict) -> str:
    """Where what was just made can be read."""
    key = data["id" if view.lookup_field == "pk" else view.lookup_field]
    return view.request.build_absolute_uri(reverse(f"{view.basename}-detail", args=[key]))


class CreateOne(mixins.CreateModelMixin):
    """``counted_as`` is the kind of rows that one counts as, like those of a bulk request."""

    counted_as = ""

    def create(self, request, *args, **kwargs) -> Response:
        try:
            response = super().create(request, *args, **kwargs)
        except exceptions.ValidationError:
            if self.counted_as:
                count_refused(ChangeSet.Source.API, self.counted_as, 1)
            raise
        if self.counted_as:
            count_rows(ChangeSet.Source.API, self.counted_as, taken=1)
        response["ETag"] = etag_of(response.data)
        response["Location"] = address_of(self, response.data)
        return response


class ChangeOne(mixins.UpdateModelMixin):
    """PATCH and what else changes a record, with ``If-Match`` only while it is what the caller has read."""

    @transaction.atomic
    def update(self, request, *args, **kwargs) -> Response:
        if not isinstance(request.data, dict):
            raise exceptions.ParseError(_("The body is not an object."), "malformed")
        response = super().update(request, *args, **kwargs)
        response["ETag"] = etag_of(response.data)
        return response

    def get_object(self):
        if self.request.method in SAFE_METHODS or self.action not in ONE:
            return super().get_object()
        # The look after the lock sees what the one before us left behind.
        lookup = self.lookup_url_kwarg or self.lookup_field
        lock(self.get_queryset().model, **{self.lookup_field: self.kwargs[lookup]})
        row = super().get_object()
        if "If-Match" in self.request.headers:
            require_match(self.request, self.get_serializer(row).data)
        return row
