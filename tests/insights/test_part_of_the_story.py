"""The pages say whether the network over whole stories took part, where it does not win, and how groups were found."""

import pytest
from django.utils import translation

from insights.comparisons import comparison
from insights.models import Kind
from insights.story_part import how_grouped, part_of_letters
from tests.insights.told import churn_summary, judged, segments_summary

FEW = {
    "takes": False, "customers": 300, "events": 4_000, "customers_needed": 5_000, "events_needed": 50_000,
}  # fmt: skip
MANY = FEW | {"customers": 6_000, "events": 60_000}


def noted(stories, *more):
    summary = churn_summary()
    summary["windows"] = summary["windows"] | {"stories": stories}
    summary["candidates"] = [*summary["candidates"], *more]
    return comparison(Kind.CHURN, summary)


def test_a_small_company_is_told_from_when_on_it_takes_part():
    note = noted(FEW).note
    assert "takes part from 5,000 customers and 50,000 orders, visits and conversations on" in note
    assert "there are 300 and 4,000" in note


def test_what_was_not_counted_is_not_told_as_none():
    assert noted(FEW | {"events": 0}).note.endswith("there are 300 customers.")


def test_a_company_with_more_than_can_be_read_is_told_so():
    assert "would take hours to read" in noted(MANY).note


def test_where_it_took_part_its_row_stands_in_the_table_and_the_note_says_that_it_lost():
    story = judged("story", roc_auc=0.8, log_loss=0.5)
    told = noted(MANY | {"takes": True}, story)
    assert "Neural network over the whole story (Keras)" in [row.label for row in told.rows]
    assert "took part and did not win" in told.note and "0.500 against" in told.note


def test_trainings_of_before_say_nothing_of_it():
    assert "whole stories" not in comparison(Kind.CHURN, churn_summary()).note


def compared(by, story, behaviour):
    summary = segments_summary(grouped_by=by)
    figures = {"kmeans": behaviour, "kmeans_story": story}
    for name, (silhouette, stability) in figures.items():
        one = judged(name, spend_explained=0.2, silhouette=silhouette, stability=stability)
        kept = [c for c in summary["candidates"] if c["name"] != name]
        summary["candidates"] = [*kept, one]
    return summary


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("kmeans", "Found in figures of behaviour (silhouette 0.20, stability 0.90)"),
        ("kmeans_story", "Found in the network’s reading of whole stories (silhouette 0.40, stability 0.95)"),
    ],
)  # fmt: skip
def test_the_segments_page_says_what_the_groups_were_found_in(by, said):
    assert said in how_grouped(compared(by, (0.4, 0.95), (0.2, 0.9)))
    with translation.override("zh-hans"):
        assert "0.40" in how_grouped(compared(by, (0.4, 0.95), (0.2, 0.9)))


def test_where_one_way_was_tried_nothing_is_compared():
    assert how_grouped(segments_summary(grouped_by="kmeans")) == ""


def test_the_table_of_segments_shows_how_groups_hold_together():
    told = comparison(Kind.SEGMENTS, compared("kmeans", (0.4, 0.95), (0.2, 0.9)))
    assert {str(one.label) for one in told.metrics} >= {"Silhouette", "Stability"}


LETTERS = {"takes": False, "messages": 240, "least": 5_000, "most": 12_000}


def test_a_page_of_messages_says_why_the_network_on_letters_was_left_out():
    said = part_of_letters({"windows": {"letters": LETTERS}})
    assert "where 5,000 to 12,000 messages teach" in said and said.endswith("there are 240.")
    with translation.override("zh-hans"):
        assert "240 条" in part_of_letters({"windows": {"letters": LETTERS}})


def test_where_it_took_part_or_nothing_is_known_of_it_nothing_is_said():
    assert part_of_letters({"windows": {"letters": LETTERS | {"takes": True}}}) == ""
    assert part_of_letters(churn_summary()) == ""
