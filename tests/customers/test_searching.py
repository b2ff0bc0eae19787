"""What a search finds: parts of names, words' beginnings for short terms, Chinese characters wherever they stand."""

import pytest

from customers.models import Customer, ExternalId

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
    ExternalId.objects.create(customer=customer, source="crm", external_id="8")
    assert found("NB0000008") == {"王睿"} == found("8")
    assert found("NB000000") == set()


def test_nothing_searched_for_is_everybody(people):
    assert len(found("  ")) == 6 and len(found("\x00")) == 6
