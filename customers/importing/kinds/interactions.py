"""Messages, calls, reviews, complaints; from outside, customer and time may be unknown."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import converting
from customers.importing.kinds import base
from customers.importing.kinds.base import Ids, Kind, Run
from customers.importing.planning import Field
from customers.models import Interaction, Order
from customers.upserting import InteractionRow, add_interactions, interaction_id


class Interactions(Kind):
    name = "interactions"
    key_field = "external_id"

    def __init__(self, mapping):
        super().__init__(mapping)
        self.fields = {
            "channel": base.plain(
                converting.choice(*Interaction.Channel.values), gettext_lazy("no channel")
            ),
            "direction": base.plain(converting.choice(*Interaction.Direction.values)),
            "subject": base.text(200),
            "text": base.text(200_000),
            "rating": base.plain(converting.whole(1, 5)),
            "language": base.text(10),
            "occurred_at": base.when(),
            "author": Field(lambda _settings: base.person()),
            "customer": base.text(100),
            "product": base.text(100),
            "order": base.text(100),
            "external_id": base.text(100),
        }

    def key(self, values: tuple) -> str:
        return values[-1] or base.content_key(values)

    def write(self, run: Run) -> None:
        source = self.mapping.source
        look = {
            "customer": base.customer_ids(source),
            "product": base.product_ids(),
            "order": Ids(lambda numbers: _orders(source, numbers)),
        }

        def build(records):
            said = [(n, dict(zip(self.fields, values, strict=True))) for n, values in records]
            ids = {name: of.of(row[name] for _n, row in said) for name, of in look.items()}
            rows = ((number, self._row(run, number, row, ids)) for number, row in said)
            return [(number, row) for number, row in rows if row]

        for chunk in base.chunks(run, build):
            base.write_chunk(run, chunk, lambda rows: add_interactions(rows, run.change_set))

    def _row(self, run: Run, number: int, said: dict, ids: dict) -> InteractionRow | None:
        unknown = [
            name for name, of in ids.items() if said[name] is not None and said[name] not in of
        ]
        if unknown:
            run.refuse_for(number, dict.fromkeys(unknown, _("there is none with this id")))
            return None
        row = InteractionRow(
            channel=said["channel"],
            direction=said["direction"] or Interaction.Direction.IN.value,
            subject=said["subject"] or "",
            text=said["text"] or "",
            rating=said["rating"],
            language=said["language"] or "",
            occurred_at=None if said["occurred_at"] is None else converting.at(said["occurred_at"]),
            author_id=said["author"],
            keeps_author=said["author"] is None,
            customer_id=ids["customer"].get(said["customer"]),
            product_id=ids["product"].get(said["product"]),
            order_id=ids["order"].get(said["order"]),
            source=self.mapping.source,
        )
        row.external_id = said["external_id"] or interaction_id(row)
        return row


def _orders(source: str, numbers: set[str]) -> dict[str, int]:
    found = Order.objects.filter(source=source, number__in=numbers)
    return dict(found.values_list("number", "pk"))
