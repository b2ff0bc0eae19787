"""A mapping that is wrong is refused before anything is read, in words that say what to do."""

from pathlib import Path

import pytest

from customers.importing import KINDS, Mapping, MappingError
from tests.customers.csvs import LINES, SHOP, bring

__all__ = ["bring"]

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"colums": {}}, "colums"),
        ({"columns": ["a"]}, "“columns” must be a table"),
        ({"columns": {"number": True}}, "“columns.number” must be a text"),
        ({"attributes": {"plan": "colour"}}, "no attribute type “colour”"),
        ({"attributes": {"套餐": "text"}}, "give the attribute a name"),
        ({"require": [{"column": "n", "op": "~"}]}, "an op out of"),
        ({"require": {"column": "n"}}, "must be a list"),
        ({"decimal": ";"}, "decimal"),
        ([], "must be a table"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(said, words):
    with pytest.raises(MappingError, match=words):
        Mapping.from_dict(said)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"columns": {**SHOP["columns"], "colour": "sku"}}, "no field colour"),
        ({"columns": {"customer": "who", "amount": "price"}}, "which column holds “occurred_at”"),
        ({"columns": {**SHOP["columns"], "unit_price": "cost"}}, "no column “cost”"),
        ({"columns": {"customer": "who", "occurred_at": "when"}}, "“unit_price” or “amount”"),
        ({"constants": {"kind": "gift"}}, "“gift” is none of"),
        ({"kind": "events"}, "for events, not for orders"),
        ({"currency": "EURO"}, "“EURO” is not a currency code"),
        ({"when": [{"column": "n", "op": "=", "value": "1", "set": {"kind": "x"}}]}, "“x” is none"),
    ],
)
def test_a_mapping_that_does_not_fit_says_why(bring, more, words):
    with pytest.raises(MappingError, match=words):
        bring("orders", LINES, SHOP | more)


def test_files_of_both_kinds_are_read(tmp_path):
    (tmp_path / "m.toml").write_text('[columns]\nsku = "SKU"\n')
    (tmp_path / "m.json").write_text('{"columns": {"sku": "SKU"}}')
    toml, json = Mapping.read(tmp_path / "m.toml"), Mapping.read(tmp_path / "m.json")
    assert toml == json and toml.columns == {"sku": "SKU"}


def test_a_file_that_is_missing_or_broken_is_named(tmp_path):
    (tmp_path / "m.toml").write_text("[columns\n")
    with pytest.raises(MappingError, match=r"m\.toml"):
        Mapping.read(tmp_path / "m.toml")
    with pytest.raises(MappingError, match=r"none\.toml"):
        Mapping.read(tmp_path / "none.toml")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_are_good(path):
    assert Mapping.read(path).kind in KINDS


def test_flags_say_single_fields_differently():
    mapping = Mapping.from_dict(SHOP).with_flags({"number": "no"}, {"customer": "X"}, "till")
    assert (mapping.columns["number"], mapping.constants) == ("no", {"customer": "X"})
    assert "customer" not in mapping.columns and mapping.source == "till"
