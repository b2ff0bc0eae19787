"""Where customers stand: said of each alone as of all, and enough to find the nearest without any of this code."""

import numpy as np

from insights.ml.behaviour import BEHAVIOUR
from insights.ml.clusters import fit_clusters
from insights.ml.likeness import NEAR_CELLS, UNIT, Likeness
from insights.ml.segments_rfm import SEGMENTS, Rfm
from tests.ml.test_segments_mean_the_same_next_month import kinds


def company(size=150):
    frame = kinds(5, size)
    frame["spend_all"] = frame["orders_all"] * frame["order_value"]
    frame["returned_share"] = 0.0
    frame["first_sale_days"] = frame["recency_days"] + 10 * frame["orders_all"]
    return frame


def learnt(frame):
    rfm = Rfm.fit(frame)
    clusters = fit_clusters(frame, k=3)
    return rfm, clusters, Likeness.fit(frame, rfm, clusters)


def test_one_customer_alone_stands_where_they_stand_among_all():
    frame = company()
    rfm, clusters, likeness = learnt(frame)
    names = rfm.assign(frame)["segment"]
    everyone = likeness.tell(frame, names, clusters)
    for i in (0, 200, 449):
        alone = likeness.tell(frame.iloc[[i]], names.iloc[[i]], clusters)
        assert alone == [everyone[i]]


def test_the_next_group_is_the_nearest_of_the_others():
    frame = company()
    rfm, clusters, likeness = learnt(frame)
    names = rfm.assign(frame)["segment"]
    mine = clusters.assign(frame)
    for one, number, name in zip(likeness.tell(frame, names, clusters), mine, names, strict=True):
        assert one["next_cluster"] != number and one["next_cluster"] in clusters.numbers
        assert one["next_segment"] != name and one["next_segment"] in SEGMENTS
        assert one["segment_distance"] > 0


def test_the_cells_nearby_hold_the_nearest_customers():
    frame = company()
    rfm, clusters, likeness = learnt(frame)
    told = likeness.tell(frame, rfm.assign(frame)["segment"], clusters)
    x = likeness.space.standardised(frame)
    own = np.array([one["cells"][0] for one in told])
    found = 0
    for i in range(0, len(frame), 15):
        order = np.argsort(((x - x[i]) ** 2).sum(axis=1))
        nearest = [j for j in order if j != i][:5]
        found += np.isin(own[nearest], told[i]["cells"]).sum()
    assert found >= 0.9 * 5 * len(range(0, len(frame), 15))
    assert all(len(one["cells"]) <= NEAR_CELLS for one in told)


def test_sides_are_hundredths_of_a_standard_deviation_and_none_where_not_used():
    frame = company()
    rfm, clusters, likeness = learnt(frame)
    told = likeness.tell(frame, rfm.assign(frame)["segment"], clusters)
    x = likeness.space.standardised(frame)
    for name, value in zip(BEHAVIOUR, told[7]["sides"], strict=True):
        if name in likeness.space.names:
            assert abs(value / UNIT - x[7, likeness.space.names.index(name)]) <= 0.006
        else:
            assert value is None


def test_what_was_learnt_comes_back_from_its_state():
    frame = company()
    rfm, clusters, likeness = learnt(frame)
    again = Likeness.from_state(*likeness.state())
    names = rfm.assign(frame)["segment"]
    assert again.tell(frame, names, clusters) == likeness.tell(frame, names, clusters)
