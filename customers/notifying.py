"""Tell somebody of something: in the product, by e-mail, or not at all, as each has chosen for each kind.

``notify(user, Kind.MENTION, interaction, actor)`` is all that a page needs. It is called inside the transaction of
what it tells of, and stands or falls with it. Whether somebody may see what they are told of is asked when it is
shown and when it is sent (see NotificationQuerySet.visible_to).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from customers.models import Customer, Interaction, Notification, Task, User

Kind = Notification.Kind
APP, EMAIL = "app", "email"
# How people are told until they choose otherwise.
USUALLY = dict.fromkeys(Kind.values, (APP,)) | {Kind.REMINDER.value: (APP, EMAIL)}
BACK = "back:"  # how the key of a notice begins that what another told of was taken back
AT_ONCE = 1000
KEPT = datetime.timedelta(days=180)


@dataclass(frozen=True)
class Notice:
    """Something to tell: of whom or what, by whom, with which facts. ``key``: what makes it the same thing again."""

    user: User
    kind: str
    about: Model | None = None
    actor: User | None = None
    key: str = ""
    facts: dict = field(default_factory=dict)

    def row(self) -> Notification | None:
        """None where its reader does not want to know, or knows because it was their own doing."""
        ways = ways_of(self.user, self.kind)
        own = self.actor is not None and self.actor.pk == self.user.pk
        if not ways or own or not self.user.is_active:
            return None
        by_mail = EMAIL in ways and bool(settings.EMAIL_HOST and self.user.email)
        if APP not in ways and not by_mail:
            return None
        row = Notification(
            user=self.user, kind=self.kind, actor=self.actor, facts=self.facts, in_app=APP in ways,
            key=self.key or f"{self.about._meta.model_name}:{self.about.pk}",
        )  # fmt: skip
        if by_mail:
            row.mail, row.mail_after = Notification.Mail.WAITING, timezone.now()
        refer(row, self.about)
        return row


def refer(row: Notification, about: Model | None) -> None:
    match about:
        case Customer():
            row.customer = about
        case Task():
            row.task, row.customer_id = about, about.customer_id
        case Interaction():
            row.interaction, row.customer_id = about, about.customer_id


def ways_of(user: User, kind: str) -> tuple[str, ...]:
    """How this person is told of this kind: by "app", by "email", by both or by neither."""
    return tuple(user.told.get(kind, USUALLY[kind]))


def notify(user: User, kind: str, about: Model | None, actor: User | None = None, **more) -> None:
    """Tell one person; ``more``: ``key`` and ``facts``."""
    notify_many([Notice(user, kind, about, actor, **more)])


def notify_many(notices: Iterable[Notice]) -> None:
    """Tell many things in one statement; what has been told already is not told again."""
    rows = [row for notice in notices if (row := notice.row())]
    Notification.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def forget_old() -> None:
    """What nobody will look for any more; some at a time."""
    old = Notification.objects.filter(at__lt=timezone.now() - KEPT).order_by("at")
    Notification.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
