"""New products for the customers of a real wholesaler: the published recommender keeps its standard."""

import os
from datetime import datetime

import duckdb
import pytest

from insights.ml import products
from tests.ml.shops import quiet

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

LINES = """
    SELECT DISTINCT InvoiceNo, StockCode, Description, InvoiceDate, UnitPrice,
        CAST(CustomerID AS BIGINT) AS customer_id, CAST(Quantity AS DOUBLE) AS quantity
    FROM read_csv(?, types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'DOUBLE'})
    WHERE CustomerID IS NOT NULL AND UnitPrice > 0 AND Quantity > 0 AND InvoiceNo NOT LIKE 'C%'
        AND regexp_matches(StockCode, '^[0-9]{5}')
"""
TABLES = {
    "lines": """SELECT DENSE_RANK() OVER (ORDER BY InvoiceNo) AS order_id, customer_id,
        DENSE_RANK() OVER (ORDER BY StockCode) AS product_id,
        CAST(InvoiceDate AS TIMESTAMP) AS occurred_at, 'sale' AS kind, quantity,
        quantity * UnitPrice AS amount FROM rows""",
    "products": """SELECT DENSE_RANK() OVER (ORDER BY StockCode) AS product_id,
        MIN(Description) AS name, NULL::VARCHAR AS category, NULL::VARCHAR AS description,
        NULL::DOUBLE AS price, TRUE AS in_stock, FALSE AS archived FROM rows GROUP BY StockCode""",
}


def retail():
    path = os.path.join(os.environ["PERENNIAL_DATA"], "online_retail.csv.gz")
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE rows AS {LINES}", [path])
        return {name: engine.sql(query).to_arrow_table() for name, query in TABLES.items()}


def test_ndcg_of_new_products_is_at_least_eleven_hundredths():
    params = {
        "test_as_of": datetime(2011, 9, 10),
        "validation_as_of": datetime(2011, 6, 12),
    }
    data = products.inputs(retail(), datetime(2011, 12, 10), params)
    # The board of the protocol, to the customer and the product.
    assert data.test.bought.shape == (3368, 3432) and len(data.test.asked) == 1850
    evaluation = products.evaluate(data, products.candidates(params), quiet)
    summary = evaluation.summary
    assert evaluation.model is not None and summary["better_than_rule"]
    assert 0.11 <= summary["published_metrics"]["ndcg_at_10"] < 0.14
    rule = next(one for one in summary["candidates"] if one["name"] == summary["baseline"])
    assert rule["metrics"]["ndcg_at_10"] == pytest.approx(0.067, abs=0.002)
