"""A company that has too little to learn from is told what is missing: an outcome, not an error."""

from insights.models import ModelVersion, TrainingRun
from insights.requesting import request_training
from insights.running import take
from insights.training import retrain


def test_too_little_data_is_an_outcome_with_facts(customer, make_order):
    make_order(customer)
    run = request_training("churn", "button", send=False)
    assert take(run.pk)
    retrain(run)
    run.refresh_from_db()
    assert (run.status, run.outcome) == ("done", TrainingRun.Outcome.TOO_LITTLE_DATA)
    assert run.facts["code"] == "history_too_short" and run.facts["days_needed"] == 210
    assert not ModelVersion.objects.exists()
