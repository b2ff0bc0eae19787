"""Topics of both languages, the same from run to run; what rises is found, and quiet is quiet."""

from dataclasses import replace

import numpy as np
import pytest

from insights.ml.voice import topics as learnt
from insights.ml.voice.effects import Compared, People
from insights.ml.voice.hearing import hear
from insights.ml.voice.naming_topics import names, typical, usual_lengths
from insights.ml.voice.phrases import is_chinese, phrases
from insights.ml.voice.rising import rises, season
from insights.ml.voice.topics import Corpus, Topics
from insights.ml.voice.wordings import wordings
from tests.ml.voice.talk import MATTERS, planted, talk, together


@pytest.fixture(scope="module")
def said():
    return talk(900, 400)


@pytest.fixture(scope="module")
def found(said):
    return learnt.fit(said)


def matter_of(one):
    return next(term[1:] for term in one if term[1:] in MATTERS)


def test_words_pairs_and_codes_without_names_and_numbers():
    text = "dear anna, the parcel 4711 with beans arrived late"
    found = phrases(text, [(5, 9)], ["late_delivery", ""])
    assert {"#late_delivery", "parcel", "beans arrived", "arrived late"} <= found
    assert not {"anna", "4711", "parcel beans"} & found
    assert {"物流", "发票税号"} <= phrases("物流慢，发票税号不对")


def test_each_matter_is_one_topic_in_both_languages(said, found):
    numbers, _ = learnt.assign(found, said.terms)
    assert len(found.vectors) >= len(MATTERS)
    assert (numbers > 0).mean() > 0.9
    pure = [
        max(np.unique([matter_of(said.terms[i]) for i in np.flatnonzero(numbers == n)], return_counts=True)[1])
        / (numbers == n).sum()
        for n in found.vectors
    ]  # fmt: skip
    assert min(pure) > 0.8
    both = 0
    for number in found.vectors:
        inside = [said.terms[i] for i in np.flatnonzero(numbers == number)]
        chinese = [any(is_chinese(term) for term in one) for one in inside]
        both += 0.2 < np.mean(chinese) < 0.6
    assert both >= len(MATTERS)


def test_the_same_messages_give_the_same_topics(said, found):
    assert learnt.fit(said) == found


def test_a_topic_keeps_its_number_in_the_next_run(said, found):
    more = together(said, talk(120, 30, seed=5, first=50_000))
    after = learnt.fit(more, found)
    assert set(after.vectors) == set(found.vectors)
    before, now = (learnt.assign(t, said.terms)[0] for t in (found, after))
    assert (before == now).mean() > 0.95


def test_a_kept_topic_goes_on_although_nobody_speaks_of_it(said, found):
    [number] = [n for n, v in found.vectors.items() if "#invoice" in v][:1]
    silent = said.only(np.flatnonzero([("#invoice" not in t) for t in said.terms]))
    assert number in learnt.fit(silent, found, kept=[number]).vectors
    gone = learnt.fit(silent, found)
    assert number not in gone.vectors
    assert gone.last_number >= found.last_number


def test_topics_come_back_from_json(found):
    import json

    assert Topics.of(json.loads(json.dumps(found.plain()))) == found


def test_names_are_phrases_of_each_script_that_set_the_topic_apart(said, found):
    numbers, _ = learnt.assign(found, said.terms)
    called = names(said, numbers)
    [number] = [n for n, v in found.vectors.items() if "#invoice" in v][:1]
    assert any("invoice" in part or "tax" in part for part in called[number]["en"])
    assert any("发票" in part or "税号" in part for part in called[number]["zh"])
    assert not any("#" in part for parts in called[number].values() for part in parts)


def test_wordings_are_whole_and_begin_and_end_with_a_word_that_tells():
    found = wordings(
        "order 4711 arrived 3 days late, far past the promised date. not working", [(6, 10)]
    )
    assert {"past the promised date", "promised date", "not working"} <= found
    assert not any(one.startswith("the ") or one.endswith(" the") or "4711" in one for one in found)
    chinese = wordings("物流太慢，晚了 6 天才送到，没人接电话")
    assert "物流太慢" in chinese and not any("天才" in one for one in chinese)


def test_no_wording_is_cut_out_of_its_negation():
    assert not {"失望", "失望过"} & wordings("买了一年，从没失望过")
    assert "失望" not in wordings("从来没有失望过") | wordings("绝对不会让人失望")
    assert "disappointed" not in wordings("i have never been disappointed by this shop")
    assert "失望" in wordings("我很失望")


def test_no_wording_breaks_off_inside_a_word():
    found = wordings("能不能固定一个送货日？")
    assert "固定一个送货日" in found
    assert not any(one.startswith("不能") or one.endswith("送货") for one in found)
    assert "不能固定时间" in wordings("你们不能固定时间")


def test_a_name_prefers_phrases_and_says_nothing_twice():
    texts = [
        "good morning, the parcel arrived late again",
        "good morning, it arrived late, once more",
    ] * 60
    others = [
        "good morning, lovely beans from the roaster",
        "the beans taste of nothing at all",
    ] * 60
    terms = [wordings(text) for text in (*texts, *others)]
    n = len(terms)
    corpus = Corpus(np.arange(n), np.arange(1, n + 1), np.zeros(n), np.full(n, 40), terms)
    name = names(corpus, np.repeat([1, 2], n // 2))[1]["en"]
    assert "arrived late" in name[0] and "morning" not in " ".join(name)
    words = " ".join(name).split()
    assert len(words) == len(set(words))


def called(texts, negative, others=("the beans taste of nothing at all",), script="en"):
    """The names of the first topic, of messages that are said 60 times each."""
    terms = [wordings(text) for text in [*texts * 60, *[*others] * 60]]
    n, own = len(terms), 60 * len(texts)
    corpus = Corpus(np.arange(n), np.arange(1, n + 1), np.zeros(n), np.full(n, 40), terms)
    moods = np.array([*negative * 60, *[False] * (n - own)])
    return names(corpus, np.repeat([1, 2], [own, n - own]), moods)[1][script]


def test_a_name_is_of_the_mood_of_its_topic():
    texts = ["worth every cent", "the price is fair", "became quite expensive"]
    assert called(texts, [False, False, False])[0] in ("worth every cent", "quite expensive")
    assert called(texts, [False, True, True]) and "worth" not in " ".join(
        called(texts, [False, True, True])
    )
    mixed = ["worth every cent, the price", "worth every cent", "expensive price"]
    assert called(mixed, [False, False, True]) == ["price"]


def test_a_name_of_praise_does_not_blame_nor_one_of_blame_praise():
    texts = ["disappointed before, now regular deliveries", "regular deliveries, lovely coffee"]
    assert "disappointed" not in " ".join(called(texts, [False, False]))
    assert "lovely" not in " ".join(called(texts, [True, True]))
    zh = called(["从没失望过，送货及时", "送货及时"], [False, False], ("豆子没味道",), "zh")
    assert zh and "失望" not in "".join(zh)


def test_a_name_begins_with_a_not_where_the_topic_is_negative():
    texts = ["never a reply", "delivery was quick"]
    assert called(texts, [False, False]) == ["delivery was quick"]
    assert "never a reply" in called(texts, [True, True])


def test_messages_that_share_a_name_alone_are_no_new_matter(said, found):
    new = planted(16, 3)
    codes = ["#praise", "#damaged", "#price", "#question"]
    mixed = [
        frozenset({*(t for t in one if t[0] != "#"), codes[i // 2 % 4]})
        for i, one in enumerate(new.terms)
    ]
    assert hear(together(said, replace(new, terms=mixed)), found, 0.0).fresh == []
    untold = [frozenset(t for t in one if t[0] != "#") for one in new.terms]
    assert hear(together(said, replace(new, terms=untold)), found, 0.0).fresh


def test_a_topic_that_triples_does_not_raise_what_is_expected_of_itself():
    counts = np.full((1, 60), 10.0)
    counts[0, :4] = 30
    totals = counts[0] + 10
    among_all, among_others = rises(counts, totals, 4)[0], rises(counts, totals - counts, 4)[0]
    assert among_others.expected == pytest.approx(40, rel=0.02) and among_all.expected > 70
    assert among_others.p < among_all.p


def test_what_one_customer_alone_says_is_in_no_name(said, found):
    once = set(np.flatnonzero([("#invoice" in t) for t in said.terms]).tolist())
    terms = [t | {"secret"} if i in once else t for i, t in enumerate(said.terms)]
    customers = np.array([7 if i in once else c for i, c in enumerate(said.customers)])
    numbers, _ = learnt.assign(found, terms)
    whose = names(replace(said, terms=terms, customers=customers), numbers)
    assert "secret" not in str(whose)
    assert "secret" in str(names(replace(said, terms=terms), numbers))


def test_a_typical_message_is_near_the_middle_and_of_usual_length(said, found):
    numbers, closeness = learnt.assign(found, said.terms)
    fair = typical(said, closeness, usual_lengths(said))
    longer = replace(said, lengths=said.lengths * 20)
    assert (typical(longer, closeness, usual_lengths(said)) < fair + (fair == 0)).all()
    assert fair.max() <= 1


def test_a_new_matter_is_found_in_its_first_days_in_both_languages(said, found):
    heard = hear(together(said, planted(16, 3)), found, 0.0)
    assert len(heard.fresh) == 1
    called = names(together(said, planted(16, 3)), heard.numbers)[heard.fresh[0]]
    assert any("lid" in part or "steam" in part for part in called["en"])
    assert any("蒸汽" in part or "水壶" in part for part in called["zh"])
    again = hear(together(said, planted(16, 3)), heard.topics, 0.0)
    assert again.fresh == [] and heard.fresh[0] in again.rises


def test_a_known_topic_that_doubles_and_more_is_found(said, found):
    [number] = [n for n, v in found.vectors.items() if "#price" in v][:1]
    price = talk(240, 7, seed=3, first=90_000)
    price = price.only(np.flatnonzero(["#price" in t for t in price.terms]))
    heard = hear(together(said, price), found, 0.0)
    rise = heard.rises[number]
    assert rise.low > 1 and rise.low < rise.ratio < rise.high
    assert heard.fresh == []


@pytest.mark.parametrize(("code", "seed"), [("price", 0), ("late_delivery", 1)])
def test_a_known_topic_that_triples_is_found_within_the_week_and_no_other_with_it(
    found, code, seed
):
    """Twenty messages a week of each matter; from one day on three times as many of one."""
    usual = talk(120 * 60, 420, seed=300 + seed)
    [number] = [n for n, v in found.vectors.items() if f"#{code}" in v][:1]
    more = talk(2 * 120, 7, seed=400 + seed, first=90_000)
    more = more.only(np.flatnonzero([f"#{code}" in t for t in more.terms]))
    whole = together(usual, more)
    risen = {}
    for day in (-7.0, -3.0, 0.0):
        then = whole.only(np.flatnonzero(whole.days <= day))
        risen[day] = hear(then, found, day)
    assert not risen[-7.0].rises
    assert all(set(heard.rises) <= {number} and not heard.fresh for heard in risen.values())
    rise = risen[0.0].rises[number]
    assert rise.weeks == 1 and rise.low > 1.5 and 2 < rise.ratio < 4


@pytest.mark.parametrize("seed", range(5))
def test_ten_quiet_months_raise_no_alarm(found, seed):
    quiet = talk(900, 400, seed=100 + seed)
    for day in range(-300, 1, 10):
        then = quiet.only(np.flatnonzero(quiet.days <= day))
        heard = hear(then, found, float(day))
        assert not heard.rises, (day, heard.rises)


def test_what_comes_back_every_year_is_no_alarm(found):
    two_years = talk(1800, 750, seed=8)
    peaks = [
        replace(p, days=p.days - back)
        for back, seed in ((0, 21), (364, 22))
        for p in [talk(240, 14, seed=seed, first=200_000 + 1000 * back)]
    ]
    price = [p.only(np.flatnonzero(["#price" in t for t in p.terms])) for p in peaks]
    this_year_only = hear(together(two_years, price[0]), found, 0.0)
    as_every_year = hear(together(together(two_years, price[0]), price[1]), found, 0.0)
    assert this_year_only.rises and not as_every_year.rises


def test_a_season_raises_what_is_expected_and_nothing_lowers_it():
    flat = np.full((1, 110), 10.0)
    peak, dip = flat.copy(), flat.copy()
    peak[0, 50:55], dip[0, 50:55] = 60, 0
    among, rate = np.full((1, 110), 100), np.array([0.1])
    factors = [float(season(counts, among, rate, 1)[0]) for counts in (flat, peak, dip)]
    assert factors[0] == factors[2] == 1.0 and factors[1] > 3


def test_a_busy_week_of_last_year_is_expected_again_though_the_weeks_around_it_were_quiet():
    counts = np.full((1, 110), 10.0)
    counts[0, 53] = 60
    assert float(season(counts, np.full((1, 110), 100), np.array([0.1]), 1)[0]) > 3


def test_a_week_in_which_one_country_writes_more_brings_no_new_matter(said, found):
    busy = talk(900, 7, seed=7, first=90_000)
    busy = busy.only(np.flatnonzero([any(map(is_chinese, one)) for one in busy.terms]))
    assert len(busy) > 200
    assert hear(together(said, busy), found, 0.0).fresh == []


@pytest.mark.parametrize("greeting", [{"good", "morning", "good morning"}, {"下单", "下单前想"}])
def test_a_greeting_is_no_matter(said, found, greeting):
    greeted = planted(16, 3)
    bare = [frozenset({*(t for t in one if t[0] == "#"), *greeting}) for one in greeted.terms]
    assert hear(together(said, replace(greeted, terms=bare)), found, 0.0).fresh == []


def test_few_messages_tell_nothing():
    assert learnt.fit(talk(50, 100)).vectors == {}
    assert learnt.assign(Topics({}, {}), [frozenset("ab")])[0].tolist() == [0]


def people(n=4000, **fields):
    rng = np.random.default_rng(1)
    told = {
        "recency": rng.uniform(0, 365, n), "frequency": rng.integers(1, 9, n).astype(float),
        "spent_before": rng.gamma(2, 50, n), "left": rng.random(n) < 0.3, "spent": rng.gamma(2, 20, n),
        "groups": np.zeros(n, dtype=int),
    }  # fmt: skip
    return People(**told | fields), rng


def difference(rows, name):
    """Over all groups, with its 95 % interval."""
    customers = sum(one.customers for one in rows)
    mine, others, variance = (sum(getattr(one, name)[at] for one in rows) for at in range(3))
    middle, error = (mine - others) / customers, 1.96 * variance**0.5 / customers
    return middle - error, middle + error


def test_an_effect_is_found():
    some, rng = people()
    spoke = rng.random(4000) < 0.2
    more = some.left | (spoke & (rng.random(4000) < 0.4))
    low, high = difference(Compared(people(left=more)[0]).of(spoke), "left")
    assert 0.05 < low < 0.28 < high


def test_money_is_levelled_by_what_was_spent_before():
    """Those who speak of it are the large customers: they spend more, and did before."""
    some, rng = people()
    large = some.spent_before > np.median(some.spent_before)
    spoke = rng.random(4000) < 0.05 + 0.2 * large
    usual = some.spent_before * 0.4 + rng.normal(0, 10, 4000).clip(-30, 30)
    assert usual[spoke].mean() - usual[~spoke].mean() > 10
    low, high = difference(Compared(people(spent=usual)[0]).of(spoke), "spent")
    assert low < 0 < high
    low, high = difference(Compared(people(spent=usual - 8 * spoke)[0]).of(spoke), "spent")
    assert low < -8 < high < 0


def test_what_recency_explains_is_no_effect_and_chance_is_one_as_rarely_as_the_interval_says():
    """Who has been silent for long speaks of it more often, leaves more often and spends less, all by itself."""
    within, times, naive = {"left": 0, "spent": 0}, 200, []
    for seed in range(times):
        rng = np.random.default_rng(seed)
        n = 600
        recency = rng.uniform(0, 365, n)
        silent = recency > np.median(recency)
        left = rng.random(n) < 0.2 + 0.5 * silent
        spoke = rng.random(n) < 0.05 + 0.15 * silent
        some = People(
            recency, rng.integers(1, 9, n).astype(float), rng.gamma(1, 80, n), left,
            rng.gamma(0.5, 60, n) * ~left, rng.integers(0, 3, n),
        )  # fmt: skip
        naive.append(left[spoke].mean() - left[~spoke].mean())
        rows = Compared(some).of(spoke)
        for name in within:
            low, high = difference(rows, name)
            within[name] += low <= 0 <= high
    assert np.mean(naive) > 0.1
    assert all(held / times >= 0.91 for held in within.values()), within


def test_groups_are_compared_among_themselves_and_sum_to_all():
    some, rng = people(groups=np.arange(4000) % 2)
    spoke = (rng.random(4000) < 0.2) & ((some.groups == 0) | (np.arange(4000) < 400))
    rows = Compared(some).of(spoke)
    assert [one.group for one in rows] == [0, 1]
    assert sum(one.customers for one in rows) == spoke.sum()
    assert Compared(some).of(np.zeros(4000, dtype=bool)) == []
