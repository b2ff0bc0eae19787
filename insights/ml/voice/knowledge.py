"""What the company knows by name: its products, orders, people and places, found in texts in one pass."""

from collections.abc import Iterable
from dataclasses import dataclass

Named = tuple[object, str]


@dataclass(frozen=True)
class Knowledge:
    """Names to records. ``Knowledge.of()`` knows nothing."""

    names: dict[str, dict[str, object]]

    @classmethod
    def of(
        cls,
        products: Iterable[Named] = (),
        orders: Iterable[Named] = (),
        people: Iterable[Named] = (),
        places: Iterable[Named] = (),
    ) -> "Knowledge":
        """From pairs of primary key and name; one record may come with several names."""
        given = {"product": products, "order": orders, "person": people, "place": places}
        return cls(
            {
                kind: {name.strip(): key for key, name in pairs if name.strip()}
                for kind, pairs in given.items()
            }
        )
