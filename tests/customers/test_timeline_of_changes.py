"""What was changed of a customer's details stands in their timeline: by whom, from what, to what."""

from django.urls import reverse

from customers.editing import edit_customer, set_tags
from customers.models import CustomAttribute, Customer, Tag
from customers.timeline import Wanted, timeline
from customers.timeline_changes import changes_of


def told(customer) -> list[list[tuple[str, str, str]]]:
    fresh = Customer.objects.get(pk=customer.pk)
    return [[(t.label, t.before, t.after) for t in one.told] for one in changes_of(fresh)]


def test_each_change_says_what_was_and_what_came_of_it(customer, owner, stranger):
    CustomAttribute.objects.create(name="hobby", label="Hobby")
    for city in ("Oslo", "Bergen"):
        customer.city = city
        edit_customer(customer, ["city"], owner)
    customer.owner, customer.attributes = stranger, {"hobby": "chess"}
    edit_customer(customer, ["owner", "attributes"], owner)
    set_tags(customer, [Tag.objects.create(name="VIP")], owner)
    changes = told(customer)
    assert changes[0] == [("Tags", "–", "VIP")]
    assert set(changes[1]) == {("Owner", str(owner), str(stranger)), ("Hobby", "–", "chess")}
    assert changes[2] == [("City", "Oslo", "Bergen")]
    assert changes[3][0][2] == "Oslo"


def test_a_tab_of_the_page_shows_them_to_whoever_sees_the_customer(
    client, customer, owner, stranger
):
    customer.city = "Oslo"
    edit_customer(customer, ["city"], owner)
    page = reverse("customer-timeline", args=[customer.pk])
    client.force_login(owner)
    body = client.get(page, {"timeline": "changes"}).content.decode()
    assert f"Changed by {owner}" in body and "Oslo</b>" in body
    assert "Changed by" not in client.get(page).content.decode()
    client.force_login(stranger)
    assert client.get(page, {"timeline": "changes"}).status_code == 404


def test_words_and_days_narrow_them_and_pages_follow_each_other(customer, owner):
    for n in range(25):
        customer.city = f"Town {n}"
        edit_customer(customer, ["city"], owner)
    fresh = Customer.objects.get(pk=customer.pk)
    first = timeline(fresh, "changes")
    second = timeline(fresh, "changes", first.older)
    numbers = [item.thing.pk for item in [*first.items, *second.items]]
    assert len(numbers) == len(set(numbers)) == 25 and not second.older
    assert numbers == sorted(numbers, reverse=True)
    assert len(timeline(fresh, Wanted("changes", words="town 7")).items) == 2


def test_many_changes_ask_the_database_as_often_as_few(
    customer, owner, django_assert_max_num_queries
):
    for n in range(12):
        customer.owner = owner if n % 2 else None
        edit_customer(customer, ["owner"], owner)
    fresh = Customer.objects.get(pk=customer.pk)
    with django_assert_max_num_queries(3):
        assert len(changes_of(fresh)) >= 11
