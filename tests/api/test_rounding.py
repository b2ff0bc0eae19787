"""Fractions are shown without the noise of adding them up."""

from customers.api.rounding import rounded
from customers.models import CustomerScore, ScoreReasons
from tests.tokens import api_of


def test_everything_within_is_rounded():
    assert rounded({"a": [0.1 + 0.2, -1e-17, None, True, 7, "0.1"]}) == {
        "a": [0.3, 0.0, None, True, 7, "0.1"]
    }


def test_scores_and_reasons_are_shown_so(owner, customer):
    CustomerScore.objects.create(customer=customer, churn_risk=0.1 + 0.2)
    reasons = [{"code": "silent", "facts": {"days": 0.1 + 0.7}, "points": 0.1 + 0.2}]
    ScoreReasons.objects.create(customer=customer, churn={"base": 1.1 + 2.2, "reasons": reasons})
    told = api_of(owner).get(f"/api/v1/customers/{customer.pk}/scores/").json()
    assert (told["churn_risk"], told["churn_base"]) == (0.3, 3.3)
    [reason] = told["churn_reasons"]
    assert (reason["points"], reason["facts"]) == (0.3, {"days": 0.8})
    [row] = api_of(owner).get("/api/v1/reasons/").json()["results"]
    assert (row["churn_risk"], row["base"], row["reasons"][0]["points"]) == (0.3, 3.3, 0.3)
