"""What is computed for one customer, by hand and among all others."""

import pandas as pd
import pytest

from insights.ml.features import FAMILIES, NUMBERS, feature_columns, features
from insights.ml.tables import complete
from tests.ml.companies import NOW, at, leavers
from tests.ml.shops import table


@pytest.fixture
def anna():
    """Known since day 0; buys on days 100, 130, 130 and 200, returns something on day 210."""

    def order(number, day, amount, kind="sale"):
        return {
            "order_id": number, "customer_id": 1, "occurred_at": at(day), "kind": kind, "amount": amount,
        }  # fmt: skip

    orders = [
        order(1, 100, 50.0),
        order(2, 130, 30.0),
        order(3, 130.25, 20.0),
        order(4, 200, 100.0),
    ]
    orders.append(order(5, 210, -40.0, "return"))
    lines = [
        {**one, "product_id": product, "quantity": 2.0}
        for one, product in zip(orders[:4], [11, 12, 12, 13], strict=True)
    ]
    categories = {11: "tea", 12: "tea", 13: "pots"}
    return complete(
        {
            "customers": table(
                "customers",
                [{"customer_id": 1, "kind": "person", "country": "SE", "created_at": at(0)}],
            ),
            "orders": table("orders", orders),
            "lines": table("lines", lines),
            "products": table(
                "products", [{"product_id": p, "category": c} for p, c in categories.items()]
            ),
            "events": table(
                "events",
                [
                    {"customer_id": 1, "occurred_at": at(219), "kind": "product_view", "seconds": 30.0},
                    {"customer_id": 1, "occurred_at": at(219.1), "kind": "cart", "seconds": 12.0},
                    {"customer_id": 1, "occurred_at": at(160), "kind": "page", "seconds": 5.0},
                    {"customer_id": 1, "occurred_at": at(218), "kind": "newsletter", "seconds": 9.0},
                ],
            ),
            "interactions": table(
                "interactions",
                [
                    {"customer_id": 1, "occurred_at": at(205), "channel": "complaint", "direction": "in", "rating": 1},
                    {"customer_id": 1, "occurred_at": at(205 + 1 / 6), "channel": "email", "direction": "out"},
                    {"customer_id": 1, "occurred_at": at(211), "channel": "chat", "direction": "in"},
                    {"customer_id": 1, "occurred_at": at(212), "channel": "review", "direction": "in", "rating": 4},
                    {"customer_id": 1, "occurred_at": at(213), "channel": "note", "direction": "internal"},
                ],
            ),
            "attributes": table(
                "attributes",
                [
                    {"customer_id": 1, "name": "renewal", "type": "date", "number": 19723.0 + 190},
                    {"customer_id": 1, "name": "vip", "type": "boolean", "number": 1.0},
                ],
            ),
        }
    )  # fmt: skip


def test_figures_worked_out_by_hand(anna):
    row = features(anna, [at(220)]).iloc[0]
    expected = {
        "recency_days": 20, "first_sale_days": 120, "tenure_days": 220,
        "orders_all": 4, "orders_30": 1, "orders_90": 3, "orders_180": 4, "orders_365": 4,
        "purchase_days": 3, "active_months": 3,
        "spend_all": 200, "spend_30": 100, "spend_90": 150, "order_value": 50, "largest_order": 100,
        "last_order_amount": 100,
        "gap_mean": 50, "gap_median": 50, "gap_longest": 70, "gap_spread": 20, "recency_over_gap": 0.4,
        "orders_trend": (3 - 1) / 5, "spend_trend": (150 - 50) / 200,
        "products_all": 3, "products_90": 2, "categories_all": 2,
        "lines_per_order": 1, "units_per_order": 2,
        "returns_all": 1, "returns_90": 1, "returned_share": 0.2,
        "visits_30": 1, "visits_90": 2, "views_30": 1, "carts_90": 1, "seconds_30": 42, "seconds_90": 47,
        "visit_recency_days": 0.9, "searches_90": 0, "seconds_per_visit": 23.5, "visits_trend": (3 - 2) / 3,
        "views_since_order": 1, "carts_since_order": 1,
        "gap_last": 70, "gap_trend": 1.4, "recency_over_longest": 20 / 70, "basket_trend": 2,
        "unit_price": 25, "price_trend": 1, "discount_level": 1 - 200 / 210, "repeat_share": 0.25,
        "new_products_90": 2, "categories_90": 2,
        "returns_365": 1, "return_recency_days": 10, "orders_year_ago": 0,
        "mean_rating": 2.5, "response_hours_365": 4, "unanswered_90": 1,
        "conversations_30": 4, "complaints_30": 1, "complaints_365": 1, "complaint_recency_days": 15,
        "low_ratings_365": 1, "last_rating": 4,
        "attribute:renewal": 30, "attribute:vip": 1,
    }  # fmt: skip
    got = {name: float(row[name]) for name in expected}
    assert got == pytest.approx(expected)
    assert row["country"] == "SE"


def test_a_year_later_the_season_is_known(anna):
    row = features(anna, [at(100 + 300)]).iloc[0]
    assert row["orders_year_ago"] == 1 and row["spend_year_ago"] == 50


def test_before_the_first_order_there_is_nothing_to_measure(anna):
    row = features(anna, [at(50)]).iloc[0]
    assert row["orders_all"] == 0
    assert row["tenure_days"] == pytest.approx(50)
    assert row[["recency_days", "gap_median", "order_value", "returned_share"]].isna().all()


def test_every_feature_belongs_to_one_reason(anna):
    columns = feature_columns(features(anna, [NOW]))
    listed = [name for names in FAMILIES.values() for name in names]
    assert len(listed) == len(set(listed))
    assert {name for name in columns if not name.startswith("attribute:")} == set(listed)
    assert 60 <= len(NUMBERS) <= 100


def test_one_customers_row_does_not_depend_on_who_else_is_asked_for():
    tables = leavers(80)
    everyone = features(tables, [NOW])
    for customer in (1, 17, 80):
        alone = features(tables, [NOW], [customer])
        among = everyone[everyone["customer_id"] == customer].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, among, check_exact=True)
