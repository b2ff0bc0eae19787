"""Taking the best of a score matrix, and judging a list."""

import numpy as np
import pytest
import scipy.sparse as sp

from insights.ml.ranking import (
    MOST_OF_A_CATEGORY,
    best_columns,
    list_metrics,
    mean_intervals,
    variety,
    within_caps,
)


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


def test_lists_that_are_all_right_are_no_certainty():
    found = mean_intervals({"hit": np.ones(40), "missed": np.zeros(40)})
    assert found["hit"] == pytest.approx([0.9124, 1.0], abs=1e-4)
    assert found["missed"] == pytest.approx([0.0, 0.0876], abs=1e-4)


def test_a_category_takes_half_a_list_while_there_is_anything_else():
    # Columns 0-9 are of one category and best, 10-13 of another, 14 and 15 of none.
    groups = np.array([0] * 10 + [1] * 4 + [-1] * 2)
    scores = np.arange(16, 0, -1.0)[None, :].repeat(2, axis=0)
    scores[1, 10:] = -np.inf
    top = within_caps(best_columns(scores, 30), scores, groups, 10)
    assert MOST_OF_A_CATEGORY == 5
    assert top[0].tolist() == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]
    assert top[1].tolist() == list(range(10))


def test_products_of_no_category_are_never_held_back():
    scores = np.arange(20, 0, -1.0)[None, :]
    top = within_caps(best_columns(scores, 20), scores, np.full(20, -1), 10)
    assert top[0].tolist() == list(range(10))


def test_coverage_counts_products_and_novelty_how_few_own_them():
    coverage, novelty = variety(np.array([[0, 1], [0, 2]]), np.array([8, 4, 1, 0]), customers=8)
    assert coverage == 3 / 4
    assert novelty.tolist() == [0.5, 1.5]
