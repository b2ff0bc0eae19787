"""Churn on two public sets: at least as good as it has to be, and not better than can be.

The sets stand in the folder that PERENNIAL_DATA names. Protocols as in benchmarks/churn_*.py, which go through
the importers; here the tables are laid out straight from the files.
"""

import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from insights.ml import churn
from insights.ml.tables import SCHEMAS, complete
from tests.ml.shops import quiet

pytestmark = pytest.mark.realdata


def read(name, **options):
    return pd.read_csv(Path(os.environ["PERENNIAL_DATA"]) / name, **options)


def arrow(name, frame):
    columns = {
        field.name: pa.Array.from_pandas(frame[field.name], type=field.type)
        if field.name in frame
        else pa.nulls(len(frame), field.type)
        for field in SCHEMAS[name]
    }
    return pa.table(columns, schema=SCHEMAS[name])


def retail():
    texts = dict.fromkeys(["InvoiceNo", "StockCode", "CustomerID"], str)
    rows = read("online_retail.csv.gz", dtype=texts, parse_dates=["InvoiceDate"])
    known = rows["CustomerID"].notna() & (rows["UnitPrice"] > 0) & (rows["Quantity"] != 0)
    rows = rows[known].drop_duplicates()
    cancelled = rows["InvoiceNo"].str.startswith("C")
    lines = pd.DataFrame(
        {
            "order_id": pd.factorize(rows["InvoiceNo"])[0],
            "customer_id": rows["CustomerID"].astype(int),
            "product_id": pd.factorize(rows["StockCode"])[0],
            "occurred_at": rows.groupby("InvoiceNo")["InvoiceDate"].transform("min"),
            "kind": np.where(cancelled, "cancellation", "sale"),
            "quantity": rows["Quantity"].astype(float),
            "amount": rows["Quantity"] * rows["UnitPrice"],
            "country": rows["Country"],
        }
    )
    whole = dict.fromkeys(("customer_id", "occurred_at", "kind"), "first") | {"amount": "sum"}
    orders = lines.groupby("order_id", as_index=False).agg(whole)
    customers = lines.groupby("customer_id", as_index=False).agg(country=("country", "last"))
    return complete(
        {
            "customers": arrow("customers", customers),
            "orders": arrow("orders", orders),
            "lines": arrow("lines", lines),
        }
    )


def telco():
    rows = read("telco_churn.csv.gz", na_values=[" "])
    rows.insert(0, "customer_id", np.arange(1, len(rows) + 1))
    long = []
    for name in rows.columns.drop(["customer_id", "customerID"]):
        numeric = pd.api.types.is_numeric_dtype(rows[name])
        part = rows[["customer_id"]].assign(name=name, type="number" if numeric else "choice")
        long.append(
            part.assign(**{"number" if numeric else "text": rows[name]})[rows[name].notna()]
        )
    return complete(
        {
            "customers": arrow("customers", rows[["customer_id"]]),
            "attributes": arrow("attributes", pd.concat(long)),
        }
    )


def published(tables, params):
    now = datetime(2011, 12, 10)
    made = churn.inputs(tables, now, params)
    summary = churn.evaluate(made, churn.candidates(params), quiet).summary
    return summary, summary["published_metrics"]


def test_a_wholesalers_customers_who_stay_away():
    days = [
        datetime(2011, 3, 14),
        datetime(2011, 4, 13),
        datetime(2011, 5, 13),
        datetime(2011, 6, 12),
    ]
    moments = {"test_as_of": datetime(2011, 9, 10), "training_as_ofs": days}
    summary, figures = published(retail(), {"horizon_days": 90, "candidates": ["ebm"], **moments})
    assert (summary["n_training"], summary["n_test"]) == (9532, 3370)
    assert 0.735 <= figures["roc_auc"] < 0.78
    assert 0.56 < figures["log_loss"] < 0.62


def test_a_telephone_companys_labelled_customers():
    params = {"label_attribute": "Churn", "positive": "Yes", "candidates": ["ebm"]}
    summary, figures = published(telco(), params)
    assert summary["n_test"] == 7043
    assert 0.845 <= figures["roc_auc"] < 0.865
    assert 0.40 < figures["log_loss"] < 0.42
