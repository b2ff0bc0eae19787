"""What a filter selects, worked out customer by customer in plain Python, without the product's conditions.

Written from what the operators say to people, so that the two can disagree.
"""

import datetime
from decimal import Decimal

from django.utils import timezone

from customers.filtering import Condition, Fields, Group
from customers.models import Change, Customer


class Person:
    """One customer with all that filters may ask about, read once."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.orders = list(customer.orders.all())
        self.tasks = list(customer.tasks.all())
        self.talks = list(customer.interactions.select_related("reading"))
        self.months = list(customer.months.all())
        self.subjects = list(customer.subjects.all())
        self.bought = {
            str(line.product_id)
            for order in self.orders
            if order.kind == "sale"
            for line in order.lines.all()
            if line.product_id
        }
        self.followers = {one.user_id for one in customer.followers.all()}
        self.tags = {tag.pk for tag in customer.tags.all()}
        changes = Change.objects.filter(model="customer", object_id=customer.pk)
        self.given = {str(one.change_set_id) for one in changes if "owner_id" in one.previous}

    def at(self, path: str):
        value = self.customer
        for part in path.split("__"):
            value = getattr(value, part, None)
            if value is None:
                return None
        return value


# Field -> where its value stands.
PLAIN = {
    "name": "name", "company": "company", "email": "email", "phone": "phone", "city": "city", "language": "language",
    "country": "country", "kind": "kind", "lifecycle": "lifecycle", "owner": "owner_id", "team": "team_id",
    "known_since": "known_since", "updated": "updated_at", "risk": "score__churn_risk", "segment": "score__segment",
    "reason": "score__churn_reason", "segment_before": "score__segment_before", "segment_since": "score__segment_since",
    "expected": "score__expected_value", "spend_90": "outlook__spend_90", "within_30": "outlook__within_30",
    "stays": "outlook__stays_365", "next_order": "outlook__next_on", "recency": "score__recency_band",
    "frequency": "score__frequency_band", "monetary": "score__monetary_band", "group": "score__cluster",
    "value": "totals__value", "orders": "totals__orders", "returns": "totals__returns",
    "first_order": "totals__first_order_at", "last_order": "totals__last_order_at",
    "usual_gap": "totals__usual_gap_days", "feeling": "voice__label", "refused": "profiling_refused",
}  # fmt: skip


def holds(item: Condition | Group, person: Person, fields: Fields) -> bool:
    if isinstance(item, Group):
        found = [holds(one, person, fields) for one in item.items]
        if not found:
            return True
        return all(found) if item.match == "all" else any(found)
    field = fields.get(item.field)
    if field.operators[0].inputs[1:] == ("days",) or field.key in ("open_tasks", "complaints"):
        return number_holds(item.op, figure_of(item, person, fields), Decimal(item.values[0]))
    if field.key == "tag":
        return chosen(item, person.tags or None, {int(value) for value in item.values})
    if field.key in ("first_month", "order_month"):
        return chosen(item, months_of(person, field.key), set(item.values))
    if field.key in ("bought", "given"):
        return chosen(item, getattr(person, field.key), set(item.values))
    if field.key == "worst":
        worst = worst_of(person)
        return chosen(item, {worst} if worst else None, set(item.values))
    if field.key.removesuffix("_bad") in ("concern", "topic", "product"):
        return chosen(item, subjects_of(person, field.key), set(item.values))
    if field.key == "parent":
        return of_organisation(item, person.customer.parent, fields.user)
    if field.key == "followed":
        return (fields.user.pk in person.followers) == (item.op == "yes")
    if field.key == "archived":
        return (person.customer.archived_at is not None) == (item.op == "yes")
    if field.key == "risk_change":
        return change_holds(item, person.at("score__churn_change"))
    if field.key == "overdue":
        return value_holds(item, overdue_of(person), field, fields)
    return value_holds(item, value_of(item, person, field), field, fields)


def of_organisation(item: Condition, parent: Customer | None, reader) -> bool:
    """By the name of one that the reader sees; that there is one is no secret."""
    if item.op in ("empty", "filled"):
        return (parent is None) == (item.op == "empty")
    seen = parent is not None and Customer.objects.visible_to(reader).filter(pk=parent.pk).exists()
    if not seen:
        return item.op in ("has_not", "is_not")
    return text_holds(item.op, parent.name, item.values[0])


def change_holds(item: Condition, change: float | None) -> bool:
    """In points; what cannot be told has neither risen nor fallen."""
    if item.op in ("empty", "filled"):
        return (change is None) == (item.op == "empty")
    if change is None:
        return False
    points = float(Decimal(item.values[0]) / 100)
    return change >= points if item.op == "rose" else -change >= points


def overdue_of(person: Person) -> int | None:
    last, usual = person.at("totals__last_order_at"), person.at("totals__usual_gap_days")
    if last is None or usual is None or person.customer.profiling_refused:
        return None
    late = (timezone.localdate() - timezone.localtime(last).date()).days - int(usual + 0.5)
    return late if late > 0 else None


def months_of(person: Person, key: str) -> set[str] | None:
    """Months in UTC, None where there is no order."""
    first = person.at("totals__first_order_at")
    if key == "first_month":
        return {f"{first.astimezone(datetime.UTC):%Y-%m}"} if first else None
    return {f"{one.month:%Y-%m}" for one in person.months if one.orders} or None


def worst_of(person: Person) -> str:
    """Of the last 90 days, to the second."""
    since = timezone.now() - datetime.timedelta(days=90)
    for label in ("negative", "neutral", "positive"):
        at = person.at(f"voice__{label}_at")
        if at and at >= since:
            return label
    return ""


def subjects_of(person: Person, key: str) -> set[str]:
    since = timezone.now() - datetime.timedelta(days=365)
    kind, unhappy = key.removesuffix("_bad"), key.endswith("_bad")
    found = [one for one in person.subjects if one.kind == kind]
    moments = {one.code: one.negative_at if unhappy else one.last_at for one in found}
    return {code for code, at in moments.items() if at and at >= since}


def value_of(item: Condition, person: Person, field):
    if not item.field.startswith("attr."):
        return person.at(PLAIN[item.field])
    value = person.customer.attributes.get(item.field.removeprefix("attr."))
    names = {operator.name for operator in field.operators}
    is_bool, is_text = isinstance(value, bool), isinstance(value, str)
    if "yes" in names:
        return value if is_bool else None
    if "gte" in names:
        return value if isinstance(value, int | float) and not is_bool else None
    if not is_text:
        return None
    return datetime.date.fromisoformat(value) if "last" in names and value else value


def value_holds(item: Condition, value, field, fields: Fields) -> bool:
    names = {operator.name for operator in field.operators}
    missing = value is None or value == ""
    if item.op in ("empty", "filled"):
        return missing == (item.op == "empty")
    if "yes" in names:
        return bool(value) == (item.op == "yes")
    if "last" in names:
        return day_holds(item, value, fields)
    if "has" in names:
        return text_holds(item.op, value or "", item.values[0])
    if "in" in names:
        return chosen(item, None if missing else {str(value)}, codes(item, fields))
    if value is None:
        return False
    if field.unit == "percent":
        wanted = [float(Decimal(one) / 100) for one in item.values]
    else:
        value, wanted = Decimal(str(value)), [Decimal(one) for one in item.values]
    return number_holds(item.op, value, *wanted)


def codes(item: Condition, fields: Fields) -> set[str]:
    return {str(fields.user.pk) if value == "me" else value for value in item.values}


def chosen(item: Condition, had: set | None, wanted: set) -> bool:
    match item.op:
        case "in":
            return bool(had and had & wanted)
        case "not_in":
            return not (had and had & wanted)
    return (had is None) == (item.op == "empty")


def number_holds(op: str, value, *wanted) -> bool:
    match op:
        case "gte":
            return value >= wanted[0]
        case "lte":
            return value <= wanted[0]
        case "gt":
            return value > wanted[0]
        case "lt":
            return value < wanted[0]
        case "eq":
            return value == wanted[0]
    return min(wanted) <= value <= max(wanted)


def text_holds(op: str, value: str, wanted: str) -> bool:
    value, wanted = value.lower(), wanted.lower()
    return {
        "has": wanted in value,
        "has_not": wanted not in value,
        "is": value == wanted,
        "is_not": value != wanted,
        "starts": value.startswith(wanted),
    }[op]


def day_holds(item: Condition, value, fields: Fields) -> bool:
    if item.op == "not_last":
        return not day_holds(Condition(item.field, "last", item.values), value, fields)
    if value in (None, ""):
        return False
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    ago = (fields.asking.today - value).days
    match item.op:
        case "last":
            return 0 <= ago <= int(item.values[0])
        case "over":
            return ago > int(item.values[0])
        case "next":
            return 0 <= -ago <= int(item.values[0])
        case "yearly":
            today = fields.asking.today
            ahead = range(min(int(item.values[0]), 365) + 1)
            days = [today + datetime.timedelta(days=n) for n in ahead]
            return f"{value:%m-%d}" in {f"{day:%m-%d}" for day in days} or len(days) > 365
    days = [datetime.date.fromisoformat(one) for one in item.values]
    match item.op:
        case "before":
            return value < days[0]
        case "from":
            return value >= days[0]
    return min(days) <= value <= max(days)


def figure_of(item: Condition, person: Person, fields: Fields) -> Decimal:
    def recent(rows):
        most = int(item.values[1])
        return [
            one
            for one in rows
            if one.occurred_at
            and (fields.asking.today - timezone.localtime(one.occurred_at).date()).days <= most
        ]

    talks = person.talks
    match item.field:
        case "orders_in":
            found = len([o for o in recent(person.orders) if o.kind == "sale"])
        case "returns_in":
            found = len([o for o in recent(person.orders) if o.kind == "return"])
        case "spent_in":
            return sum((o.base_amount for o in recent(person.orders)), Decimal(0))
        case "open_tasks":
            found = len([task for task in person.tasks if task.done_at is None])
        case "complaints":
            waiting = [t for t in talks if t.reading.inbound and t.reading.answered_at is None]
            found = len([t for t in waiting if t.channel == "complaint"])
        case "messages_in":
            found = len([t for t in recent(talks) if t.reading.inbound])
        case "negative_in":
            negative = [t for t in recent(talks) if t.reading.label == "negative"]
            found = len([t for t in negative if t.reading.inbound])
        case "contacts_in":
            ours = [t for t in talks if t.direction == "out" or t.channel in ("call", "meeting")]
            found = len(recent(ours))
    return Decimal(found)
