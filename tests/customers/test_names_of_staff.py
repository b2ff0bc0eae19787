import pytest

from customers.models import User


@pytest.mark.parametrize(
    ("first", "last", "name", "initials"),
    [("Ana", "Ruiz", "Ana Ruiz", "AR"), ("佳怡", "陈", "陈佳怡", "佳怡"), ("", "", "ana", "A")],
)
def test_names_stand_in_the_order_of_their_language(first, last, name, initials):
    user = User(username="ana", first_name=first, last_name=last)
    assert (str(user), user.initials) == (name, initials)
