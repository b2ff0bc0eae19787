"""One record of each kind that the API shows, and two requests at once over real connections."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import (
    CustomerScore,
    Event,
    ExternalId,
    Interaction,
    OrderLine,
    Product,
    Tag,
)
from insights.models import ModelVersion, TrainingRun
from tests.tokens import api_of


@pytest.fixture
def api(admin):
    return api_of(admin)


@pytest.fixture
def records(customer, make_order):
    """Address -> the row it shows."""
    now = timezone.now()
    product = Product.objects.create(sku="BEANS", name="House espresso", price=20, currency="EUR")
    order = make_order(customer)
    OrderLine.objects.create(
        order=order, position=1, product=product, quantity=2, unit_price=25, amount=50, base_amount=50
    )  # fmt: skip
    ExternalId.objects.create(customer=customer, source="shop", external_id="77")
    customer.tags.add(Tag.objects.create(name="vip"))
    CustomerScore.objects.create(customer=customer, churn_risk=0.5)
    note = Interaction.objects.create(customer=customer, channel="note", text="x", occurred_at=now)
    event = Event.objects.create(customer=customer, kind="page", occurred_at=now, product=product)
    run = TrainingRun.objects.create(kind="churn", origin="command", status="done")
    version = ModelVersion.objects.create(kind="churn", number=1, as_of=now, checksum="0" * 64)
    return {
        f"/api/v1/customers/{customer.pk}/": customer,
        f"/api/v1/products/{product.pk}/": product,
        f"/api/v1/orders/{order.pk}/": order,
        f"/api/v1/interactions/{note.pk}/": note,
        f"/api/v1/events/{event.pk}/": event,
        f"/api/v1/training-runs/{run.pk}/": run,
        f"/api/v1/model-versions/{version.pk}/": version,
        f"/api/v1/customers/{customer.pk}/scores/": customer,
    }


@pytest.fixture
def at_once():
    """``at_once(first, second, …)``: called in the same moment, each on a connection of its own."""

    def run(*calls) -> list:
        answers: list = [None] * len(calls)
        barrier = threading.Barrier(len(calls))

        def work(number: int) -> None:
            try:
                barrier.wait(10)
                answers[number] = calls[number]()
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=[n]) for n in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return answers

    return run
