"""Browsing and other behaviour. Customers and products must be known: events make none."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import converting
from customers.importing.kinds import base
from customers.importing.kinds.base import Kind, Run
from customers.upserting import EventRow, add_events, named_event_key

LONGEST = 2**31 - 1


class Events(Kind):
    name = "events"
    key_field = "key"

    def __init__(self, mapping):
        super().__init__(mapping)
        self.fields = {
            "customer": base.text(100, gettext_lazy("no customer")),
            "kind": base.text(30, gettext_lazy("no kind")),
            "occurred_at": base.when(gettext_lazy("no time")),
            "subject": base.text(200),
            "product": base.text(100),
            "seconds": base.plain(converting.whole(0, LONGEST)),
            "key": base.text(200),
        }

    def key(self, values: tuple) -> str:
        return values[-1] or base.content_key(values)

    def write(self, run: Run) -> None:
        customers, products = base.customer_ids(self.mapping.source), base.product_ids()

        def build(records):
            who = customers.of(values[0] for _number, values in records)
            what = products.of(values[4] for _number, values in records)
            rows = ((n, self._row(run, n, values, who, what)) for n, values in records)
            return [(number, row) for number, row in rows if row]

        for chunk in base.chunks(run, build):
            base.write_chunk(run, chunk, lambda rows: add_events(rows, run.change_set))

    def _row(self, run: Run, number: int, values: tuple, who: dict, what: dict) -> EventRow | None:
        customer, kind, occurred_at, subject, product, seconds, key = values
        wrong = {}
        if customer not in who:
            wrong["customer"] = _("no such customer")
        if product is not None and product not in what:
            wrong["product"] = _("no such product")
        if wrong:
            run.refuse_for(number, wrong)
            return None
        return EventRow(
            customer_id=who[customer],
            kind=kind,
            occurred_at=converting.at(occurred_at),
            subject=subject or "",
            product_id=what.get(product),
            seconds=seconds,
            key=named_event_key(self.mapping.source, key) if key else None,
        )
