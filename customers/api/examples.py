"""One example of each thing the API takes and gives, by the name of its schema."""

WHEN = "2026-05-01T10:00:00Z"

LINE = {
    "position": 1,
    "product": "BEANS-1KG",
    "description": "House espresso, 1 kg",
    "quantity": "2",
    "unit_price": "20.00",
    "amount": "40.00",
    "base_amount": "40.00",
}
REASON = {
    "code": "recency",
    "facts": {"days": 63, "usual_gap": 24},
    "points": 24.4,
    "sentence": "No order for 63 days, usual gap 24",
}
CUSTOMER = {
    "kind": "organisation",
    "name": "Marta Lindqvist",
    "company": "Lindqvist Kaffe",
    "lifecycle": "active",
    "owner": "anna",
    "team": "North",
    "email": "marta@example.com",
    "phone": "+46 8 123 456",
    "city": "Stockholm",
    "country": "Sweden",
    "language": "en",
    "tags": ["vip"],
    "attributes": {"kind_of_shop": "Café"},
    "external_ids": [{"source": "shop", "external_id": "C-1042"}],
    "profiling_refused": False,
    "known_since": "2024-03-12T09:30:00Z",
}
ORDER = {
    "customer": 1042,
    "source": "shop",
    "number": "1001",
    "kind": "sale",
    "returns": None,
    "occurred_at": WHEN,
    "currency": "EUR",
    "channel": "web",
}
PRODUCT = {
    "sku": "BEANS-1KG",
    "name": "House espresso, 1 kg",
    "category": "Coffee",
    "description": "Dark roast.",
    "price": "20.00",
    "currency": "EUR",
    "in_stock": True,
}
INTERACTION = {
    "customer": 1042,
    "order": None,
    "product": None,
    "channel": "email",
    "direction": "in",
    "subject": "Delivery",
    "text": "The parcel came two days late.",
    "rating": None,
    "language": "en",
    "occurred_at": WHEN,
    "source": "mailbox",
    "external_id": "message-77",
}
EVENT = {
    "customer": 1042,
    "kind": "page",
    "subject": "House espresso",
    "product": "BEANS-1KG",
    "seconds": 42,
    "occurred_at": WHEN,
    "key": "3f2b8c1e-0d5a-4d0f-9a77-6a1f5d3b9c20",
}
SIGN_IN = {
    "username": "anna",
    "password": "a long password",
    "name": "Web shop",
    "scopes": ["ingest"],
    "days": 90,
}

EXAMPLES = {
    "SignInRequest": SIGN_IN,
    "Issued": {
        "token": "prn_5f0c0c3f2b8c1e0d5a4d0f9a776a1f5d3b9c2000",
        "name": "Web shop",
        "scopes": ["ingest"],
        "expires_at": "2026-07-30T10:00:00Z",
    },
    "CustomerRequest": CUSTOMER,
    "PatchedCustomerRequest": {"lifecycle": "active", "tags": ["vip"]},
    "Customer": CUSTOMER
    | {
        "id": 1042,
        "archived_at": None,
        "recorded_at": WHEN,
        "updated_at": WHEN,
        "totals": {
            "orders": 41,
            "returns": 1,
            "value": "3280.00",
            "first_order_at": "2024-03-12T09:30:00Z",
            "last_order_at": WHEN,
            "usual_gap_days": 24.0,
        },
    },
    "ProductRequest": PRODUCT,
    "PatchedProductRequest": {"price": "21.50", "in_stock": False},
    "Product": PRODUCT | {"id": 7, "archived_at": None, "recorded_at": WHEN, "updated_at": WHEN},
    "OrderRequest": ORDER
    | {"lines": [{"product": "BEANS-1KG", "quantity": "2", "unit_price": "20.00"}]},
    "Order": ORDER
    | {
        "id": 90210,
        "amount": "40.00",
        "base_amount": "40.00",
        "lines": [LINE],
        "recorded_at": WHEN,
    },
    "InteractionRequest": INTERACTION,
    "PatchedInteractionRequest": {"rating": 2},
    "Interaction": INTERACTION | {"id": 512, "author": "anna", "recorded_at": WHEN},
    "EventRequest": EVENT,
    "Event": EVENT | {"id": 4711},
    "EventsAccepted": {"accepted": 1, "known_already": 0},
    "Score": {
        "customer": 1042,
        "churn_risk": 0.78,
        "churn_risk_before": 0.61,
        "churn_scored_at": WHEN,
        "churn_version": 3,
        "churn_base": 0.22,
        "churn_reasons": [REASON],
        "segment": "at_risk",
        "segment_since": WHEN,
        "recency_band": 2,
        "frequency_band": 4,
        "monetary_band": 5,
        "cluster": 1,
        "segments_scored_at": WHEN,
        "segments_version": 4,
    },
    "Reasons": {"customer": 1042, "churn_risk": 0.78, "base": 0.22, "reasons": [REASON]},
    "Recommendation": {
        "customer": 1042,
        "rank": 1,
        "product": "BEANS-1KG",
        "name": "House espresso, 1 kg",
        "score": 0.41,
        "why": "reorder",
        "because": None,
        "facts": {"days_late": 9, "usual_days": 24},
        "sentence": "Reorder is 9 days late, usual gap 24 days",
        "version": 5,
    },
}
