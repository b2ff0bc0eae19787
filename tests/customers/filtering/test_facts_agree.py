"""Any filter on orders and conversations: the database selects those that a plain reading of its words selects."""

import datetime
import random
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.filtering import Condition, Group, check, where
from customers.filtering import operators as ops
from customers.filtering.fact_fields import OrderFields, TalkFields
from customers.models import (
    Attachment,
    Change,
    ChangeSet,
    Customer,
    Interaction,
    MessageReading,
    Order,
    Product,
    Segment,
    Sentiment,
    Tag,
    Team,
    User,
)
from tests.customers.filtering import plain
from tests.customers.filtering.company import NAMES, make_company
from tests.customers.filtering.plain import (
    chosen,
    codes,
    day_holds,
    number_holds,
    text_holds,
)

TEXTS = ["a1", "1", "Beans", "bea", "Caf", "BAR", "parcel", "PARCEL", "%", *NAMES]
WORDS = ["", "Where is my parcel", "100% wool", "王芳", "thanks", "Parcel_box"]
NUMBERS = ["0", "0.1", "12.30", "-12.30", "35", "60", "100", "400"]


@pytest.fixture(params=[1, 2])
def company(request, owner, teammate, team, other_team):
    make_company(request.param, [owner, teammate], [team, other_team], 20)
    dice = random.Random(request.param)
    products = list(Product.objects.all())
    for one in Order.objects.all():
        changed = {
            "number": f"{dice.choice(['A', 'b', ''])}{one.number}", "channel": dice.choice(["", "web", "shop"]),
            "currency": dice.choice(["EUR", "USD"]),
        }  # fmt: skip
        Order.objects.filter(pk=one.pk).update(**changed)
    Interaction.objects.create(channel="email", text="Nobody known", occurred_at=timezone.now())
    for talk in Interaction.objects.all():
        Interaction.objects.filter(pk=talk.pk).update(
            text=dice.choice(WORDS), subject=dice.choice(["", "", "About a parcel"]), rating=dice.choice([None, 1, 5]),
            author=dice.choice([None, owner, teammate]), product=dice.choice([None, *products]),
        )  # fmt: skip
        MessageReading.objects.filter(pk=talk.pk).update(
            intent=dice.choice(["", "refund", "praise"]), urgency=dice.randrange(4), language=dice.choice(["", "en"]),
            label=dice.choice(["", *Sentiment.values]), named_product=dice.choice([None, *products]),
            answered_at=dice.choice([None, timezone.now()]),
        )  # fmt: skip
        if dice.random() < 0.3:
            Attachment.objects.create(interaction=talk, name="x.txt", kind="text/plain", size=1)
    return owner


def at(row, *path):
    for name in path:
        row = getattr(row, name, None)
    return row


def of_customer(key: str, row):
    """(whether the field is one of the customer's, the value)."""
    if key == "tag":
        return True, {tag.pk for tag in row.customer.tags.all()} if row.customer else set()
    paths = {
        "customer": ("name",), "company": ("company",), "country": ("country",), "owner": ("owner_id",),
        "team": ("team_id",), "lifecycle": ("lifecycle",), "segment": ("score", "segment"),
        "risk": ("score", "churn_risk"), "value": ("totals", "value"), "expected": ("score", "expected_value"),
        "known_since": ("known_since",), "orders": ("totals", "orders"), "returns": ("totals", "returns"),
        "first_order": ("totals", "first_order_at"), "last_order": ("totals", "last_order_at"),
        "usual_gap": ("totals", "usual_gap_days"),
    }  # fmt: skip
    return (True, at(row.customer, *paths[key])) if key in paths else (False, None)


def of_order(item: Condition, order: Order) -> bool | tuple[object, str]:
    match item.field:
        case "number":
            return order.number.startswith((item.values[0], item.values[0].upper()))
        case "product":
            ids = {str(line.product_id) for line in order.lines.all()}
            return bool(ids & set(item.values)) == (item.op == "in")
        case "product_name":
            sold = [line.product for line in order.lines.all() if line.product]
            word = item.values[0].lower()
            found = any(word in one.name.lower() or word == one.sku.lower() for one in sold)
            return found == (item.op == "has")
    names = {"date": "occurred_at", "amount": "base_amount"}
    return order, names.get(item.field, item.field)


def of_talk(item: Condition, talk: Interaction) -> bool | tuple[object, str]:
    reading = talk.reading
    match item.field:
        case "text":
            if item.op in ("empty", "filled"):
                return (not talk.text and not talk.subject) == (item.op == "empty")
            word = item.values[0].lower()
            found = word in talk.text.lower() or word in talk.subject.lower()
            return found == (item.op == "has")
        case "unanswered":
            return (reading.inbound and reading.answered_at is None) == (item.op == "yes")
        case "files":
            return talk.attachments.exists() == (item.op == "yes")
        case "about":
            about = talk.product_id or reading.named_product_id
            return (str(about) in item.values) == (item.op == "in")
        case "handed":
            changes = Change.objects.filter(model="messageassignment", object_id=talk.pk)
            by = {str(one.change_set_id) for one in changes if "assignee" in one.previous}
            return chosen(item, by, set(item.values))
    of_reading = {
        "feeling": "label",
        "concern": "intent",
        "urgency": "urgency",
        "language": "language",
    }
    if item.field in of_reading:
        return reading, of_reading[item.field]
    return talk, {"date": "occurred_at", "by": "author_id"}.get(item.field, item.field)


def holds(item: Condition | Group, row, fields) -> bool:
    if isinstance(item, Group):
        found = [holds(one, row, fields) for one in item.items]
        return all(found) if item.match == "all" else any(found)
    if item.field.startswith("attr."):
        field = fields.get(item.field)
        value = plain.value_of(item, row.person, field) if row.person else None
        return plain.value_holds(item, value, field, fields)
    if item.field in ("orders_in", "returns_in", "spent_in"):
        figure = plain.figure_of(item, row.person, fields) if row.person else None
        return row.person is not None and number_holds(item.op, figure, Decimal(item.values[0]))
    if item.field == "parent":
        return plain.of_organisation(item, at(row.customer, "parent"), fields.user)
    if item.field == "customer_followed":
        followed = row.person is not None and fields.user.pk in row.person.followers
        return followed == (item.op == "yes")
    theirs, value = of_customer(item.field, row)
    if item.field == "tag":
        return chosen(item, value or None, {int(one) for one in item.values})
    if not theirs:
        answer = (of_order if isinstance(row, Order) else of_talk)(item, row)
        if isinstance(answer, bool):
            return answer
        value = getattr(*answer)
    return value_holds(item, value, fields)


def value_holds(item: Condition, value, fields) -> bool:
    field = fields.get(item.field)
    names = {operator.name for operator in field.operators}
    missing = value is None or value == ""
    if item.op in ("empty", "filled"):
        return missing == (item.op == "empty")
    if "last" in names:
        return day_holds(item, value, fields)
    if "starts" in names:
        return text_holds(item.op, value or "", item.values[0])
    if "in" in names:
        return chosen(item, None if missing else {str(value)}, codes(item, fields))
    if value is None:
        return False
    wanted = [Decimal(one) / (100 if field.unit == "percent" else 1) for one in item.values]
    return number_holds(item.op, Decimal(str(value)), *wanted)


def codes_for(field, fields) -> list[str]:
    users = ["me", *(str(user.pk) for user in User.objects.all())]
    products = [str(one.pk) for one in Product.objects.all()]
    of_orders = isinstance(fields, OrderFields)
    return {
        "owner": users, "by": users, "team": [str(team.pk) for team in Team.objects.all()],
        "tag": [str(tag.pk) for tag in Tag.objects.all()], "product": products, "about": products,
        "kind": Order.Kind.values, "direction": Interaction.Direction.values, "lifecycle": Customer.Lifecycle.values,
        "channel": ["web", "shop"] if of_orders else Interaction.Channel.values,
        "source": ["t", "u"], "currency": ["EUR", "USD"], "country": ["Sweden", "SE", "中国"],
        "segment": Segment.values, "feeling": Sentiment.values, "concern": ["refund", "praise"],
        "handed": [str(one.pk) for one in ChangeSet.objects.all()],
        "attr.level": ["gold", "silver"], "urgency": ["0", "1", "2", "3"], "language": ["en", "zh-Hans"],
    }[field.key]  # fmt: skip


def pool_of(field, kind: str) -> list[str]:
    if kind == ops.DATE:
        near = (-800, -365, -30, -7, -1, 0, 1)
        days = [(timezone.localdate() + datetime.timedelta(days=n)).isoformat() for n in near]
        return [*days, "2026-01-05", "2025-12-31"]
    if kind == ops.NUMBER:
        if field.whole:
            return ["1", "2", "5"]
        signed = field.unit == "money" or field.key.startswith("attr.")
        most = 100 if field.unit == "percent" else 500
        return [one for one in NUMBERS if (signed or float(one) >= 0) and float(one) <= most]
    return ["0", "1", "7", "30", "90"] if kind == ops.DAYS else TEXTS


@st.composite
def conditions(draw, fields) -> Condition:
    field = draw(st.sampled_from(list(fields.by_key.values())))
    operator = draw(st.sampled_from(field.operators))
    if operator.inputs == (ops.CHOICES,):
        some = st.lists(
            st.sampled_from(codes_for(field, fields)), min_size=1, max_size=3, unique=True
        )
        return Condition(field.key, operator.name, tuple(draw(some)))
    values = [draw(st.sampled_from(pool_of(field, kind))) for kind in operator.inputs]
    return Condition(field.key, operator.name, tuple(values))


@st.composite
def filters(draw, fields, level: int = 1) -> Group:
    items = []
    for _ in range(draw(st.integers(1, 4))):
        nested = level < 3 and draw(st.integers(0, 2)) == 0
        items.append(draw(filters(fields, level + 1) if nested else conditions(fields)))
    return Group(draw(st.sampled_from(["all", "any"])), tuple(items))


def rows_of(model) -> list:
    rows = model.objects.prefetch_related("customer__tags")
    if model is Order:
        rows = list(rows.prefetch_related("lines__product"))
    else:
        rows = list(rows.select_related("reading"))
    people = {one.pk: plain.Person(one) for one in Customer.objects.all()}
    for row in rows:
        row.person = people.get(row.customer_id)
    return rows


LISTS = [(OrderFields, Order), (TalkFields, Interaction)]


@pytest.mark.parametrize(("kind", "model"), LISTS)
def test_the_database_selects_what_plain_python_selects(company, kind, model):
    fields, rows = kind(company, "EUR"), rows_of(model)

    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(filters(fields))
    def agree(tree):
        assert check(tree, fields) == (tree, [])
        selected = set(model.objects.filter(where(tree, fields)).values_list("pk", flat=True))
        assert selected == {row.pk for row in rows if holds(tree, row, fields)}

    agree()


@pytest.mark.parametrize(("kind", "model"), LISTS)
def test_each_operator_of_each_field_agrees_and_selects_something_somewhere(company, kind, model):
    fields, rows = kind(company, "EUR"), rows_of(model)
    for field in fields.by_key.values():
        found = set()
        for operator in field.operators:
            if operator.inputs == (ops.CHOICES,):
                tried = [tuple(codes_for(field, fields)), (codes_for(field, fields)[-1],)]
            else:
                pools = [pool_of(field, kind) for kind in operator.inputs]
                tried = list(zip(*pools, strict=False))[:8] if pools else [()]
            for values in tried:
                condition = Condition(field.key, operator.name, values)
                tree = Group("all", (condition,))
                selected = model.objects.filter(where(tree, fields)).values_list("pk", flat=True)
                expected = {row.pk for row in rows if holds(condition, row, fields)}
                assert sorted(selected) == sorted(expected), condition
                found |= expected
        assert found, field.key
