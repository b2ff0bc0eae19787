"""Rows as a shop would send them."""

WHO = {"source": "shop", "external_id": "C-1001"}

CUSTOMER = {
    "source": "shop",
    "external_id": "C-1001",
    "name": "Marta Lindqvist",
    "email": "marta@example.com",
    "country": "SE",
    "tags": ["vip"],
    "attributes": {},
}
PRODUCT = {
    "sku": "BEANS-1KG",
    "name": "House espresso, 1 kg",
    "also_called": ["招牌意式咖啡豆 1 公斤"],
    "category": "Coffee",
    "price": "20.00",
    "currency": "EUR",
    "in_stock": True,
}
ORDER = {
    "customer": WHO,
    "source": "shop",
    "number": "2026-0001",
    "occurred_at": "2026-05-01T10:00:00Z",
    "currency": "EUR",
    "lines": [{"product": "BEANS-1KG", "quantity": "2", "unit_price": "20.00"}],
}
COUPON = ORDER | {
    "number": "2026-0002",
    "lines": [
        {"product": "BEANS-1KG", "quantity": "2", "unit_price": "20.00"},
        {"description": "WELCOME10", "quantity": "1", "unit_price": "-4.00"},
    ],
}
RETURN = ORDER | {
    "number": "2026-0001-R1",
    "kind": "return",
    "returns": {"source": "shop", "number": "2026-0001"},
    "occurred_at": "2026-05-12T09:00:00Z",
    "lines": [{"product": "BEANS-1KG", "quantity": "1", "unit_price": "20.00"}],
}
ORDERS = {"A coupon": COUPON, "A return": RETURN}  # beside the plain one
INTERACTION = {
    "customer": WHO,
    "channel": "email",
    "direction": "in",
    "subject": "Late again",
    "text": "My order came four days late.",
    "occurred_at": "2026-05-02T08:30:00Z",
    "source": "mailbox",
    "external_id": "<20260502.1@example.com>",
}
EVENT = {
    "customer": WHO,
    "kind": "product_view",
    "product": "BEANS-1KG",
    "seconds": 40,
    "occurred_at": "2026-05-01T09:55:00Z",
    "key": "5f0c1f0e-6a55-4a2e-9d0b-5a3f6c0f7d11",
}
