"""The list of orders: whose it shows, what it is asked, what its sentence and its file say."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import OrderLine, Product, SavedView
from customers.paging import COUNT_CAP

pytestmark = pytest.mark.django_db
URL = "/orders/"


@pytest.fixture
def shop(customer, make_customer, make_order, stranger, other_team):
    """Three rows of the owner's customer, one of a stranger's."""
    theirs = make_customer("Theo Theirs", owner=stranger, team=other_team, country="Ireland")
    made = {
        "new": make_order(customer, 2, 100, number="N1001", channel="web"),
        "old": make_order(customer, 200, 900, number="N1002", channel="shop"),
        "back": make_order(customer, 1, -30, kind="return", number="R77"),
        "theirs": make_order(theirs, 3, 50, number="N2001"),
    }
    return made


def only(kind: str) -> dict:
    return {"all": [{"field": "kind", "op": "in", "values": [kind]}]}


def numbers(client, user, **query) -> list[str]:
    client.force_login(user)
    return [one.number for one in client.get(URL, query).context["page"].rows]


def test_each_reader_sees_the_orders_of_the_customers_they_may_see(
    client, shop, owner, teammate, manager, stranger, admin
):
    mine = ["R77", "N1001", "N1002"]
    assert numbers(client, owner) == mine
    assert numbers(client, manager) == mine
    assert numbers(client, stranger) == ["N2001"]
    assert numbers(client, teammate) == []
    assert numbers(client, admin) == ["R77", "N1001", "N2001", "N1002"]


def test_a_number_is_found_by_how_it_begins_and_a_customer_by_name(client, shop, admin, owner):
    assert numbers(client, admin, q="n10") == ["N1001", "N1002"]
    assert numbers(client, admin, q="n1001") == ["N1001"]
    assert numbers(client, admin, q="N1") == []  # too short for a number
    assert numbers(client, admin, q="1001") == ["N1001"]
    assert numbers(client, owner, q="2001") == []
    assert numbers(client, admin, q="Theo") == ["N2001"]
    assert numbers(client, owner, q="N2001") == []
    assert numbers(client, owner, q="Theo") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"days": "7"}, ["R77", "N1001", "N2001"]),
        ({"kind": "back"}, ["R77"]),
        ({"kind": "sale", "channel": "web"}, ["N1001"]),
        ({"source": "elsewhere"}, []),
        ({"amount_from": "60", "amount_to": "500"}, ["N1001"]),
        ({"country": "Ireland"}, ["N2001"]),
        ({"owner": "me"}, []),
        ({"sort": "-amount"}, ["N1002", "N1001", "N2001", "R77"]),
        ({"sort": "date"}, ["N1002", "N2001", "N1001", "R77"]),
        ({"kind": "nonsense", "amount_from": "NaN", "from": "2026-02-31"}, ["R77", "N1001", "N2001", "N1002"]),
    ],
)  # fmt: skip
def test_filters_and_orders(client, shop, admin, query, expected):
    assert numbers(client, admin, **query) == expected


def test_days_are_those_of_the_reader(client, shop, admin):
    day = timezone.localtime(shop["new"].occurred_at).date().isoformat()
    assert numbers(client, admin, **{"from": day, "to": day}) == ["N1001"]


def test_by_product_team_and_owner(client, shop, admin, owner, team):
    beans = Product.objects.create(sku="BEANS", name="Beans of the house")
    OrderLine.objects.create(
        order=shop["old"], position=1, product=beans, quantity=2, unit_price=1, amount=2, base_amount=2
    )  # fmt: skip
    assert numbers(client, admin, product="beans") == ["N1002"]
    assert numbers(client, admin, team=str(team.pk), kind="back") == ["R77"]
    assert numbers(client, admin, owner=str(owner.pk), days="90") == ["R77", "N1001"]


def test_a_product_is_called_by_its_name_and_its_sku_is_at_hand(client, shop, admin, monkeypatch):
    beans = Product.objects.create(sku="BEANS", name="Beans of the house")
    OrderLine.objects.create(
        order=shop["old"], position=1, product=beans, quantity=2, unit_price=1, amount=2, base_amount=2
    )  # fmt: skip
    client.force_login(admin)
    address = f"{URL}?where=all(product:in:{beans.pk})"
    assert address in client.get(beans.get_absolute_url()).content.decode()
    for most in (2000, 0):  # also where there are more products than can be offered
        monkeypatch.setattr("customers.filtering.options.MOST_PRODUCTS", most)
        context = client.get(address).context
        assert [one.number for one in context["page"].rows] == ["N1002"]
        [chip] = context["chips"]
        assert chip["words"] == "Product: Beans of the house"
        assert chip["title"] == "Product: Beans of the house (BEANS)"
    [chip] = client.get(f"{URL}?where=all(product:in:987654321)").context["chips"]
    assert chip["words"] == chip["title"] == "Product: unknown"
    # A field of customers whose values are texts: what is no id is nobody's.
    [chip] = client.get("/customers/?where=all(product_bad:in:nonsense)").context["chips"]
    assert "nonsense" in chip["title"]


def test_a_country_that_nobody_is_in_goes_by_its_name(client, shop, admin):
    client.force_login(admin)
    assert "Country is Germany" in client.get(URL, {"country": "DE"}).content.decode()
    assert "Country is Germany" in client.get("/customers/", {"country": "DE"}).content.decode()


def test_one_sentence_says_how_many_and_what_they_are_worth(client, shop, owner, make_order):
    client.force_login(owner)
    said = client.get(URL).context["said"]
    assert said == "2 orders worth €1,000, 1 return or cancellation of €30."
    assert client.get(URL, {"kind": "back"}).context["said"].startswith("1 return or")
    for number in range(COUNT_CAP):
        make_order(shop["new"].customer, 5, 1, number=f"X{number}")
    assert client.get(URL).context["said"].startswith("1,000+ orders and returns. In 1,000 of ")


def test_pages_follow_each_other_without_a_gap(client, owner, customer, make_order, settings):
    settings.CUSTOMER_PAGE_SIZE = 2
    made = [make_order(customer, n, 10, number=f"P{n}").number for n in range(5)]
    client.force_login(owner)
    seen, url = [], URL
    while url:
        context = client.get(url).context
        seen += [one.number for one in context["page"].rows]
        before, url = context["before_url"], context["after_url"]
    assert seen == made
    back = client.get(before).context["page"].rows
    assert [one.number for one in back] == made[2:4]


def test_a_row_opens_the_customer_at_that_order(client, shop, owner):
    client.force_login(owner)
    row = client.get(URL, {"q": "N1002"}).context["page"].rows[0]
    page = client.get(row.url.partition("#")[0]).content.decode()
    assert f'id="order-{row.pk}"' in page
    assert row.url.endswith(f"#order-{row.pk}")


def test_a_refresh_is_the_list_alone_and_tells_its_address(client, shop, owner):
    client.force_login(owner)
    query = {
        "m-r": "all",
        "f-r-0": "kind",
        "k-r-0": "kind",
        "o-r-0": "in",
        "v-r-0": "sale",
        "q": "",
    }
    response = client.get(URL, query, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response["HX-Push-Url"] == "/orders/?where=all(kind:in:sale)"


def test_the_file_holds_what_the_list_does_and_no_formula(client, shop, owner):
    shop["new"].customer.name = "=HYPERLINK(1)"
    shop["new"].customer.save()
    client.force_login(owner)
    response = client.get(reverse("orders-export"), {"kind": "sale"})
    assert response["Content-Disposition"].startswith('attachment; filename="orders-')
    text = b"".join(response).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Number"] for row in rows] == ["N1001", "N1002"]
    assert rows[0]["Customer"] == "'=HYPERLINK(1)"
    sheet = client.get(reverse("orders-export"), {"as": "xlsx"})
    assert b"".join(sheet)[:2] == b"PK"


def test_a_long_list_is_written_in_the_background(client, shop, owner, monkeypatch, tmp_path, settings):  # fmt: skip
    from customers import list_exports
    from customers.models import ListExport
    from customers.views import export

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(export, "AT_ONCE", 1)
    client.force_login(owner)
    asked = client.get(reverse("orders-export"), {"kind": "sale"})
    assert "of=orders" in asked["Location"]
    page = client.get(asked["Location"])
    assert "Orders: Kind is Order" in page.content.decode()
    client.post(asked["Location"])
    one = ListExport.objects.get()
    list_exports.write(one.pk)
    one.refresh_from_db()
    assert (one.status, one.rows) == ("done", 2)
    file = client.get(reverse("list-export-file", args=[one.pk]))
    assert 'filename="orders-' in file["Content-Disposition"]


def test_a_list_is_kept_shared_changed_and_deleted(client, shop, owner, teammate, team):
    client.force_login(owner)
    url = f"{reverse('view-add')}?of=orders&kind=sale&sort=-amount"
    client.post(url, {"name": "Big ones", "audience": "team", "team": team.pk})
    view = SavedView.objects.get()
    assert (view.page, view.filter, view.sort) == ("orders", only("sale"), "-amount")
    assert view.get_absolute_url() == f"/orders/?view={view.pk}"
    assert numbers(client, owner, view=view.pk) == ["N1002", "N1001"]
    # What the address changes, emptied filters among it.
    assert numbers(client, owner, view=view.pk, where="all()") == ["N1002", "N1001", "R77"]
    query = {"view": view.pk, "where": "all()", "columns": "number,amount,segment"}
    changed = client.get(URL, query).context["listing"]
    assert changed.is_changed
    address = f"/orders/?view={view.pk}&where=all()&columns=number,amount,segment"
    assert changed.address() == address
    saving = reverse("view-save", args=[view.pk])
    client.post(f"{saving}?where=all(kind:in:return)&columns=number,amount")
    view.refresh_from_db()
    assert (view.filter, view.columns) == (only("return"), ["number", "amount"])
    # A team-mate sees the view, and in it nobody else's orders; it is no list of customers.
    assert numbers(client, teammate, view=view.pk) == []
    assert client.get(URL).context["tabs"][0]["label"] == "Big ones"
    labels = [tab["label"] for tab in client.get("/customers/").context["tabs"]]
    assert "Big ones" not in labels
    assert client.get(reverse("view", args=[view.pk]))["Location"] == view.get_absolute_url()
    client.force_login(owner)
    assert client.post(reverse("view-delete", args=[view.pk]))["Location"] == "/orders/"


def test_a_view_of_plain_parameters_is_still_understood(client, shop, owner):
    kept = {"kind": "back", "days": "7"}
    view = SavedView.objects.create(name="Back", owner=owner, page="orders", filter=kept)
    assert numbers(client, owner, view=view.pk) == ["R77"]
    assert not client.get(URL, {"view": view.pk}).context["listing"].is_changed


def test_conditions_are_joined_and_nested(client, shop, admin):
    shop["theirs"].customer.owner = None
    shop["theirs"].customer.save()
    where = "any(amount:gte:900,all(kind:in:sale,owner:empty))"
    assert numbers(client, admin, where=where) == ["N2001", "N1002"]
    context = client.get(URL, {"where": where}).context
    assert context["sentence"] == (
        "Orders that fit: Amount at least €900 or (Kind is Order and Owner is empty)."
    )
    assert [head["column"].key for head in context["heads"]][:2] == ["number", "customer"]


def test_what_a_filter_cannot_mean_is_left_out_and_said(client, shop, admin):
    client.force_login(admin)
    page = client.get(URL, {"where": "all(amount:gte:much,colour:in:red)"})
    assert len(page.context["page"].rows) == 4
    assert len(page.context["listing"].problems) == 2
    broken = client.get(URL, {"where": "all(("}).context["listing"]
    assert (broken.group.items, len(broken.problems)) == ((), 1)


def test_columns_are_chosen_and_ordered(client, shop, admin):
    client.force_login(admin)
    shop["theirs"].customer.company = "Theo & Sons"
    shop["theirs"].customer.save()
    response = client.get(URL, {"columns": "company,amount,nonsense,date"})
    labels = [str(head["column"].label) for head in response.context["heads"]]
    assert labels == ["Number", "Company", "Amount", "Date"]
    assert "Theo &amp; Sons" in response.content.decode()
    assert response.context["after_url"] == ""
    assert response.context["columns_usual_url"] == "/orders/"
    up = response.context["columns_shown"][2]["up"]
    assert up == "/orders/?columns=number,amount,company,date"


def test_nobody_elses_private_list_opens(client, shop, owner, stranger):
    view = SavedView.objects.create(
        name="Mine alone", owner=owner, page="orders", filter={"kind": "sale"}
    )
    client.force_login(stranger)
    assert client.get(URL, {"view": view.pk}).context["listing"].view is None


def test_without_orders_the_page_says_where_they_come_from(client, owner):
    client.force_login(owner)
    assert "No orders yet" in client.get(URL).content.decode()
    assert "Nothing fits" in client.get(URL, {"q": "nobody"}).content.decode()
