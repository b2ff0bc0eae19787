"""Two people edit one task: what only one changed is merged, what both did is told with all three values."""

import datetime

import pytest
from django.utils import timezone

from customers.models import Task
from customers.recording import record_task
from tests.customers.test_details_conflict import HTMX, fields_of

TODAY = timezone.localdate()


@pytest.fixture
def task(owner, customer):
    fields = {"due_on": TODAY, "due_time": datetime.time(9), "remind": 60}
    return record_task(Task(title="Call", customer=customer, assignee=owner, **fields), owner)


@pytest.fixture
def form(client, task):
    """The form as somebody opens it now; and what saves one with something changed."""

    class Form:
        def __init__(self, user):
            self.user = user
            self.sent = fields_of(
                self._as_user().get(task.get_absolute_url(), headers=HTMX).content.decode()
            )

        def _as_user(self):
            client.force_login(self.user)
            return client

        def save(self, **changed):
            sent = self.sent | {"page": "list"} | changed
            response = self._as_user().post(task.get_absolute_url(), sent, headers=HTMX)
            if response.status_code == 422:
                self.sent = fields_of(response.content.decode())
            task.refresh_from_db()
            return response

    return Form


def test_what_only_the_other_changed_stays_as_they_have_it(form, owner, manager, task):
    mine, theirs = form(owner), form(manager)
    later = TODAY + datetime.timedelta(days=7)
    assert theirs.save(due_on=later.isoformat(), remind="1440").status_code == 200
    assert mine.save(title="Call again").status_code == 200
    assert (task.title, task.due_on, task.remind) == ("Call again", later, 1440)


@pytest.mark.parametrize(
    ("field", "theirs", "mine", "said"),
    [
        ("title", "Write", "Visit", ("Write", "Call", "Visit")),
        ("due_time", "10:30", "11:00", ("10:30", "09:00", "11:00")),
        ("remind", "1440", "0", ("1 day before", "1 hour before", "When it is due")),
    ],
)
def test_what_both_changed_is_told_and_saved_once_more(
    form, owner, manager, task, field, theirs, mine, said
):
    first, second = form(owner), form(manager)
    assert second.save(**{field: theirs}).status_code == 200
    response = first.save(**{field: mine})
    body = response.content.decode()
    assert response.status_code == 422
    changed, was, yours = said
    assert f"manager changed this to “{changed}”" in body
    assert f"It was “{was}”, and yours is “{yours}”" in body
    assert first.save().status_code == 200
    assert str(getattr(task, field)).startswith(mine)


def test_who_alone_changes_a_choice_is_told_of_nothing(form, owner, task):
    """A choice of numbers is sent as text: the same is no change."""
    mine = form(owner)
    assert mine.save(remind="0").status_code == 200 and task.remind == 0
