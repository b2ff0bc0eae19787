"""A small company at random, full of edges: values missing, doubled, at midnight, of the wrong type."""

import datetime
import random
from decimal import Decimal

from django.utils import timezone

from customers.changing import record_changes
from customers.models import (
    ChangeSet,
    CustomAttribute,
    Customer,
    CustomerMonth,
    CustomerScore,
    CustomerSubject,
    CustomerTotals,
    CustomerVoice,
    Follow,
    Interaction,
    MessageAssignment,
    MessageReading,
    Order,
    OrderLine,
    Outlook,
    Product,
    Segment,
    Sentiment,
    Tag,
    Task,
    User,
)
from insights.models import MessageTopic, Topic

NAMES = [
    "Anna Berg",
    "ANNA",
    "anna berg",
    "王芳",
    "王",
    "100% wool",
    "a_b",
    "O'Neil",
    "x\\y",
    '"quoted"',
]
ATTRIBUTES = {
    "shop": [None, "", "Café", "Bar", "café", 7, True, ["Bar"]],
    "beds": [None, 0, 1, 2.5, -3, "7", True, 1e9],
    "opened": [None, "", "2026-01-05", "2025-12-31", "2030-02-01"],
    "vip-guest": [None, True, False, "true", 1],
    "level": [None, "", "gold", "silver", 3],
}
TYPES = {
    "shop": "text",
    "beds": "number",
    "opened": "date",
    "vip-guest": "boolean",
    "level": "choice",
}

TODAY = timezone.now().date()
MONTHS = [(TODAY - datetime.timedelta(days=n)).replace(day=1) for n in (0, 31, 62)]


def make_company(seed: int, users: list[User], teams: list, count: int = 30) -> None:
    dice = random.Random(seed)
    for name, kind in TYPES.items():
        CustomAttribute.objects.create(name=name, label=name.title(), type=kind)
    Product.objects.bulk_create([Product(sku=name, name=name) for name in ("Beans", "Filters")])
    _known_topic(users[0])
    tags = [Tag.objects.create(name=name) for name in ("VIP", "Fair", "Tea")]
    now = timezone.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)

    def moment(missing: float = 0.3):
        if dice.random() < missing:
            return None
        days = dice.choice([0, 1, 2, 6, 7, 8, 29, 30, 31, 60, 90, 91, 365, 800])
        off = dice.choice([0, -1, 1, 3600, 43_200])
        return midnight - datetime.timedelta(days=days, seconds=off)

    for n in range(count):
        one = Customer.objects.create(
            name=dice.choice(NAMES), company=dice.choice(["", *NAMES]), city=dice.choice(["", "Lyon"]),
            email=dice.choice(["", f"a{n}@x.example"]), country=dice.choice(["", "Sweden", "SE", "中国"]),
            lifecycle=dice.choice(Customer.Lifecycle.values), kind=dice.choice(Customer.Kind.values),
            phone=dice.choice(["", "@x"]), language=dice.choice(["", "a"]),
            owner=dice.choice([None, *users]), team=dice.choice([None, *teams]), known_since=moment(),
            archived_at=moment(0.8), profiling_refused=dice.random() < 0.2,
            attributes={k: dice.choice(v) for k, v in ATTRIBUTES.items() if dice.random() < 0.8},
        )  # fmt: skip
        one.tags.set(dice.sample(tags, dice.randrange(3)))
        if dice.random() < 0.9:
            CustomerTotals.objects.create(
                customer=one, updated_at=now, value=Decimal(dice.choice(["0", "0.1", "12.30", "500"])),
                orders=dice.randrange(4), returns=dice.randrange(3), last_order_at=moment(), first_order_at=moment(),
                usual_gap_days=dice.choice([None, 7.0, 10.5]),
            )  # fmt: skip
        if dice.random() < 0.7:
            CustomerScore.objects.create(
                customer=one, churn_risk=dice.choice([None, 0.35, 0.59, 0.6, 0.605, 1.0]),
                segment=dice.choice(["", *Segment.values]), segment_since=moment(),
                expected_value=dice.choice([None, 0.0, 12.3, 500.0]), cluster=dice.choice([None, 1, 3]),
                recency_band=dice.choice([None, 1, 5]), frequency_band=dice.choice([None, 3]),
                monetary_band=dice.choice([None, 3]), segment_before=dice.choice(["", *Segment.values]),
                churn_reason=dice.choice(["", "recency", "rhythm"]),
                churn_change=dice.choice([None, -0.35, -0.025, 0.0, 0.02, 0.35, 0.6]),
            )  # fmt: skip
        if dice.random() < 0.5:
            day = timezone.localdate() + datetime.timedelta(days=dice.choice([-3, 0, 1, 7, 8, 30]))
            Outlook.objects.create(
                customer=one, spend_90=12.3, spend_90_low=1, spend_90_high=20, spend_365_low=1, spend_365_high=80,
                stays_365=dice.choice([0.25, 0.6]), next_from=day, next_on=day, next_to=day, within_30=0.6,
            )  # fmt: skip
        _facts(one, dice, moment)
        _months(one, dice)
        _said(one, dice, moment)
    _belong_and_follow(users, dice)
    _hand_over(Customer, "owner_id", dice)
    _hand_over(MessageAssignment, "assignee", dice)


def _hand_over(model, column: str, dice: random.Random) -> None:
    """By one change some of them, by another others; something else is changed of all."""
    rows = Interaction if model is MessageAssignment else Customer
    keys = list(rows.objects.values_list("pk", flat=True))
    for _n in range(2):
        change_set = ChangeSet.objects.create(source=ChangeSet.Source.PAGE)
        given = dice.sample(keys, len(keys) // 3)
        record_changes(
            change_set, model, {pk: {column if pk in given else "city": None} for pk in keys}
        )


def _belong_and_follow(users: list[User], dice: random.Random) -> None:
    """Some belong to others, seen by the first user or not; each user follows a few."""
    keys = list(Customer.objects.values_list("pk", flat=True))
    for pk in keys:
        if dice.random() < 0.6:
            Customer.objects.filter(pk=pk).update(parent=dice.choice(keys))
    for user in users:
        Follow.objects.bulk_create(
            Follow(user=user, customer_id=pk) for pk in dice.sample(keys, len(keys) // 4)
        )


def _months(one: Customer, dice: random.Random) -> None:
    for month in MONTHS:
        if dice.random() < 0.5:
            CustomerMonth.objects.create(
                customer=one, month=month, orders=dice.randrange(2), value=Decimal(10)
            )


def _known_topic(user: User) -> None:
    """Sales staff know of a topic by a message of a customer of theirs."""
    topic = Topic.objects.create(number=7, phrases={"en": ["late again"]})
    whose = Customer.objects.create(name="Speaks of it", owner=user)
    talk = Interaction.objects.create(
        customer=whose, channel="email", text="x", occurred_at=timezone.now()
    )
    MessageReading.objects.filter(pk=talk.pk).update(label="negative")
    MessageTopic.objects.create(
        reading_id=talk.pk, topic=topic, occurred_at=talk.occurred_at, changes=0, round=0
    )


def _said(one: Customer, dice: random.Random, moment) -> None:
    """Stored sums of what was written, and products bought."""
    felt = {f"{label}_at": moment(0.5) for label in Sentiment.values}
    known = {name: at for name, at in felt.items() if at}
    if known:
        last = max(known, key=lambda name: known[name])
        CustomerVoice.objects.create(
            customer=one, last_at=known[last], label=last.removesuffix("_at"), **felt
        )
    codes = {
        "concern": ["refund", "praise"],
        "topic": ["7"],
        "product": [str(p.pk) for p in Product.objects.all()],
    }
    for kind, known_codes in codes.items():
        for code in known_codes:
            if dice.random() < 0.4:
                CustomerSubject.objects.create(
                    customer=one, kind=kind, code=code, last_at=moment(0), negative_at=moment(0.5)
                )  # fmt: skip
    for position, order in enumerate(one.orders.all()):
        OrderLine.objects.create(
            order=order, position=position, product=dice.choice([None, *Product.objects.all()]), quantity=1,
            unit_price=1, amount=1, base_amount=1,
        )  # fmt: skip


def _facts(one: Customer, dice: random.Random, moment) -> None:
    for _ in range(dice.randrange(4)):
        kind = dice.choice(["sale", "sale", "return", "cancellation"])
        amount = Decimal(dice.choice(["0.10", "12.30", "0.20", "400"])) * (
            1 if kind == "sale" else -1
        )
        Order.objects.create(
            customer=one, source="t", number=str(Order.objects.count()), kind=kind, occurred_at=moment(0),
            currency="EUR", amount=amount, base_amount=amount,
        )  # fmt: skip
    for _ in range(dice.randrange(3)):
        Task.objects.create(customer=one, title="Call", done_at=moment(0.6))
    for _ in range(dice.randrange(4)):
        talk = Interaction.objects.create(
            customer=one, channel=dice.choice(Interaction.Channel.values), text="x", occurred_at=moment(0.1),
            direction=dice.choice(Interaction.Direction.values),
        )  # fmt: skip
        MessageReading.objects.filter(pk=talk.pk).update(
            label=dice.choice(["", "negative", "positive"]), answered_at=moment(0.5)
        )
