"""What customers talk about: the topics, what each message is about, their sums per day and team."""

import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import visible_facts
from customers.models import MessageReading, Team
from insights.models.segments import PerTeamQuerySet


class TopicQuerySet(models.QuerySet):
    def current(self) -> "TopicQuerySet":
        """Those that the last search found, or that go on since somebody named them."""
        return self.filter(retired_at=None)

    def visible_to(self, user) -> "TopicQuerySet":
        """Sales staff know of a topic by the messages they may see; its phrases may come from others' too."""
        if user.is_admin or user.is_manager:
            return self
        said = MessageTopic.objects.visible_to(user).shown().filter(topic=OuterRef("pk"))
        return self.filter(Exists(said))


class Topic(models.Model):
    """``number`` belongs to one topic for good, so the name somebody gave it outlives every search.

    ``phrases``: those that set it apart, ``{"en": [...], "zh": [...]}``. ``codes``: concerns and aspects of many of
    its messages, for a reader of neither script. ``rise`` while it rises for certain, over all teams::

        {"weeks": 1, "count": 31, "expected": 9.2, "low": 2.1, "high": 5.4, "p": 1e-9}

    ``effect``: what came of those who spoke of it, per team (see insights.ml.voice.effects.Sums); only what a reader
    may see is put together (insights.outcomes)::

        {"days": 90, "parts": [{"team": 1, "owned": false, "customers": 12,
                                "left": [mine, others, variance], "spent": [mine, others, variance]}, …]}
    """

    LONGEST = 60

    number = models.PositiveIntegerField(_("number"), unique=True)
    name = models.CharField(_("name"), max_length=LONGEST, blank=True)
    phrases = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    emerged = models.BooleanField(default=False)  # by a burst of phrases nobody had used before
    rise = models.JSONField(null=True)
    rising_since = models.DateTimeField(_("rising since"), null=True)
    dispersion = models.FloatField(default=1.0)  # of its weekly counts: 1 is chance alone
    effect = models.JSONField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=~Q(name=""), name="one_topic_of_each_name"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.number)


class MessageTopicQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MessageTopicQuerySet":
        return self.filter(visible_facts(user, "reading__customer__"))

    def shown(self) -> "MessageTopicQuerySet":
        """Without archived customers and those who refused profiling."""
        theirs = Q(reading__customer__archived_at=None, reading__customer__profiling_refused=False)
        return self.exclude(reading__label="").filter(Q(reading__customer=None) | theirs)


class MessageTopic(models.Model):
    """What a message is about; nothing in particular where ``topic`` is empty.

    ``typical``: 0 to 1, how well it stands for its topic. ``changes`` and ``round``: the text and the topics that
    this was said of; where either has moved on, it is said anew.
    """

    reading = models.OneToOneField(
        MessageReading, models.CASCADE, primary_key=True, related_name="about"
    )
    topic = models.ForeignKey(
        Topic, models.CASCADE, null=True, related_name="messages", db_index=False
    )
    occurred_at = models.DateTimeField(null=True)  # a copy, for the index
    typical = models.FloatField(default=0)
    changes = models.PositiveIntegerField()
    round = models.PositiveIntegerField()

    objects = MessageTopicQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["topic", "-occurred_at", "-reading"],
                condition=Q(topic__isnull=False),
                name="message_topic_by_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.topic_id}"


class TopicDay(models.Model):
    """Messages of a topic by customers of a team on a day (UTC), as VoiceDay has them; without a topic: all."""

    day = models.DateField(_("day"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owned = models.BooleanField(default=False)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="days", db_index=False)
    messages = models.PositiveIntegerField()
    negative = models.PositiveIntegerField()

    objects = PerTeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["topic", "day", "team"], name="topic_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.topic_id} {self.messages}"


class TopicMoney(models.Model):
    """Customers of a team who spoke of a topic in its last four weeks, and the value at risk with them: the sum of
    expected value × churn risk, in base currency."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="money")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owned = models.BooleanField(default=False)
    customers = models.PositiveIntegerField()
    value_at_risk = models.FloatField()

    objects = PerTeamQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.topic_id} {self.value_at_risk}"


class TopicSearch(models.Model):
    """A single row: when topics are to be looked for, by whom that is being done, and what was learnt.

    ``model`` holds insights.ml.voice.topics.Topics; ``round`` counts its changes. The lease of a worker that died
    runs out by itself.
    """

    LEASE = datetime.timedelta(minutes=10)
    RESEND = datetime.timedelta(minutes=5)  # a message that waited so long is taken for lost
    MOST_ATTEMPTS = 3

    requested = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    afresh = models.BooleanField(default=False)  # whether it was asked to learn anew
    lease = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    learnt_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    round = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    model = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.served}/{self.requested}"

    @classmethod
    def row(cls) -> "models.QuerySet[TopicSearch]":
        """The row as a queryset, for guarded updates."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.filter(pk=1)

    @classmethod
    def is_due(cls) -> bool:
        """Asked for, nobody is at it, and no message that says so is on its way."""
        unsent = Q(sent_at=None) | cls._past("sent_at", cls.RESEND)
        return cls.waiting().filter(unsent).exists()

    @classmethod
    def waiting(cls) -> "models.QuerySet[TopicSearch]":
        """The row, if it is asked for and nobody is at it."""
        return cls.objects.filter(cls.nobody(), requested__gt=F("served"))

    @classmethod
    def nobody(cls) -> Q:
        return Q(lease=None) | cls._past("lease", datetime.timedelta(0))

    @classmethod
    def _past(cls, field: str, ago: datetime.timedelta) -> Q:
        """Also what lies far ahead: it was written under a clock that has since been put back."""
        now = timezone.now()
        return Q(**{f"{field}__lt": now - ago}) | Q(**{f"{field}__gt": now + 2 * cls.LEASE})
