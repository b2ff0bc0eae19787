"""What a search finds: parts of names, words' beginnings for short terms, Chinese characters wherever they stand."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from customers.changing import open_change_set
from customers.editing import edit_customer
from customers.inserting import insert_objects
from customers.models import ChangeSet, Customer, ExternalId, Order
from customers.order_numbers import written_out
from customers.searching import words_of
from customers.upserting import CustomerRow, upsert_customers

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(make_customer):
    rows = [
        ("Grace Whitfield", "", "grace.w@example.com", "+44 20 7946 0001"),
        ("Oliver Keller", "Lantern & Keller", "oliver@lantern.example", ""),
        ("萧若曦", "", "ruoxi.xiao7@example.com", "+86 129 0000 0007"),
        ("王睿", "云栖书店咖啡", "rui.wang8@yunqi.example", ""),
        ("曦萧", "", "xi@example.net", ""),
        ("A王 Trading", "", "", ""),
    ]
    for name, company, email, phone in rows:
        make_customer(name, company=company, email=email, phone=phone)


def found(text: str) -> set[str]:
    return set(Customer.objects.search(text).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("itfi", {"Grace Whitfield"}),
        ("WHITFIELD", {"Grace Whitfield"}),
        ("n & ke", {"Oliver Keller"}),
        ("lantern.ex", {"Oliver Keller"}),
        ("7946", {"Grace Whitfield"}),
        ("萧若曦", {"萧若曦"}),
        ("书店咖啡", {"王睿"}),
        ("nobody at all", set()),
    ],
)
def test_three_characters_and_more_are_found_anywhere(people, text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("萧", {"萧若曦", "曦萧"}),
        ("若曦", {"萧若曦"}),
        ("萧若", {"萧若曦"}),
        ("曦萧", {"曦萧"}),
        ("书店", {"王睿"}),
        ("睿云", set()),  # the name ends where the company begins
        ("A王", {"A王 Trading"}),
        ("王", {"王睿", "A王 Trading"}),
        ("龙", set()),
    ],
)
def test_one_or_two_chinese_characters_are_found_wherever_they_stand(people, text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("g", {"Grace Whitfield"}),
        ("wh", {"Grace Whitfield"}),
        ("KE", {"Oliver Keller"}),
        ("el", set()),  # inside a word only
        ("ru", {"萧若曦", "王睿"}),  # by their e-mail addresses
        ("+8", {"萧若曦"}),
        ("%", set()),
        ("_", set()),
    ],
)
def test_one_or_two_letters_are_the_beginning_of_a_word(people, text, names):
    assert found(text) == names


def test_an_external_id_is_found_when_it_is_whole(people):
    customer = Customer.objects.get(name="王睿")
    ExternalId.objects.create(customer=customer, source="shop", external_id="NB0000008")
    ExternalId.objects.create(customer=customer, source="crm", external_id="9")
    assert found("NB0000008") == {"王睿"} == found("9")
    assert found("NB000000") == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Whitfield Grace", {"Grace Whitfield"}),
        ("whit  GRA", {"Grace Whitfield"}),
        ("Keller Lantern Oliver", {"Oliver Keller"}),  # name and company
        ("lantern.example oliver@", {"Oliver Keller"}),
        ("w grace", {"Grace Whitfield"}),  # a short word is the beginning of one
        ("7946 grace", {"Grace Whitfield"}),
        ("云栖 王睿", {"王睿"}),
        ("萧 若曦", {"萧若曦"}),
        ("Grace Keller", set()),
        ("Grace Whitfield nobody", set()),
        ("h grace", set()),
        ("n & ke", {"Oliver Keller"}),  # as it stands
    ],
)
def test_each_of_several_words_has_to_be_found_in_any_order(people, text, names):
    assert found(text) == names


def test_so_many_words_are_sought_as_they_stand(people, make_customer):
    name = "a firm whose name is far longer than anybody would ask"
    make_customer(name)
    assert found(name) == {name}
    assert found(" ".join(reversed(name.split()))) == set()


def test_nothing_searched_for_is_everybody(people):
    assert len(found("  ")) == 6 and len(found("\x00")) == 6


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("xrx", {"萧若曦"}),
        ("XRX", {"萧若曦"}),
        ("xr", {"萧若曦"}),  # the beginning
        ("rx", set()),  # not the middle
        ("xiaoruo", {"萧若曦"}),
        ("xiao ruoxi", {"萧若曦"}),
        ("yqsd", {"王睿"}),  # the company
    ],
)
def test_chinese_names_are_found_as_they_are_typed(people, text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gw", {"Grace Whitfield"}),
        ("OK", {"Oliver Keller"}),
        ("wg", set()),
        ("g w", {"Grace Whitfield"}),
    ],
)
def test_names_in_latin_letters_are_found_by_their_initials(people, text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Éva Østergård-Lind", " eol el evaostergardlind ostergardlind"),
        ("Ludwig van Beethoven", " lvb lb"),
        ("O’Neill & Sons (2) Ltd.", " onsl ol"),
        ("Łukasz", " lukasz"),
        ("A b c d e f g", " abcde ag"),
        ("Иван Петров", ""),
    ],
)
def test_initials_are_letters_of_any_keyboard(name, words):
    assert words_of(name, "", "") == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("曾国藩", " cgf cengguofan zgf zengguofan"),  # read otherwise as a family name
        ("长孙无忌", " zswj zhangsunwuji"),
        ("重庆火锅", " cqhg chongqinghuoguo"),
        ("Anna 王", " w wang"),
        ("Marta", ""),
    ],
)
def test_names_that_are_read_in_two_ways_are_found_by_both(name, words):
    assert words_of(name, "", "") == words


@pytest.mark.parametrize(
    "text",
    ["+44 20 7946", "0044 20 7946 0001", "020 7946 0001", "442079460001", "79460001", "0001"],
)
def test_a_phone_number_is_found_by_its_digits_however_it_is_written(people, text):
    assert found(text) == {"Grace Whitfield"}


def test_who_was_stored_before_gets_the_initials_too(people):
    stored = Customer.objects.filter(search_words__contains=" gw")
    assert Customer.objects.filter(name="Grace Whitfield").update(search_words="") == 1
    import_module("customers.migrations.0036_initials_of_names").fill(apps, None)
    assert [one.name for one in stored] == ["Grace Whitfield"]
    assert Customer.objects.get(name="萧若曦").search_words == " xrx xiaoruoxi 8612900000007"


def test_a_customer_is_found_by_the_whole_number_of_an_order(people, make_order):
    make_order(Customer.objects.get(name="王睿"), number="SO-10482")
    assert found("SO-10482") == {"王睿"} == found("so-10482")


def test_a_customer_is_found_by_the_digits_of_an_order(people, make_order):
    make_order(Customer.objects.get(name="王睿"), number="SO-10482")
    assert found("10482") == {"王睿"}
    assert found("0482") == found("104") == found("99") == set()
    ExternalId.objects.create(
        customer=Customer.objects.get(name="曦萧"), source="x", external_id="10482"
    )
    assert found("10482") == {"王睿", "曦萧"}


def test_zeros_before_the_digits_of_an_order_may_be_left_out(people, make_order):
    make_order(Customer.objects.get(name="王睿"), number="N0010482")
    assert found("10482") == found("0010482") == {"王睿"}
    assert found("00010482") == set()


def test_the_digits_of_an_order_are_looked_up_in_its_index(make_order, make_customer):
    make_order(make_customer("Marta"), number="N10482")
    rows = Order.objects.filter(number__in=written_out("10482"))
    if connection.vendor == "postgresql":  # which would rather read a single row without any
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert rows.exists() and "order_number" in rows.explain()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lea Lefevre", {"Léa Lefèvre"}),
        ("lefev", {"Léa Lefèvre"}),
        ("lefèvre", {"Léa Lefèvre"}),
        ("Kruger", {"Jürgen Krüger"}),
        ("jurgen", {"Jürgen Krüger"}),
        ("cafe blue", {"Jürgen Krüger"}),
        ("strasse", {"Søren Straße"}),
        ("jean-remi", {"Jean-Rémi D’Arc"}),
        ("ruger", set()),
    ],
)
def test_names_with_marks_are_found_without_them(people, make_customer, text, names):
    make_customer("Léa Lefèvre")
    make_customer("Jürgen Krüger", company="Café Blue")
    make_customer("Søren Straße")
    make_customer("Jean-Rémi D’Arc")
    assert found(text) == names


def test_what_has_no_marks_is_not_kept_twice():
    assert words_of("Grace Whitfield", "Café", "") == " gw cafe"
    assert words_of("萧若曦", "", "") == words_of("萧若曦", "Lantern", "")
    assert words_of("Zoë van der Berg", "", "").split() == ["zvdb", "zb", "zoevanderberg"]
    assert words_of("Й Привет", "", "") == ""


def test_who_was_stored_before_is_found_without_marks_too(make_customer):
    make_customer("Jürgen Krüger")
    Customer.objects.update(search_words="")
    import_module("customers.migrations.0039_names_without_marks").fill(apps, None)
    assert found("kruger") == {"Jürgen Krüger"}


def test_the_number_of_an_order_is_found_while_it_is_typed(
    people, make_order, monkeypatch, django_assert_num_queries
):
    grace, oliver = Customer.objects.filter(name__in=("Grace Whitfield", "Oliver Keller"))
    make_order(grace, number="SO-10042")
    make_order(oliver, number="SO-10077")
    assert found("SO-1004") == found("so-1004") == {grace.name}
    assert found("SO-1") == {grace.name, oliver.name}
    assert found("SO-") == set()
    with django_assert_num_queries(3):
        found("SO-1004")
    monkeypatch.setattr("customers.models.customers.MOST_BY_ID", 1)
    assert found("SO-1") == set()


def test_every_way_of_writing_a_customer_keeps_the_words(make_customer, admin):
    change_set = open_change_set(ChangeSet.Source.API)
    row = CustomerRow("shop", "1", {"name": "张伟", "phone": "129-1"})
    upsert_customers([row], change_set)
    assert found("zw") == {"张伟"}
    row.fields["name"] = "李娜"
    upsert_customers([row], change_set)
    assert found("zw") == set() and found("ln") == {"李娜"} == found("1291")
    insert_objects([Customer(name="王芳")])
    Customer.objects.bulk_create([Customer(name="赵敏")])
    assert found("wf") == {"王芳"} and found("zm") == {"赵敏"}
    edited = make_customer("Old name")
    edited.name = "陈晨"
    edit_customer(edited, ["name"], admin)
    assert found("cc") == {"陈晨"}
    with pytest.raises(AssertionError):
        Customer.objects.update(name="x")
