"""A product has other names, such as the one in another language: on forms, by the API, in files, when searched for."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from customers.models import Change, Product
from customers.product_names import LONGEST, MOST, as_text, changed_names
from tests.customers.csvs import bring, verdicts
from tests.tokens import api_of

__all__ = ["bring"]

pytestmark = pytest.mark.django_db
HERE = "/api/v1/products/"


@pytest.fixture
def beans(db):
    return Product.objects.create(sku="B1", name="House Espresso", also_called="招牌咖啡豆\nMokka")


@pytest.fixture
def api(owner):
    return api_of(owner)


@pytest.fixture
def managing(manager):
    return api_of(manager)


def test_each_name_is_kept_once():
    assert as_text([" Honey Bag ", "honey bag", "", "蜂蜜袋"]) == "Honey Bag\n蜂蜜袋"


@pytest.mark.parametrize(
    "names",
    [["a\nb"], ["a\x00"], ["a\x1bb"], ["a\u2028b"], ["x" * (LONGEST + 1)], [f"n{i}" for i in range(MOST + 1)]],
    ids=["line", "nul", "escape", "separator", "long", "many"],
)  # fmt: skip
def test_what_is_no_name_is_refused(names):
    with pytest.raises(ValidationError):
        as_text(names)


def test_names_that_came_and_went(beans):
    before = {"name": "House Espresso", "also_called": "招牌咖啡豆\nMocha"}
    assert changed_names(before, beans) == {"Mokka", "Mocha"}
    assert changed_names({}, beans) == set()


def test_the_api_reads_and_writes_a_list(managing, beans):
    address = f"{HERE}{beans.pk}/"
    assert managing.get(address).json()["also_called"] == ["招牌咖啡豆", "Mokka"]
    answer = managing.patch(address, {"also_called": ["Kaffee", "kaffee"]})
    assert answer.json()["also_called"] == ["Kaffee"]
    assert Change.objects.get(model="product").previous == {"also_called": "招牌咖啡豆\nMokka"}
    assert managing.patch(address, {"also_called": []}).json()["also_called"] == []
    made = managing.post(HERE, {"sku": "M", "name": "Mug", "also_called": ["马克杯"]})
    assert made.json()["also_called"] == ["马克杯"]


@pytest.mark.parametrize(
    "names", ["Kaffee", [""], ["a\nb"], ["x" * (LONGEST + 1)], ["x"] * (MOST + 1), [7]]
)
def test_the_api_refuses_other_things(managing, beans, names):
    answer = managing.patch(f"{HERE}{beans.pk}/", {"also_called": names})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["field"].startswith("also_called")


def test_rows_and_keys_take_them_as_well(managing, beans):
    row = {"sku": "B1", "also_called": ["招牌"]}
    taken = [managing.post(f"{HERE}bulk/", [row]).json()["results"][0]["status"] for _ in "ab"]
    assert taken == ["updated", "unchanged"]
    managing.put(f"{HERE}by-sku/B1/", {"also_called": ["蜂蜜", "Mokka"]})
    beans.refresh_from_db()
    assert beans.other_names == ["蜂蜜", "Mokka"]
    refused = managing.post(f"{HERE}bulk/", [{"sku": "B1", "also_called": ["a\tb"]}])
    assert refused.json()["counts"]["rejected"] == 1


def test_a_file_has_them_in_one_cell(bring):
    mapping = {"columns": {"sku": "sku", "name": "name", "also_called": "other"}}
    text = "sku,name,other\nK1,Kettle,水壶；Wasserkocher | Kettle, 1 l\n"
    text = text.replace("水壶；Wasserkocher | Kettle, 1 l", '"水壶；Wasserkocher | Kettle, 1 l"')
    assert verdicts(bring("products", text, mapping)) == {"created": 1, "total": 1}
    assert Product.objects.get().other_names == ["水壶", "Wasserkocher", "Kettle, 1 l"]
    assert verdicts(bring("products", text, mapping)) == {"unchanged": 1, "total": 1}
    blank = "sku,name,other\nK1,Kettle,\n"
    assert verdicts(bring("products", blank, mapping)) == {"unchanged": 1, "total": 1}
    long = f"sku,name,other\nK1,Kettle,{'x' * (LONGEST + 1)}\n"
    assert verdicts(bring("products", long, mapping)) == {"rejected": 1, "total": 1}


def test_the_form_takes_one_a_line(client, admin, beans):
    client.force_login(admin)
    address = reverse("admin:customers_product_change", args=[beans.pk])
    fields = {"sku": "B1", "name": "House Espresso", "in_stock": "on"}
    client.post(address, fields | {"also_called": " 招牌 \r\n\r\nMokka\r\nmokka"})
    beans.refresh_from_db()
    assert beans.other_names == ["招牌", "Mokka"]
    answer = client.post(address, fields | {"also_called": "a\x07b"})
    assert "also_called" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("text", ["招牌", "mokk", "espresso"])
def test_it_is_found_by_any_name(client, api, owner, beans, text):
    Product.objects.create(sku="T", name="Tea")
    client.force_login(owner)
    page = client.get(reverse("products"), {"q": text}).content.decode()
    assert "House Espresso" in page and "Tea<" not in page
    found = api.get(HERE, {"search": text}).json()["results"]
    assert [one["sku"] for one in found] == ["B1"]


def test_the_page_says_them(client, owner, beans):
    client.force_login(owner)
    page = client.get(reverse("product", args=[beans.pk])).content.decode()
    assert "Also called" in page and "招牌咖啡豆, Mokka" in page
    Product.objects.filter(pk=beans.pk).update(also_called="")
    assert "Also called" not in client.get(reverse("product", args=[beans.pk])).content.decode()
