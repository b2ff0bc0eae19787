from customers.importing.kinds.base import Kind
from customers.importing.kinds.customers import Customers
from customers.importing.kinds.events import Events
from customers.importing.kinds.interactions import Interactions
from customers.importing.kinds.orders import Orders
from customers.importing.kinds.products import Products

KINDS: dict[str, type[Kind]] = {
    kind.name: kind for kind in (Customers, Products, Orders, Events, Interactions)
}

__all__ = ["KINDS", "Kind"]
