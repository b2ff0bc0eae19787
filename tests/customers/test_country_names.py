"""A country is said in the reader's language, however its source wrote it."""

import pytest
from django.utils.translation import override

from customers.countries import country_choices, country_name


@pytest.mark.parametrize("written", ["Sweden", "sweden", "SE", "SWE", "瑞典", " Sweden "])
def test_every_spelling_has_one_name(written):
    with override("en"):
        assert country_name(written) == "Sweden"
    with override("zh-hans"):
        assert country_name(written) == "瑞典"


@pytest.mark.parametrize(("written", "name"), [("UK", "英国"), ("USA", "美国"), ("EIRE", "爱尔兰")])
def test_usual_short_forms(written, name):
    with override("zh-hans"):
        assert country_name(written) == name


def test_what_nobody_knows_stays_as_it_is_written():
    assert country_name("Channel Islands of old") == "Channel Islands of old"
    assert country_name("") == ""
    assert country_name(None) == ""


def test_choices_stand_in_the_order_of_their_names_and_tell_spellings_apart():
    with override("en"):
        found = country_choices(["Sweden", "DE", "SE"])
    assert found == [("DE", "Germany"), ("SE", "Sweden (SE)"), ("Sweden", "Sweden (Sweden)")]


def test_pages_say_it_in_the_readers_language(client, django_user_model):
    from customers.models import Customer

    person = django_user_model.objects.create_superuser("a@b.example", password="x", role="admin")
    person.language = "zh-hans"
    person.save()
    client.force_login(person)
    customer = Customer.objects.create(name="Elsa", city="Malmö", country="Sweden")
    for address in ("/customers/", customer.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "瑞典" in page
        assert "· Sweden" not in page
