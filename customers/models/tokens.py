"""Personal tokens: other systems sign in with one, and may do no more than its person and its scopes allow."""

import contextlib
import datetime
import hashlib
import logging
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import OperationalError, connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

MARK = "prn_"  # so that a token which slipped into a log or a repository is recognised
SHOWN = len(MARK) + 6
USE_NOTED_EVERY = datetime.timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """A fast hash is enough: 160 random bits cannot be guessed, however fast one guesses."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def living(self) -> "ApiTokenQuerySet":
        now = timezone.now()
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def managed_by(self, user) -> "ApiTokenQuerySet":
        """One's own; everybody's for admins."""
        return self if user.is_admin else self.filter(user=user)

    def unrevoked(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at=None)

    def ended_before(self, moment: datetime.datetime) -> "ApiTokenQuerySet":
        return self.filter(Q(expires_at__lt=moment) | Q(revoked_at__lt=moment))

    def issue(self, user, name: str, scopes, expires_at=None) -> tuple["ApiToken", str]:
        """A new token and its secret, which is known at this moment only."""
        secret = MARK + secrets.token_hex(20)
        token = self.create(
            user=user,
            name=name,
            prefix=secret[:SHOWN],
            digest=digest_of(secret),
            scopes=ApiToken.ordered(scopes),
            expires_at=expires_at,
        )
        return token, secret

    def of_secret(self, secret: str) -> "ApiToken | None":
        """The token, with its person, whatever has become of it."""
        return self.select_related("user").filter(digest=digest_of(secret)).first()


class ApiToken(models.Model):
    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Write")
        INGEST = "ingest", _("Send in facts")
        TRAIN = "train", _("Train models")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=16)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def ordered(cls, scopes) -> list[str]:
        """Each scope once, in their usual order."""
        return [scope for scope in cls.Scope.values if scope in scopes]

    @classmethod
    def scopes_for(cls, user) -> list[tuple[str, str]]:
        """What a token of this person can be good for: only admins train."""
        return [(s.value, s.label) for s in cls.Scope if user.is_admin or s != cls.Scope.TRAIN]

    @property
    def scope_labels(self) -> list[str]:
        return [self.Scope(scope).label for scope in self.scopes]

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_living(self) -> bool:
        return self.revoked_at is None and not self.has_expired

    def note_use(self) -> None:
        """At most once a minute, and not while somebody else writes: reading must not turn into waiting."""
        now = timezone.now()
        if self.last_used_at and self.last_used_at >= now - USE_NOTED_EVERY:
            return
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        try:
            with impatient():
                ApiToken.objects.filter(unnoted, pk=self.pk).update(last_used_at=now)
        except OperationalError as error:
            logger.debug("The use of token %s was not noted: %s", self.pk, error)


@contextlib.contextmanager
def impatient() -> Iterator[None]:
    """SQLite has one writer at a time; what can be left undone does not wait for it."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
        try:
            yield
        finally:
            usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
            cursor.execute(f"PRAGMA busy_timeout = {int(usual * 1000)}")
