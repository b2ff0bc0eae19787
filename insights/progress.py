"""What a training or a publishing is doing and how it ended, in plain words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.wording import amount, sentences
from insights.candidates import candidate_label
from insights.message_models import missing_words
from insights.models import OF_MESSAGES, Kind, ModelVersion, PublishRequest, TrainingRun

# A waiting run that nobody has taken up after this long: the trainer does not answer.
PATIENCE = datetime.timedelta(seconds=30)
# A running one gives a sign of life every few seconds.
SILENCE = datetime.timedelta(seconds=30)

# The steps people see, in order; a step of the code belongs to the one whose words it begins with.
Steps = list[tuple[Any, tuple[str, ...]]]
STEPS: Steps = [
    (gettext_lazy("Read the messages"), ("start", "read")),
    (gettext_lazy("Load the facts"), ("load",)),
    (gettext_lazy("Build features"), ("inputs",)),
    (gettext_lazy("Fit the candidates"), ("learn", "fit", "choose")),
    (gettext_lazy("Judge on later data"), ("judge", "grade")),
    (gettext_lazy("Fit the winner for use"), ("refit", "done")),
    (gettext_lazy("Score everyone"), ("score",)),
    (gettext_lazy("Publish if better"), ("publish",)),
]
STEPS_OF_MESSAGES: Steps = [
    (gettext_lazy("Load the messages"), ("start", "load")),
    (gettext_lazy("Part them by time and customer"), ("inputs",)),
    *[step for step in STEPS[3:] if step[1] != ("score",)],
]


def steps_of(kind: str) -> Steps:
    """A model of messages scores nobody: once it is published, the reader reads them with it."""
    return STEPS_OF_MESSAGES if kind in OF_MESSAGES else STEPS


@dataclass(frozen=True)
class Step:
    label: str
    state: str  # done, now, later

    @property
    def icon(self) -> str:
        return {"done": "check", "now": "loader-2", "later": "circle-dashed"}[self.state]


def place_of(step: str, kind: str = "") -> int:
    """Which of the kind's steps a step of the code belongs to; -1 where it belongs to none."""
    word = step.partition(":")[0]
    return next((i for i, (_label, words) in enumerate(steps_of(kind)) if word in words), -1)


def step_words(step: str, kind: str = "") -> str:
    """``fit:ebm`` → Fit the candidates: Explainable boosting machine."""
    place, (_word, _colon, name) = place_of(step, kind), step.partition(":")
    if place < 0:
        return step
    label = str(steps_of(kind)[place][0])
    words = _("%(step)s: %(name)s")
    return words % {"step": label, "name": candidate_label(name, kind)} if name else label


class Job:
    """A waiting or running training, as its block on the page shows it."""

    def __init__(
        self,
        run: TrainingRun,
        now: datetime.datetime | None = None,
        others: Iterable[TrainingRun] = (),
    ):
        """``others``: runs that are active or ended just now; the trainer works on one after the other."""
        self.run = run
        self.now = now or timezone.now()
        self.others = [one for one in others if one.pk != run.pk]
        self.percent = max(0, min(100, round(100 * run.fraction)))

    @property
    def tens(self) -> int:
        """Screen readers are told of each tenth, not of each percent."""
        return self.percent // 10 * 10

    @property
    def waits(self) -> bool:
        return self.run.status == TrainingRun.Status.QUEUED

    @property
    def is_unanswered(self) -> bool:
        """Nobody takes it up, or whoever did has fallen silent."""
        if self.waits:
            return self.now - self.run.created_at > PATIENCE and not self.is_at_work
        return not self._is_heard(self.run)

    def _is_heard(self, run: TrainingRun) -> bool:
        heard = run.heartbeat_at or run.started_at or run.created_at
        return self.now - heard <= SILENCE

    @property
    def is_at_work(self) -> bool:
        """Whether the trainer is busy with another run, or has ended one a moment ago."""
        return any(
            self._is_heard(one)
            if one.status == TrainingRun.Status.RUNNING
            else bool(one.ended_at) and self.now - one.ended_at <= PATIENCE
            for one in self.others
        )

    @property
    def ahead(self) -> TrainingRun | None:
        """Whose turn is before: the one that asked last before this one, else the one under way."""
        active = [one for one in self.others if one.is_active]
        before = [one for one in active if one.pk < self.run.pk]
        running = [one for one in active if one.status == TrainingRun.Status.RUNNING]
        return max(before, key=lambda one: one.pk, default=None) or next(iter(running), None)

    @property
    def steps(self) -> list[Step]:
        here = -1 if self.waits else place_of(self.run.step, self.run.kind)
        return [
            Step(str(label), "done" if i < here else "now" if i == here else "later")
            for i, (label, _words) in enumerate(steps_of(self.run.kind))
        ]

    @property
    def sentence(self) -> str:
        """Step 3 of 7, Fit the candidates: Random forest, 9,532 rows, about 2 minutes left."""
        if self.run.stop_requested:
            return _("Stopping …")
        if self.waits:
            if self.is_at_work and self.ahead:
                return _("Waits, after %(model)s") % {"model": self.ahead.get_kind_display()}
            return _("Waiting for the trainer")
        parts = []
        place, steps = place_of(self.run.step, self.run.kind), steps_of(self.run.kind)
        if place >= 0:
            parts.append(_("Step %(number)d of %(all)d") % {"number": place + 1, "all": len(steps)})
        if ":" in self.run.step:
            parts.append(candidate_label(self.run.step.partition(":")[2], self.run.kind))
        if self.run.rows:
            rows = ngettext("%(count)s row", "%(count)s rows", self.run.rows)
            parts.append(rows % {"count": amount(self.run.rows)})
        if self.left:
            parts.append(self.left)
        return _(", ").join(parts)

    @property
    def left(self) -> str:
        """About how long it will take yet; silent while that would be a guess."""
        if self.waits or not self.run.started_at or self.run.fraction < 0.1:
            return ""
        spent = (self.now - self.run.started_at).total_seconds()
        seconds = spent / self.run.fraction * (1 - self.run.fraction)
        if seconds < 60:
            return _("less than a minute left")
        minutes = round(seconds / 60)
        words = ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes)
        return words % {"count": minutes}


def recent_runs() -> list[TrainingRun]:
    """Those that wait, that are under way, or that ended a moment ago."""
    return list(TrainingRun.objects.active_or_ended_since(timezone.now() - PATIENCE))


@dataclass(frozen=True)
class Trainings:
    """What trainings have come to, by kind: what waits or is under way, what ended last, what was judged last."""

    jobs: dict[str, Job]
    newest: dict[str, TrainingRun]
    judged: dict[str, TrainingRun]


def trainings_now() -> Trainings:
    """In one query."""
    moment = timezone.now() - PATIENCE
    runs = list(TrainingRun.objects.that_count_now(moment).order_by("pk"))
    recent = [run for run in runs if run.is_active or (run.ended_at and run.ended_at >= moment)]
    ended = [run for run in runs if not run.is_active]
    return Trainings(
        {run.kind: Job(run, others=recent) for run in recent if run.is_active},
        {run.kind: run for run in ended},
        {run.kind: run for run in ended if run.summary},
    )


def took(run: TrainingRun) -> str:
    """How long a training was worked on."""
    if not run.started_at or not run.ended_at:
        return ""
    seconds = round((run.ended_at - run.started_at).total_seconds())
    if seconds < 120:
        return _("%(count)d s") % {"count": seconds}
    return _("%(count)d min") % {"count": round(seconds / 60)}


def outcome_sentence(run: TrainingRun) -> str:
    """How a training ended and what that means for the scores people see."""
    match run.status, run.outcome:
        case TrainingRun.Status.DONE, TrainingRun.Outcome.PUBLISHED:
            if run.kind == Kind.SEGMENTS:
                return _("Published: names and groups as customers behave now.")
            if run.kind in OF_MESSAGES:
                return _("Better than the built-in rules: published. Messages are read with it.")
            if run.summary.get("served_rule"):
                return _(
                    "Nothing learnt beats the plain rule yet, so the rule itself was published, with ranges as"
                    " wide as its errors have been."
                )
            if run.summary.get("only_reorders"):
                return _(
                    "The ranking is not better than a list of what sells most, so only what customers usually buy"
                    " again was published."
                )
            return _("Better than the plain rule and no worse than the champion before: published.")
        case TrainingRun.Status.DONE, TrainingRun.Outcome.NOT_BETTER:
            if run.kind in OF_MESSAGES:
                return _(
                    "Not better than the built-in rules, so nothing was published. Messages are read as before."
                )
            return _(
                "Not better than the plain rule, so nothing was published. Scores stay as they were."
            )
        case TrainingRun.Status.DONE, TrainingRun.Outcome.NOT_BETTER_THAN_CHAMPION:
            return _("Clearly worse than the champion, which therefore stays.")
        case TrainingRun.Status.DONE, TrainingRun.Outcome.TOO_LITTLE_DATA:
            of_messages = run.kind in OF_MESSAGES and missing_words(run.kind, run.facts)
            return of_messages or missing_data_sentence(run.facts)
        case TrainingRun.Status.STOPPED, _outcome:
            return _("Stopped by hand. Nothing was changed.")
        case TrainingRun.Status.LOST, _outcome:
            return _(
                "The trainer disappeared at work. Nothing was changed; it is tried again by itself."
            )
        case TrainingRun.Status.FAILED, _outcome:
            return failure_sentence(run.facts)
    return ""


def failure_sentence(facts: dict[str, Any]) -> str:
    match facts.get("code"):
        case "time_limit":
            minutes = amount(facts.get("seconds", 0) / 60)
            words = _(
                "Took longer than the %(minutes)s minutes a training may take, and was ended."
            )
            return sentences(words % {"minutes": minutes}, _("Nothing was changed."))
        case "killed":
            return _(
                "The training was ended from outside, often for lack of memory. Nothing was changed."
            )
        case "disk_full":
            return _(
                "There was no room left on the disk. Nothing was changed; make room and train again."
            )
        case "too_many_attempts":
            words = _(
                "Given up after %(attempts)s attempts that ended half-way. Nothing was changed."
            )
            return words % {"attempts": facts.get("attempts", "")}
    return _("Failed. Nothing was changed; the log says why.")


def cause_sentence(run: TrainingRun) -> str:
    """What went wrong stands in the last line of an error; the lines before it only say where."""
    said = [line.strip() for line in run.error.splitlines() if line.strip()]
    if not said:
        return ""
    memory = _("There was not enough memory.") if "MemoryError" in said[-1] else ""
    return sentences(memory, _("The last it said was: %(line)s") % {"line": said[-1]})


def missing_data_sentence(facts: dict[str, Any]) -> str:
    """What is missing before a model can be learnt, and how much of it."""
    sentences = {
        "no_orders": _("There are no orders to learn from yet."),
        "no_amounts": _("None of the orders has an amount, so there is no spending to learn from."),
        "history_too_short": _(
            "The orders reach back %(days_have)s days; %(days_needed)s are needed to learn from one"
            " period and test on a later one."
        ),
        "too_few_customers": _(
            "There are %(have)s customers to learn from; %(needed)s are needed."
        ),
        "too_few_buyers": _(
            "%(have)s customers bought something new in the test period; %(needed)s are needed."
        ),
        "too_few_products": _(
            "There are %(have)s products that are bought; %(needed)s are needed."
        ),
        "one_outcome_only": _(
            "%(left)s customers left and %(stayed)s stayed; at least %(needed)s of each are needed."
        ),
        "nothing_differs": _("Nothing that is known of the customers differs between them."),
        "too_few_returning": _(
            "%(have)s customers ordered again in the test period; %(needed)s are needed."
        ),
        "label_missing": _(
            "No customer has a value for the attribute “%(attribute)s”, the churn label."
        ),
    }
    words = sentences.get(facts.get("code", ""), _("There is too little data to learn from yet."))
    numbers = {k: amount(v) if isinstance(v, int | float) else v for k, v in facts.items()}
    try:
        return words % numbers
    except KeyError:
        return _("There is too little data to learn from yet.")


def refusal_sentence(version: ModelVersion, code: str) -> str:
    """Why a version cannot be published now."""
    words = {
        "already_champion": _("%(version)s is the champion already."),
        "pruned": _("%(version)s cannot be published again: its scores are no longer kept."),
        "busy": _("Another version of this model is being published. Try again in a moment."),
    }
    return words[code] % {"version": version}


def publishing_sentence(request: PublishRequest) -> str:
    """What has become of somebody's wish to publish a version."""
    match request.status:
        case PublishRequest.Status.QUEUED:
            return _("Waiting for a worker")
        case PublishRequest.Status.RUNNING:
            if request.kind in OF_MESSAGES:
                return _("From now on it reads what customers write.")
            return _("What it says is being brought to every customer.")
        case PublishRequest.Status.FAILED:
            return sentences(request.get_failure_display(), _("Nothing was changed."))
    return _("Became champion")
