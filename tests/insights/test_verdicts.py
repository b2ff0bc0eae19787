"""What the learners really write can be told: each summary becomes a sentence, figures and a comparison."""

import json
import re

import numpy as np
import pytest
from django.utils import translation

from customers.wording import spaced
from insights.comparisons import calibration_chart, comparison, main_figure
from insights.ml import churn, products, segments
from insights.ml.evaluation import Judged, grade
from insights.more_data import more_data
from insights.training import plain
from insights.verdicts import base_rate_sentence, in_the_top_tenth, verdict_of
from tests.insights.told import churn_summary, sentiment_summary
from tests.ml import companies, shops
from tests.ml.test_segments_are_judged import anybody_anytime, regulars_and_passers_by


def summary_of(module, tables, now, **params) -> dict:
    data = module.inputs(tables, now, params)
    result = module.evaluate(data, module.candidates(params), shops.quiet)
    return json.loads(json.dumps(plain(result.summary), allow_nan=False))


@pytest.fixture(scope="module")
def summaries():
    quick = {"horizon_days": 60, "candidates": ["logistic"]}
    return {
        "churn": summary_of(churn, companies.leavers(300), companies.NOW, **quick),
        "products": summary_of(products, shops.shop(shops.two_worlds()), shops.NOW),
        "segments": summary_of(segments, shops.shop(regulars_and_passers_by()), shops.NOW),
    }


@pytest.mark.parametrize("kind", ["churn", "products", "segments"])
def test_a_real_judgement_reads_as_a_sentence_with_four_figures(db, summaries, kind):
    verdict = verdict_of(kind, summaries[kind])
    assert verdict.word and verdict.grade in "ABC"
    shares = [int(number) for number in re.findall(r"\b\d+\b", verdict.sentence)]
    assert all(0 < number <= 100 for number in shares), verdict.sentence
    assert "later than all it had learnt from" in verdict.tested
    assert len(verdict.figures) == 4
    for figure in verdict.figures:
        assert figure.label and figure.value not in ("", "–"), figure
    assert main_figure(kind, summaries[kind])


@pytest.mark.parametrize("kind", ["churn", "products"])
def test_every_real_candidate_is_compared_in_every_column_under_a_name_for_people(
    db, summaries, kind
):
    table = comparison(kind, summaries[kind])
    assert sum(row.is_rule for row in table.rows) == 1
    assert sum(row.is_champion for row in table.rows) == 1
    for row in table.rows:
        assert row.label != row.name  # a name for people, not the code
        # Coverage is a count over all lists together: no customer has one of their own.
        told = [cell for cell in row.cells if cell.label != "Coverage@10"]
        assert all(cell.value != "–" for cell in row.cells), row
        assert all(cell.interval for cell in told), row
    for column in range(len(table.metrics)):
        assert any(row.cells[column].best for row in table.rows)
    assert table.note


def test_groups_are_compared_with_one_another_and_the_names_stand_beside_them(db, summaries):
    table = comparison("segments", summaries["segments"])
    names, *found = table.rows
    assert names.is_rule and names.note
    assert found and all(cell.value != "–" for row in found for cell in row.cells)
    assert sum(row.is_champion for row in table.rows) == 1


def test_recommenders_are_told_by_both_windows_and_by_how_varied_their_lists_are(db, summaries):
    table = comparison("products", summaries["products"])
    assert [str(metric.label) for metric in table.metrics] == [
        "NDCG@10, earlier window", "NDCG@10", "Hit rate@10", "Recall@10", "Coverage@10", "Novelty@10",
    ]  # fmt: skip
    chosen = next(row for row in table.rows if row.is_champion)
    assert chosen.cells[0].best  # that is the window it was chosen on


def test_what_was_said_is_drawn_against_what_happened(summaries):
    points = calibration_chart(summaries["churn"])["points"]
    assert len(points) == 10
    assert all(0 <= share <= 100 for point in points for share in point)
    assert calibration_chart(summaries["segments"]) is None


def bins_of(off: float, people: int = 400) -> list[dict]:
    """Ten groups, the sixth off by so much and the others of the middle by a little less."""
    offs = [0, 0, 0, 0.9 * off, 0.9 * off, off, 0.9 * off, 0.9 * off, 0, 0]
    said = [0.05 + i / 10 for i in range(10)]
    return [{"n": people, "predicted": p, "actual": p - d} for p, d in zip(said, offs, strict=True)]


def test_percentages_that_cannot_be_taken_at_their_word_are_said_to_be_rough(db):
    rough = verdict_of("churn", churn_summary() | {"calibration": bins_of(0.24)})
    assert "Its percentages are rough: where it said 55%, 31% left." in rough.sentence
    for bins in (bins_of(0.02), bins_of(0.09, people=30)):  # exact, or within chance
        assert "rough" not in verdict_of("churn", churn_summary() | {"calibration": bins}).sentence


@pytest.mark.parametrize(
    ("gain", "off", "letter"),
    [(0.2, 0.0, "A"), (0.2, 0.15, "B"), (0.05, 0.0, "B"), (0.05, 0.15, "C"), (0.01, 0.15, "C")],
)
def test_rough_percentages_cost_a_letter(gain, off, letter):
    rule, champion = (
        Judged(name, {}, {}, losses=np.full(50, loss), seconds=0.0)
        for name, loss in (("recency", 1.0), ("forest", 1 - gain))
    )
    assert grade(champion, rule, True, bins_of(off)) == letter
    assert grade(champion, rule, False, bins_of(off)) == "D"


def test_a_label_without_a_date_says_how_it_was_tested(db):
    params = {"label_attribute": "left", "positive": "yes", "candidates": ["logistic"]}
    summary = summary_of(churn, companies.labelled(400), companies.NOW, **params)
    assert (
        "in five parts, each judged by a model that had not seen it"
        in verdict_of("churn", summary).tested
    )


@pytest.mark.parametrize("kind, make", [
    ("products", lambda: summary_of(products, shops.shop(shops.no_pattern()), shops.NOW)),
    ("churn", lambda: summary_of(
        churn, companies.without_memory(300), companies.NOW, horizon_days=60, candidates=["logistic"])),
])  # fmt: skip
def test_no_better_than_the_rule_is_said_in_so_many_words(db, kind, make):
    summary = make()
    verdict = verdict_of(kind, summary)
    assert verdict.word == "Not better than the rule" and verdict.is_low
    assert "That is no sure gain, so it is not used." in verdict.sentence
    assert comparison(kind, summary).note.startswith("None of them beats the plain rule")
    told = "What customers usually buy again is shown all the same"
    assert (told in verdict.sentence) == (kind == "products")


def test_segments_that_foretell_nothing_are_not_praised(db):
    summary = summary_of(segments, shops.shop(anybody_anytime()), shops.NOW)
    verdict = verdict_of("segments", summary)
    assert verdict.grade == "D" and verdict.word == "Says nothing sure"
    assert "Use the segments to describe, not to foretell." in verdict.sentence


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        (
            {"learnt": [0.43, 0.5, 0.47], "judged": 0.43, "said": 0.49},
            "How many leave moves with the seasons: 43% to 50% in the periods learnt from, 43% in the one it was"
            " tested on. On average it said 49% there: its percentages were 6.0 points too high.",
        ),
        (
            {"learnt": [0.43, 0.5], "judged": 0.55, "said": 0.5},
            "On average it said 50% there: its percentages were 5.0 points too low.",
        ),
        (
            {"learnt": [0.4], "judged": 0.41, "said": 0.4},
            "Of those in the periods learnt from, 40% left; in the one it was tested on, 41%. On average it said 40%"
            " there, so its percentages can be taken as they are.",
        ),
        ({}, ""),
    ],
)
def test_how_far_the_base_rate_moved_is_told(rates, words):
    assert words in base_rate_sentence(churn_summary() | {"base_rates": rates})


def curve_of(more, learner="logistic"):
    losses = zip((250, 500, 1000, 2000), (0.45, 0.44, 0.42, 0.40), strict=True)
    points = [
        {"customers": n, "log_loss": loss, "interval": [loss - 0.02, loss + 0.02]}
        for n, loss in losses
    ]
    gain = {"interval": [0.01, 0.03], "log_loss": 0.02}  # in the order PostgreSQL gives it back
    return {"learner": learner, "points": points, "gain": gain, "more": more}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("flat", "More customers would hardly help any more: with 1,000 of the 2,000 it was as good."),
        ("helps", "It is still getting better with more customers: from 1,000 to 2,000 its error fell by 4.8%."),
        ("unsure", "Whether more customers would help cannot be told yet: between 1,000 and 2,000"),
    ],
)  # fmt: skip
def test_whether_more_customers_would_help_is_told(more, words):
    told = more_data(churn_summary() | {"learning_curve": curve_of(more)})
    assert told["sentence"].startswith(words)
    assert told["chart"]["learnt"] == [250, 500, 1000, 2000]


def test_of_value_the_error_of_amounts_is_told(db):
    points = [
        {"customers": n, "deviance": loss, "interval": [loss - 1, loss + 1]}
        for n, loss in ((10_000, 44.0), (20_000, 43.9))
    ]
    gain = {"deviance": 0.1, "interval": [-0.2, 0.4]}
    curve = {"learner": "tweedie", "points": points, "gain": gain, "more": "flat"}
    summary = {"champion": "blend", "learning_curve": curve, "windows": {"sampled": True}}
    told = more_data(summary, "value")
    assert told["sentence"].startswith("More customers would hardly help any more: with 10,000 of")
    assert "That is why it learns from some" in told["sentence"]
    assert (
        "Measured with: Gradient boosting (Tweedie)." in told["sentence"]
        and "Up: deviance" in told["sentence"]
    )
    assert told["chart"]["value"] == [44.0, 43.9]
    assert told["chart"]["words"]["value"] == "Deviance"
    assert [row["learnt"] for row in told["rows"]] == ["10,000", "20,000"]


def test_of_products_the_quality_of_the_lists_is_told():
    points = [
        {"customers": n, "ndcg_at_10": value, "interval": [value - 0.01, value + 0.01]}
        for n, value in ((750, 0.2), (1_500, 0.21))
    ]
    gain = {"interval": [0.005, 0.015], "ndcg_at_10": 0.01}
    curve = {"learner": "knn_ease", "points": points, "gain": gain, "more": "helps"}
    summary = {"champion": "blend", "learning_curve": curve, "windows": {}}
    told = more_data(summary, "products")
    assert told["sentence"].startswith(
        "It is still getting better with more customers: from 750 to 1,500 its lists became 5.0% better."
    )
    assert "Up: NDCG@10, where higher is better." in told["sentence"]
    assert "Measured with: Neighbours and EASE." in told["sentence"]
    assert told["chart"]["words"]["value"] == "NDCG@10" and told["chart"]["value"] == [0.2, 0.21]


@pytest.mark.parametrize("kind", ["churn", "value", "products"])
def test_too_few_customers_are_told_so_without_a_chart(kind):
    curve = {"learner": "ease", "points": [], "customers": 160, "more": "too_few"}
    told = more_data({"champion": "ease", "learning_curve": curve, "windows": {}}, kind)
    assert told["sentence"].startswith("Too few customers to tell: with half of the 160")
    assert "chart" not in told


def test_why_a_sample_is_enough_and_which_part_of_a_blend_was_measured_is_told():
    summary = churn_summary(champion="blend") | {"learning_curve": curve_of("flat", "ebm")}
    summary["windows"]["sampled"] = True
    sentence = more_data(summary)["sentence"]
    assert "That is why it learns from some, drawn at random, and not from everybody." in sentence
    assert "Measured with one part of the blend: Explainable boosting machine." in sentence
    assert more_data(churn_summary()) == {}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("flat", "More messages would hardly help any more: with 1,000 of the 2,000 it read as well."),
        ("helps", "It is still getting better with more messages: with 1,000 it read 81.0% right, with 2,000 84.0%."),
        ("unsure", "Whether more messages would help cannot be told yet: between 1,000 and 2,000"),
    ],
)  # fmt: skip
def test_whether_more_messages_would_help_is_told(more, words):
    points = [
        {"messages": n, "accuracy": share, "interval": [share - 0.02, share + 0.02]}
        for n, share in ((500, 0.77), (1_000, 0.81), (2_000, 0.84))
    ]
    curve = {"learner": "svm", "points": points, "gain": {"accuracy": 0.03}, "more": more}
    told = more_data(sentiment_summary() | {"learning_curve": curve}, "sentiment")
    assert told["title"] == "Would more messages help?"
    assert told["sentence"].startswith(words)
    assert "Measured with: Support vector machine on words and letters." in told["sentence"]
    assert told["rows"][-1] == {"learnt": "2,000", "value": "84.0%", "interval": "82.0%–86.0%"}
    assert told["chart"]["value"] == pytest.approx([77, 81, 84])


def test_what_chooses_is_validation_where_it_is_told(db, summaries):
    table = comparison("churn", summaries["churn"])
    assert [metric.code for metric in table.metrics if metric.judges] == ["validation_log_loss"]
    assert [m.code for m in comparison("churn", churn_summary()).metrics if m.judges] == [
        "log_loss"
    ]


def test_a_chinese_sentence_has_one_space_before_a_latin_word():
    one = {"name": "blend", "metrics": {"ndcg_at_10": 0.2}, "validation": {"ndcg_at_10": 0.2}}
    summary = {"champion": "blend", "better_than_rule": True, "candidates": [one]}
    with translation.override("zh-hans"):
        assert comparison("products", summary).note.startswith("多模型融合的 NDCG@10")
    assert spaced("按 RFM分为8类。") == "按 RFM 分为 8 类。"


def test_where_the_top_tenth_is_a_handful_its_people_are_told_and_not_a_hundred():
    facts = {"n": 239, "top_tenth": 96, "rule_top_tenth": 91, "chance": 44}
    assert in_the_top_tenth(facts, better=True) == (
        "Of the 23 customers in its top tenth, 22 really left; chance would have found 10, the plain rule 21."
    )
    assert "22 really left, of the plain rule’s 21" in in_the_top_tenth(facts, better=False)
    assert in_the_top_tenth(facts | {"n": 2_000}, better=True).startswith("Of 100 customers")
