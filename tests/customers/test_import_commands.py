"""The five commands: flags for everything a mapping file says, a table at the end, errors in words."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from customers.importing.rejecting import remove_old
from customers.models import Customer, Order, Product
from tests.customers.csvs import LINES, bring

__all__ = ["bring"]


def run(name, path, *flags, capsys=None):
    call_command(f"import_{name}", str(path), *flags)
    return capsys.readouterr().out if capsys else ""


def test_products_and_customers_by_flags_alone(bring, capsys, owner, team):
    shelf = bring.file("code,label\nK1,Kettle\n")
    out = run("products", shelf, "--set", "sku=code", "--set", "name=label", capsys=capsys)
    assert Product.objects.get().name == "Kettle" and "created" in out
    people = bring.file("id\nA\n")
    run(
        "customers",
        people,
        "--set=external_id=id",
        "--const=country=China",
        "--owner=owner",
        "--team=North",
    )
    customer = Customer.objects.get()
    assert (customer.owner, customer.team, customer.country) == (owner, team, "China")


def test_orders_by_a_mapping_file(bring, capsys):
    (bring.folder / "m.json").write_text(
        '{"columns": {"number": "order", "customer": "who", "occurred_at": "when", "product": "sku",'
        ' "quantity": "n", "unit_price": "price"}}'
    )
    path = bring.file(LINES + "3,,2026-01-07,K1,Kettle,1,1\n")
    rejected = bring.folder / "bad.csv"
    out = run(
        "orders",
        path,
        f"--map={bring.folder / 'm.json'}",
        "--tz=Asia/Shanghai",
        f"--rejected={rejected}",
        capsys=capsys,
    )
    assert Order.objects.get(number="1").occurred_at.hour == 2
    assert rejected.exists() and "no customer" in out and str(rejected) in out


def test_events_and_interactions(bring):
    run("customers", bring.file("id\nA\n"), "--set=external_id=id")
    run(
        "events",
        bring.file("who,at\nA,2026-01-05\n"),
        "--set=customer=who",
        "--set=occurred_at=at",
        "--const=kind=page",
    )
    run(
        "interactions",
        bring.file("who,text\nA,Hello\n"),
        "--set=customer=who",
        "--set=text=text",
        "--const=channel=note",
    )
    customer = Customer.objects.get()
    assert (customer.events.count(), customer.interactions.count()) == (1, 1)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--set", "sku"], "field=value"),
        (["--set", "sku=nope"], "no column “nope”"),
        (["--set", "sku=code", "--owner", "nobody"], "“nobody”"),
        (["--set", "sku=code", "--team", "None"], "“None”"),
        (["--map", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_mistakes_are_told_in_words(bring, flags, words):
    with pytest.raises(CommandError, match=words):
        run("products", bring.file("code\nK1\n"), *flags)
    assert not Product.objects.exists()


def test_rejected_rows_without_a_place_of_their_own_are_kept_for_a_month(
    bring, capsys, settings, tmp_path
):
    settings.VAR_DIR = tmp_path / "var"
    flags = ("--set=external_id=id", "--set=email=mail")
    path = bring.file("id,mail\nA,nonsense\n")
    out = run("customers", path, *flags, capsys=capsys)
    (kept,) = (tmp_path / "var" / "imports").iterdir()
    assert str(kept) in out and "removed after 30 days" in out
    own = tmp_path / "bad.csv"
    assert "removed after" not in run("customers", path, *flags, f"--rejected={own}", capsys=capsys)
    now = timezone.now()
    remove_old(now + datetime.timedelta(days=29))
    assert kept.exists()
    remove_old(now + datetime.timedelta(days=31))
    assert own.exists() and not kept.exists()
