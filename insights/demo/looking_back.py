"""What the first churn model of a demo company would have said of its customers before: invented people have no past
in which anything was published.

A real company's risks are compared with what was published of them within thirty days, so a new one waits for it.
Of the demo company the model that is about to be published says what it sees as of a few earlier days: by the facts
of before each of them alone, as everywhere (see insights.dataset). The ledger keeps these as worked out afterwards;
they are something to compare with, and no prediction that was made.
"""

import datetime

from django.utils import timezone

from customers.models import ChangeSet, Customer
from insights.kept_features import facts_of
from insights.models import Kind, ModelVersion, PredictionLedger
from insights.risk_statements import DAYS
from insights.scoring import answers_of

# The oldest takes part today, the next from tomorrow on; by the time the last is too old, there is a real one.
DAYS_AGO = (DAYS, 20, 10)
# A larger demo company is there to be measured.
MOST = 20_000
AT_ONCE = 2_000


def look_back(version: ModelVersion) -> list[PredictionLedger]:
    """What to keep beside the version when it is published: nothing unless it is a demo company's first of churn."""
    if version.kind != Kind.CHURN or not _is_demo() or _has_history():
        return []
    ids = list(_customers().values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        return []
    return [row for days in DAYS_AGO for row in _as_of(version, ids, days)]


def keep(rows: list[PredictionLedger]) -> None:
    """In the transaction that publishes the version, of who is still there and has not refused meanwhile."""
    if not rows:
        return
    there = set(_customers().filter(profiling_refused=False).values_list("pk", flat=True))
    rows = [row for row in rows if row.customer_id in there]
    PredictionLedger.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _is_demo() -> bool:
    return ChangeSet.objects.filter(source=ChangeSet.Source.DEMO).exists()


def _has_history() -> bool:
    return PredictionLedger.objects.filter(kind=Kind.CHURN).exists()


def _customers():
    return (
        Customer.objects.active().filter(recorded_in__source=ChangeSet.Source.DEMO).order_by("pk")
    )


def _as_of(version: ModelVersion, ids: list[int], days: int) -> list[PredictionLedger]:
    moment = timezone.now() - datetime.timedelta(days=days)
    answers = answers_of(version, facts_of(ids, moment), moment)
    return [
        PredictionLedger(
            kind=Kind.CHURN, customer_id=pk, day=moment.astimezone(datetime.UTC).date(), version=version.pk,
            score=answer["risk"], label=PredictionLedger.AFTERWARDS,
        )
        for pk, answer in answers.items()
    ]  # fmt: skip
