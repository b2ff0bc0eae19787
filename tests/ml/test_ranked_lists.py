"""Taking the best of a score matrix, and judging a list."""

import numpy as np
import pytest
import scipy.sparse as sp

from insights.ml.ranking import best_columns, list_metrics, mean_intervals


def test_the_best_columns_come_best_first():
    scores = np.array([[1.0, 5.0, 3.0, 4.0], [9.0, 0.0, 8.0, 7.0]])
    assert best_columns(scores, 3).tolist() == [[1, 3, 2], [0, 2, 3]]


def test_equal_scores_are_taken_in_column_order_whatever_the_rest_of_the_batch():
    scores = np.zeros((3, 40))
    scores[1, 30] = 1
    assert best_columns(scores, 3).tolist() == [[0, 1, 2], [30, 0, 1], [0, 1, 2]]
    assert best_columns(scores[2:], 3).tolist() == [[0, 1, 2]]


def test_fewer_columns_than_places_give_a_shorter_list():
    assert best_columns(np.array([[1.0, 2.0]]), 10).tolist() == [[1, 0]]


def test_metrics_of_a_list_worked_out_by_hand():
    # Two of four wanted products are listed, on the first and the third place of ten.
    targets = sp.csr_matrix(([1.0] * 4, ([0] * 4, [0, 2, 20, 21])), shape=(1, 30))
    values = list_metrics(np.arange(10)[None, :], targets)
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4) + 1 / np.log2(5)
    assert values["recall_at_10"][0] == pytest.approx(0.5)
    assert values["ndcg_at_10"][0] == pytest.approx((1 + 0.5) / ideal)
    assert values["hit_rate_at_10"][0] == 1


def test_a_list_without_a_hit_scores_nothing():
    targets = sp.csr_matrix(([1.0], ([0], [15])), shape=(1, 30))
    values = list_metrics(np.arange(10)[None, :], targets)
    assert {name: value[0] for name, value in values.items()} == {
        "recall_at_10": 0, "ndcg_at_10": 0, "hit_rate_at_10": 0,
    }  # fmt: skip


def test_the_interval_of_a_mean_covers_it_and_narrows_with_more_users():
    generator = np.random.default_rng(0)
    few = mean_intervals({"x": generator.random(50)})["x"]
    many = mean_intervals({"x": generator.random(5000)})["x"]
    assert few[0] < 0.5 < few[1] and many[0] < 0.5 < many[1]
    # A hundred times the users: a tenth of the width.
    assert (many[1] - many[0]) == pytest.approx((few[1] - few[0]) / 10, rel=0.5)
