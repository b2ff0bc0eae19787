"""Rows of customers, known by an id in another system."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import Field

from customers.api.bulk.batch import Batch
from customers.api.bulk.columns import said
from customers.api.bulk.fields import ArchivedField, MomentField, SourceField, with_archived
from customers.api.bulk.parents import Parents
from customers.api.bulk.references import (
    CustomerReference,
    find_customers,
    no_colleague,
    no_tag,
    no_team,
)
from customers.api.bulk.taking import Kind, Pair
from customers.api.choosing import OneOf
from customers.api.serializers.customers import (
    MOST_IDS,
    CustomerSerializer,
    ExternalIdSerializer,
    stands_twice,
    theirs,
)
from customers.api.texts import KeyField, TextField
from customers.editing import attribute_types, clean_attributes
from customers.inserting import chunked
from customers.models import ChangeSet, Customer, Tag, Team, User
from customers.upserting import CustomerRow, Written, known_customers, upsert_customers

NAMED = (
    "kind", "name", "company", "lifecycle", "email", "phone", "city", "country", "language",
    "profiling_refused", "known_since", "archived",
)  # fmt: skip


def _text(limit: int) -> TextField:
    return TextField(max_length=limit, allow_blank=True, required=False)


class CustomerRowSerializer(serializers.Serializer):
    """What is left out stays as it is."""

    source = SourceField()
    external_id = KeyField(max_length=100)
    kind = OneOf(Customer.Kind.choices, required=False)
    name = TextField(
        max_length=200,
        required=False,
        help_text="A new customer without one is called by the external id.",
    )
    company = _text(200)
    parent = CustomerReference(
        allow_null=True,
        required=False,
        help_text="The organisation that the customer belongs to: one you may see, or one of the same request.",
    )
    lifecycle = OneOf(Customer.Lifecycle.choices, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    phone = _text(40)
    city = _text(100)
    country = _text(60)
    language = _text(10)
    owner = TextField(max_length=150, allow_null=True, required=False, help_text="User name.")
    team = TextField(max_length=100, allow_null=True, required=False, help_text="Name of the team.")
    tags = serializers.ListField(
        child=TextField(max_length=50),
        max_length=100,
        required=False,
        help_text="All tags of the customer; each must be there already.",
    )
    attributes = serializers.DictField(
        required=False,
        help_text="Custom attributes by name; those not named stay as they are, null takes one away.",
    )
    external_ids = ExternalIdSerializer(
        many=True,
        required=False,
        max_length=MOST_IDS,
        help_text="All ids of the customer in other systems; the one that the row is known by stays in any case.",
    )
    profiling_refused = serializers.BooleanField(required=False)
    archived = ArchivedField()
    known_since = MomentField(allow_null=True, required=False)
    valid_from = MomentField(
        allow_null=True,
        required=False,
        help_text="Since when attributes and lifecycle hold; else a first value since ever, a later one since now.",
    )


class Customers(Kind):
    name = "customers"
    record = CustomerSerializer

    def declared(self) -> Mapping[str, Field]:
        return CustomerRowSerializer().fields

    def understood(self, batch: Batch, columns: dict[str, list]) -> list[Pair]:
        attributes = _attributes(batch, columns["attributes"])
        _refuse_unknown_tags(batch, columns["tags"])
        ids = {
            "owner": self._people(batch, columns["owner"]),
            "team": self._teams(batch, columns["team"]),
        }
        keys = batch.keyed(columns["source"], columns["external_id"])
        known = self._refuse_taken(batch, keys)
        external_ids = _external_ids(batch, keys, columns["external_ids"])
        self.parents = Parents(batch, columns, keys, known)
        self.parents.find(self.user)
        rows = []
        for at in batch.good():
            fields = with_archived(said(columns, at, NAMED))
            for name, value in said(columns, at, ("owner", "team")).items():
                # Nobody's on purpose is a change of somebody's; who is new belongs to somebody from the start.
                if value is not None or keys[at] in known:
                    fields[f"{name}_id"] = ids[name].get(value)
            row = _row(columns, at, fields, attributes.get(at, {}))
            row.external_ids = external_ids.get(at)
            rows.append((at, row))
        return rows

    def key(self, row: CustomerRow) -> tuple:
        return row.source, row.external_id

    def waves(self, pairs: list[Pair]) -> Iterable[list[Pair]]:
        self.made: dict[tuple, int] = {}
        return self.parents.waves(pairs, self.made)

    def write(self, rows: list[CustomerRow], change_set: ChangeSet) -> Written:
        user = self.user
        owner = user if user.role == User.Role.SALES else None
        team = None if user.is_admin else self.first_team
        written = upsert_customers(rows, change_set, owner, team)
        self.made |= dict(zip(map(self.key, rows), written.ids, strict=True))
        return written

    def _refuse_taken(self, batch: Batch, keys: dict[int, tuple]) -> dict[tuple, int]:
        """Ids by key of the customers that are stored; whose is somebody else's cannot be changed."""
        wanted = set(keys.values())
        visible = find_customers(wanted, self.user)
        taken = known_customers(wanted) if len(visible) < len(wanted) else {}
        detail = ErrorDetail(_("Another customer has this external id."), "taken")
        for at, key in keys.items():
            if key in taken and key not in visible:
                batch.refuse(at, "external_id", detail)
        return visible

    def _teams(self, batch: Batch, column: list) -> dict[str, int]:
        """Ids of teams by name; only admins hand customers to teams that are not their own."""
        self.first_team = None if self.user.is_admin else self.user.teams.first()
        names = batch.named(column)
        if not names:
            return {}
        found = Team.objects.filter(name__in=names)
        own = found if self.user.is_admin else found.filter(members=self.user)
        batch.refuse_unknown("team", column, found.in_bulk(field_name="name"), no_team)
        batch.refuse_unknown(
            "team", column, own.in_bulk(field_name="name"), _not_own_team, "invalid"
        )
        return dict(found.values_list("name", "pk"))

    def _people(self, batch: Batch, column: list) -> dict[str, int]:
        """Ids of people by user name; only admins hand customers to people outside their teams."""
        names = batch.named(column)
        if not names:
            return {}
        found = dict(
            User.objects.filter(username__in=names, is_active=True).values_list("username", "pk")
        )
        batch.refuse_unknown("owner", column, found, no_colleague)
        near = found.keys()
        if not self.user.is_admin:
            near = {self.user.username} | set(
                User.objects.filter(username__in=names, teams__in=self.user.teams.all())
                .values_list("username", flat=True)
            )  # fmt: skip
        batch.refuse_unknown("owner", column, near, _not_near, "invalid")
        return found


def _not_own_team() -> str:
    return _("You do not belong to this team.")


def _not_near() -> str:
    return _("This person is not in your teams.")


def _refuse_unknown_tags(batch: Batch, column: list) -> None:
    places = batch.saying(column)
    known: set[str] = set()
    for chunk in chunked(sorted({name for at in places for name in column[at]})):
        known |= set(Tag.objects.filter(name__in=chunk).values_list("name", flat=True))
    for at in places:
        for nth, name in enumerate(column[at]):
            if name not in known:
                detail = ErrorDetail(no_tag(), "does_not_exist")
                batch.refuse(at, f"tags.{nth}", detail)


def _attributes(batch: Batch, column: list) -> dict[int, dict]:
    """Custom attributes of the rows that name some, checked against their definitions."""
    places = [at for at in batch.saying(column) if column[at]]
    types = attribute_types() if places else {}
    clean = {}
    for at in places:
        try:
            gone = {name: None for name, value in column[at].items() if value in (None, "")}
            clean[at] = gone | clean_attributes(column[at], types)
        except DjangoValidationError as error:
            for name, problems in error.error_dict.items():
                for problem in problems:
                    detail = ErrorDetail(problem.messages[0], problem.code or "invalid")
                    batch.refuse(at, f"attributes.{name}", detail)
    return clean


def _external_ids(batch: Batch, keys: dict[int, tuple], column: list) -> dict[int, tuple]:
    """All ids of the customers whose rows name some; refused where one is somebody else's."""
    places = [at for at in batch.saying(column) if at in keys]
    if not places:
        return {}
    named = {at: [(one["source"], one["external_id"]) for one in column[at]] for at in places}
    known: dict[tuple, int] = {}  # whose they are
    for chunk in chunked(sorted(set(keys.values()).union(*named.values()))):
        known |= known_customers(set(chunk))
    stored = set(batch.good())
    claimed = {keys[at]: keys[at] for at in stored}  # the row of this request that has it
    found = {}
    for at in places:
        own, mine = keys[at], known.get(keys[at])
        for nth, key in enumerate(named[at]):
            by = claimed.setdefault(key, own) if at in stored else claimed.get(key, own)
            if key in named[at][:nth]:
                batch.refuse(at, f"external_ids.{nth}.external_id", stands_twice())
            elif known.get(key, mine) != mine or (by != own and known.get(by, 0) != mine):
                batch.refuse(at, f"external_ids.{nth}.external_id", theirs())
        found[at] = tuple(dict.fromkeys((own, *named[at])))
    return found


def _row(columns: dict[str, list], at: int, fields: dict, attributes: dict) -> CustomerRow:
    more = said(columns, at, ("tags", "valid_from"))
    tags = more.get("tags")
    return CustomerRow(
        columns["source"][at],
        columns["external_id"][at],
        fields,
        attributes,
        more.get("valid_from"),
        None if tags is None else frozenset(tags),
    )
