"""Customers come in with contact details and typed custom attributes; a second file updates only what it says."""

import pytest

from customers.importing import MappingError
from customers.models import Change, CustomAttribute, Customer, CustomerTotals, CustomerValue
from tests.customers.csvs import bring, verdicts

__all__ = ["bring"]

MAPPING = {
    "source": "crm",
    "columns": {"external_id": "id", "name": "name", "country": "country"},
    "attributes": {"plan": "choice", "seats": "number", "paid": "boolean", "signed": "date"},
}
PEOPLE = """id,name,country,plan,seats,paid,signed
A,Ana Lima,Portugal,gold,12,yes,2024-03-01
B,王伟,China,basic,,否,
"""


def test_a_row_becomes_a_customer_with_attributes_of_their_types(bring):
    report = bring("customers", PEOPLE, MAPPING)
    assert verdicts(report) == {"created": 2, "total": 2}
    assert report.made == {"attributes": 4}
    ana, wei = Customer.objects.order_by("external_ids__external_id")
    assert (ana.name, ana.country) == ("Ana Lima", "Portugal")
    assert ana.attributes == {"plan": "gold", "seats": 12, "paid": True, "signed": "2024-03-01"}
    assert wei.attributes == {"plan": "basic", "paid": False}
    assert dict(CustomAttribute.objects.values_list("name", "type"))["signed"] == "date"
    assert CustomerTotals.objects.count() == 2


def test_first_values_hold_since_ever(bring):
    bring("customers", PEOPLE, MAPPING)
    values = CustomerValue.objects.filter(customer__name="Ana Lima")
    assert {(v.field, v.value, v.valid_from) for v in values} == {
        ("attribute:plan", "gold", None),
        ("attribute:seats", 12, None),
        ("attribute:paid", True, None),
        ("attribute:signed", "2024-03-01", None),
    }


def test_a_second_run_changes_nothing(bring):
    bring("customers", PEOPLE, MAPPING)
    values = CustomerValue.objects.count()
    assert verdicts(bring("customers", PEOPLE, MAPPING)) == {"unchanged": 2, "total": 2}
    assert CustomerValue.objects.count() == values and not Change.objects.exists()


def test_an_update_keeps_what_was_before(bring):
    bring("customers", PEOPLE, MAPPING)
    report = bring("customers", PEOPLE.replace("gold,12", "silver,12"), MAPPING)
    assert verdicts(report) == {"updated": 1, "unchanged": 1, "total": 2}
    ana = Customer.objects.get(name="Ana Lima")
    assert ana.attributes["plan"] == "silver"
    first, later = ana.values.filter(field="attribute:plan").order_by("pk")
    assert (first.value, first.valid_from) == ("gold", None)
    assert later.value == "silver" and later.valid_from is not None
    assert ana.values.count() == 5
    change = Change.objects.get(change_set=report.change_set)
    assert change.object_id == ana.pk and change.previous["attributes"]["plan"] == "gold"


def test_a_blank_cell_takes_nothing_away(bring):
    bring("customers", PEOPLE, MAPPING)
    bring("customers", "id,name,country,plan,seats,paid,signed\nA,,,,,,\n", MAPPING)
    ana = Customer.objects.get(external_ids__external_id="A")
    assert (ana.name, ana.country, ana.attributes["seats"]) == ("Ana Lima", "Portugal", 12)


def test_a_lifecycle_that_changes_leaves_its_past(bring):
    mapping = {"source": "crm", "columns": {"external_id": "id", "lifecycle": "stage"}}
    bring("customers", "id,stage\nA,lead\n", mapping)
    bring("customers", "id,stage\nA,Active\n", mapping)
    values = CustomerValue.objects.order_by("pk").values_list("field", "value", "valid_from")
    assert [(f, v, since is None) for f, v, since in values] == [
        ("lifecycle", "lead", True),
        ("lifecycle", "active", False),
    ]


def test_the_same_id_twice_counts_once_and_the_last_one_wins(bring):
    content = PEOPLE + "A,Ana Lima,Portugal,gold,12,yes,2024-03-01\nB,Wang Wei,China,basic,,no,\n"
    report = bring("customers", content, MAPPING)
    assert verdicts(report) == {"created": 2, "duplicate": 1, "rejected": 1, "total": 4}
    assert Customer.objects.filter(name="Wang Wei").exists()
    assert bring.rejected()[0]["row"] == "3"
    again = bring("customers", content, MAPPING)
    assert verdicts(again) == {"unchanged": 2, "duplicate": 1, "rejected": 1, "total": 4}


def test_two_systems_may_use_the_same_id(bring):
    bring("customers", PEOPLE, MAPPING)
    report = bring("customers", PEOPLE, MAPPING | {"source": "till"})
    assert verdicts(report) == {"created": 2, "total": 2}


def test_values_of_the_wrong_type_reject_the_row(bring):
    content = PEOPLE + "C,Cy,,gold,many,yes,\nD,Di,,gold,1,perhaps,\nE,Ed,,gold,1,yes,31/12/2024\n"
    report = bring("customers", content, MAPPING)
    assert verdicts(report) == {"created": 2, "rejected": 3, "total": 5}
    assert [row["column"] for row in bring.rejected()] == ["seats", "paid", "signed"]


def test_unknown_columns_become_attributes_with_guessed_types(bring):
    mapping = {
        "source": "crm",
        "unknown_columns": "attributes",
        "columns": {"external_id": "id", "name": "name", "country": "country"},
    }
    bring("customers", PEOPLE, mapping)
    types = dict(CustomAttribute.objects.values_list("name", "type"))
    assert types == {"plan": "text", "seats": "number", "paid": "boolean", "signed": "date"}


def test_an_attribute_of_another_type_stops_the_import(bring):
    CustomAttribute.objects.create(name="seats", label="Seats", type="text")
    with pytest.raises(MappingError, match="seats"):
        bring("customers", PEOPLE, MAPPING)
    assert not Customer.objects.exists()


def test_owner_and_team_may_stand_in_the_file(bring, owner, team):
    mapping = {
        "source": "crm",
        "columns": {"external_id": "id", "owner_id": "rep", "team_id": "team"},
    }
    report = bring("customers", "id,rep,team\nA,owner,north\nB,nobody,North\n", mapping)
    assert verdicts(report) == {"created": 1, "rejected": 1, "total": 2}
    customer = Customer.objects.get()
    assert (customer.owner, customer.team) == (owner, team)


def test_an_address_that_is_none_rejects_the_row(bring):
    mapping = {"source": "crm", "columns": {"external_id": "id", "email": "mail"}}
    report = bring("customers", "id,mail\nA,ana@example.com\nB,nowhere\n", mapping)
    assert report.reasons == {("mail", "not an e-mail address"): 1}


def test_tags_are_set_and_what_they_were_is_kept(bring):
    mapping = {"source": "crm", "columns": {"external_id": "id", "tags": "tags"}}
    bring("customers", "id,tags\nA,vip; wholesale\nB,\n", mapping)
    ana = Customer.objects.get(external_ids__external_id="A")
    assert {tag.name for tag in ana.tags.all()} == {"vip", "wholesale"}
    assert verdicts(bring("customers", "id,tags\nA,wholesale;vip\n", mapping)) == {
        "unchanged": 1,
        "total": 1,
    }
    report = bring("customers", "id,tags\nA,vip；老客户\nB,vip\n", mapping)
    assert verdicts(report) == {"updated": 2, "total": 2}
    assert {tag.name for tag in ana.tags.all()} == {"vip", "老客户"}
    assert len(Change.objects.get(object_id=ana.pk).previous["tags"]) == 2


def test_the_files_own_owner_beats_the_commands(bring, owner, teammate):
    mapping = {"source": "crm", "columns": {"external_id": "id", "owner_id": "rep"}}
    bring("customers", "id,rep\nA,owner\nB,\n", mapping, owner=teammate)
    owners = dict(Customer.objects.values_list("external_ids__external_id", "owner__username"))
    assert owners == {"A": "owner", "B": "teammate"}
    report = bring("customers", "id,rep\nA,teammate\n", mapping)
    assert verdicts(report) == {"updated": 1, "total": 1}
    assert Customer.objects.get(external_ids__external_id="A").owner == teammate
    assert Change.objects.get().previous == {"owner_id": owner.pk}
