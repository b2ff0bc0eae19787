"""A small company for the contract test: every kind of record there is, in two teams, and a token per role.

Run as a module in a process with its own database; prints the tokens as JSON.
"""

import datetime
import json

import django

ROLES = ("sales", "manager", "admin")


def build() -> dict[str, str]:
    from django.utils import timezone

    from customers.models import (
        ApiToken,
        CustomAttribute,
        Customer,
        Event,
        ExchangeRate,
        Interaction,
        Order,
        OrderLine,
        Product,
        Tag,
        Task,
        Team,
        User,
    )
    from customers.totalling import refresh_totals

    now = timezone.now()
    CustomAttribute.objects.create(name="kind_of_shop", label="Kind of shop", type="text")
    teams = [Team.objects.create(name=name) for name in ("North", "South")]
    people = {
        role: User.objects.create_user(name, password="a-long-password", role=role)
        for role, name in zip(ROLES, ("anna", "bo", "chen"), strict=True)
    }
    for role in ("sales", "manager"):
        people[role].teams.set(teams[:1])
    products = [
        Product.objects.create(sku=sku, name=f"Product {sku}", price=10, currency="EUR")
        for sku in ("BEANS-1KG", "P1", "P2")
    ]
    Tag.objects.create(name="vip")
    ExchangeRate.objects.create(currency="USD", valid_from="2020-01-01", rate="0.9")
    customers = [
        Customer.objects.create(
            pk=1042 + i,
            name=f"Customer {i}",
            team=teams[i % 2],
            owner=people["sales"] if i % 2 == 0 else None,
            kind=Customer.Kind.ORGANISATION if i == 4 else Customer.Kind.PERSON,
        )
        for i in range(6)
    ]
    for i, one in enumerate(customers):
        when = now - datetime.timedelta(days=10 * i + 1)
        order = Order.objects.create(
            customer=one, source="shop", number=f"{i}", occurred_at=when, currency="EUR", amount=20, base_amount=20
        )  # fmt: skip
        OrderLine.objects.create(
            order=order, position=1, product=products[i % 3], quantity=2, unit_price=10, amount=20, base_amount=20
        )  # fmt: skip
        Interaction.objects.create(customer=one, channel="email", text="Hello", occurred_at=when)
        Event.objects.create(customer=one, kind="page", subject="Home", occurred_at=when)
        Task.objects.create(customer=one, title="Call", assignee=people["sales"])
    refresh_totals([one.pk for one in customers])
    publish_models(customers, products, now)
    tokens = {
        role: ApiToken.objects.issue(user, "Contract", ApiToken.Scope.values)[1]
        for role, user in people.items()
    }
    ApiToken.objects.issue(people["admin"], "Spare", ["read"])
    return tokens


def publish_models(customers, products, now) -> None:
    """Two versions of each model, the second published, as trainings leave them behind."""
    from insights.models import ModelVersion, PublishRequest, SegmentMove, TrainingRun
    from insights.publishing import publish, refresh_segment_totals, store
    from tests.insights.conftest import churn, offers, segment
    from tests.insights.told import churn_summary, segments_summary

    said = {
        "churn": (churn(0.7), churn_summary()),
        "segments": (segment("loyal"), segments_summary()),
        "products": (offers(*products), {}),
    }
    for kind, (answer, summary) in said.items():
        for number in (1, 2):
            version = ModelVersion.objects.create(
                kind=kind, number=number, as_of=now, checksum="-", summary=summary
            )
            store(version.pk, ([c.pk for c in customers], {c.pk: answer for c in customers}), now)
            publish(version)
        TrainingRun.objects.create(
            kind=kind, origin="first", status="done", outcome="published", version=version
        )
        PublishRequest.objects.create(kind=kind, version=version, origin="api", status="done")
    for one in customers:
        SegmentMove.objects.create(
            customer=one, day=now.date(), segment_before="new", segment_after="loyal"
        )
    refresh_segment_totals()


if __name__ == "__main__":
    django.setup()
    print(json.dumps(build()))
