"""The definition is plain SQL: sqlglot writes it for a cluster engine as well."""

import pytest
import sqlglot
from sqlglot import exp

from insights.ml.features import query
from insights.ml.tables import SCHEMAS


@pytest.mark.parametrize("name", ["features", "attributes"])
def test_it_is_written_and_read_back_in_sparks_dialect(name):
    errors = sqlglot.ErrorLevel.RAISE
    written = sqlglot.transpile(query(name), read="duckdb", write="spark", unsupported_level=errors)
    tree = sqlglot.parse_one(written[0], read="spark", error_level=errors)
    assert tree.named_selects == sqlglot.parse_one(query(name), read="duckdb").named_selects


@pytest.mark.parametrize("name", ["features", "attributes"])
def test_it_calls_no_function_that_the_cluster_engine_lacks(name):
    unknown = {
        call.name
        for call in sqlglot.parse_one(query(name, "spark"), read="spark").find_all(exp.Anonymous)
    }
    assert unknown == set()


def test_it_reads_only_the_companys_tables():
    tree = sqlglot.parse_one(query("features"), read="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)} | {"gap", "snapshots"}
    assert {table.name for table in tree.find_all(exp.Table)} - own <= set(SCHEMAS)
