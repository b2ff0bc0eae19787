"""Send what people want to be told by e-mail, in their language, by the mail server that the settings name.

A worker takes a message by moving its next try ahead, so that no other sends it meanwhile; what a killed worker took
is tried again after that, under the same Message-ID, which mail programs show once.
"""

import datetime
import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.utils import timezone, translation

from customers.clocks import clock_of
from customers.models import Notification
from customers.notification_words import said_of

logger = logging.getLogger(__name__)

TAKEN_FOR = datetime.timedelta(minutes=5)
MOST_TRIES = 6
AT_ONCE = 200
Mail = Notification.Mail


def send_waiting() -> int:
    """Send what waits; returns how many went out. A server that cannot be reached is asked again later."""
    if not settings.EMAIL_HOST:
        return 0
    now, sent = timezone.now(), 0
    waiting = Notification.objects.filter(mail=Mail.WAITING)
    due = waiting.filter(Q(mail_after__lte=now) | Q(mail_after=None)).order_by("mail_after")
    link = get_connection()
    try:
        for pk in due.values_list("pk", flat=True)[:AT_ONCE]:
            sent += send_one(pk, link)
    finally:
        link.close()
    return sent


def send_one(pk: int, link) -> bool:
    now = timezone.now()
    mine = Notification.objects.filter(pk=pk, mail=Mail.WAITING).filter(
        Q(mail_after__lte=now) | Q(mail_after=None)
    )
    if not mine.update(mail_after=now + TAKEN_FOR):
        return False  # another worker has it
    one = Notification.objects.select_related(
        "user", "customer", "task", "interaction", "actor"
    ).get(pk=pk)
    this = Notification.objects.filter(pk=pk)
    if not may_still_be_told(one):
        this.update(mail=Mail.NONE)
        return False
    try:
        message_of(one, link).send()
    except (OSError, smtplib.SMTPException) as error:
        note_failure(one, error)
        return False
    this.update(mail=Mail.SENT, mail_after=None)
    return True


def may_still_be_told(one: Notification) -> bool:
    """Whether they are still here and may see what it is about, and have not done it meanwhile."""
    user = one.user
    if not user.is_active or not user.email or (one.task and one.task.done_at):
        return False
    visible = type(one.customer).objects.visible_to(user) if one.customer else None
    return visible is None or visible.filter(pk=one.customer_id).exists()


def note_failure(one: Notification, error: Exception) -> None:
    """Try again later and ever later, then give up and keep that on the row."""
    tries = one.mail_tries + 1
    state = Mail.FAILED if tries >= MOST_TRIES else Mail.WAITING
    later = timezone.now() + TAKEN_FOR * 2**tries
    Notification.objects.filter(pk=one.pk).update(mail=state, mail_tries=tries, mail_after=later)
    logger.warning("Notification %s was not sent (%s), try %s", one.pk, type(error).__name__, tries)


def message_of(one: Notification, link) -> EmailMessage:
    user = one.user
    language = user.language if user.language in dict(settings.LANGUAGES) else None
    with (
        translation.override(language or settings.LANGUAGE_CODE),
        timezone.override(clock_of(user)),
    ):
        said = said_of(one)
        address = f"{settings.SITE_URL}{said.address}" if settings.SITE_URL else ""
        why = translation.gettext(
            "You get this because you chose to be told by e-mail; your profile in Perennial changes that."
        )
        body = "\n\n".join(
            part for part in (said.text, said.detail, address, f"-- \n{why}") if part
        )
    subject = " ".join(said.text.split())[:150]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {
        "Message-ID": f"<notification-{one.pk}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(subject, f"{body}\n", to=[user.email], headers=headers, connection=link)
