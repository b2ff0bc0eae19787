"""Platt's correction: right on average, monotone, sane on small samples."""

import numpy as np
import pytest
from scipy.special import expit

from insights.ml.calibration import FLATTEST, Platt


def drawn(n=20_000, seed=0):
    generator = np.random.default_rng(seed)
    truth = generator.normal(-0.5, 1.2, n)
    return truth, (generator.uniform(size=n) < expit(truth)).astype(float)


def test_over_confidence_and_a_shifted_base_are_put_right():
    truth, y = drawn()
    fitted = Platt.fit(2 * truth + 1, y)
    assert fitted.slope == pytest.approx(0.5, abs=0.03)
    assert fitted.offset == pytest.approx(-0.5, abs=0.06)
    assert fitted(2 * truth + 1).mean() == pytest.approx(y.mean(), abs=0.005)


def test_what_is_right_already_is_left_alone():
    truth, y = drawn()
    fitted = Platt.fit(truth, y)
    assert fitted.slope == pytest.approx(1, abs=0.05) and fitted.offset == pytest.approx(
        0, abs=0.05
    )


def test_customers_are_never_reordered_even_by_scores_that_point_the_wrong_way():
    truth, y = drawn(500)
    fitted = Platt.fit(-truth, y)
    assert fitted.slope >= FLATTEST
    assert (np.diff(fitted(np.linspace(-5, 5, 50))) > 0).all()


def test_a_handful_of_rows_does_not_make_it_certain():
    fitted = Platt.fit(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    p = fitted(np.array([-2.0, 2.0]))
    assert 0.05 < p[0] < 0.5 < p[1] < 0.95
