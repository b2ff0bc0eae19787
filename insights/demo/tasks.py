"""What the staff have promised: most is done, some is due today or tomorrow, some is late."""

import datetime

import numpy as np
import pandas as pd

from customers.models import Task
from insights.demo.cohort import Cohort
from insights.demo.loading import load
from insights.demo.seasons import CHINA

OPEN_PER_PERSON = 14
OUTCOMES = (
    "reached",
    "reached",
    "no_answer",
    "reached",
    "",
    "won_back",
    "reached",
    "lost",
    "other",
)
# topic of the message that led to it: what is to be done (English, Chinese), within so many days
PROMISES = {
    "late": (["Call {first} about the late delivery", "Check with logistics: {first}"], ["就延迟送货致电{first}", "向物流核实{first}的订单"], 4),
    "flaw": (["Arrange replacement for {first}", "Answer complaint by {first}"], ["为{first}安排补发", "回复{first}的投诉"], 4),
    "service": (["Correct invoice for {first}", "Call {first} back"], ["为{first}更正发票", "给{first}回电"], 4),
    "call_good": (["Send offer to {first}", "Follow up with {first}"], ["给{first}发报价", "跟进{first}"], 14),
    "call_bad": (["Prepare a plan for {first}", "Call {first} again"], ["为{first}准备改进方案", "再次致电{first}"], 7),
    "meeting_good": (["Send yearly agreement to {first}", "Send samples to {first}"], ["给{first}发全年协议", "给{first}寄样品"], 10),
    "meeting_bad": (["Send improvement plan to {first}"], ["给{first}发改进方案"], 5),
    "lead_call": (["Send samples to {first}", "Make an offer to {first}"], ["给{first}寄样品", "给{first}报价"], 7),
    "review_bad": (["Answer the review by {first}"], ["回复{first}的评价"], 5),
    "review_bad_late": (["Answer the review by {first}"], ["回复{first}的评价"], 5),
    "price": (["Check price for {first}"], ["核实{first}的价格"], 5),
}  # fmt: skip


def record_tasks(rng, founded, cohort: Cohort, who: pd.DataFrame, messages: pd.DataFrame) -> int:
    """Load the tasks that messages led to; those of the last weeks may still be open."""
    rows = promises(rng, founded, cohort, who, messages)
    if cohort.ordinals[0] == 0:
        rows = pd.concat([rows, check_ins(rng, founded, cohort, who)], ignore_index=True)
    owner, calendar = who.owner.to_numpy()[rows.who], founded.calendar
    done = np.minimum(rows.due + rng.normal(-0.3, 0.8, len(rows)), calendar.now_day - 0.01)
    done = np.maximum(done, rows.time + 0.02)
    return load(
        Task,
        {
            "customer_id": who.id.to_numpy()[rows.who],
            "title": titles(rng, rows, who.name.to_numpy()),
            "due_on": [calendar.start + datetime.timedelta(days=int(d)) for d in rows.due],
            "assignee_id": owner,
            "created_by_id": owner,
            "done_at": np.where(rows.open, np.nan, calendar.seconds(done)),
            # By turns, not drawn: whatever else is drawn stays as it is.
            "outcome": np.where(rows.open, "", np.resize(OUTCOMES, len(rows))),
            "recorded_in_id": cohort.change_set_id,
        },
    )


def promises(rng, founded, cohort: Cohort, who, messages) -> pd.DataFrame:
    owner = who.owner.to_numpy()[messages.who]
    rows = messages[(owner >= 0) & messages.topic.isin(list(PROMISES))]
    rows = rows[rng.random(len(rows)) < 0.7].reset_index(drop=True)
    days = np.array([PROMISES[t][2] for t in rows.topic], int)
    due = np.floor(rows.time.to_numpy()) + rng.integers(1, days + 1)
    rows = rows[["who", "region", "topic", "time"]].assign(due=due)
    return rows.assign(open=leave_open(rng, founded, cohort, due))


def check_ins(rng, founded, cohort: Cohort, who: pd.DataFrame) -> pd.DataFrame:
    """However small the company: something late, something for today and tomorrow for each of the staff."""
    today, rows = np.floor(founded.calendar.now_day), []
    buyers = ~(cohort.lead | who.archived.to_numpy())
    for person in founded.staff.names:
        own = np.flatnonzero(buyers & (who.owner.to_numpy() == person))
        chosen = rng.permutation(own)[:3]
        rows += [(i, cohort.region[i], today - 4, today - 1 + d) for d, i in enumerate(chosen)]
    frame = pd.DataFrame(rows, columns=["who", "region", "time", "due"])
    return frame.assign(topic="call_good", open=True)


def leave_open(rng, founded, cohort: Cohort, due) -> np.ndarray:
    """All that lie ahead and some of the last days' are open, at most a screenful for each of the staff."""
    today = np.floor(founded.calendar.now_day)
    likely = np.select([due >= today + 1, due >= today, due >= today - 9], [0.95, 0.9, 0.45], 0.0)
    wanted = OPEN_PER_PERSON * 6 * cohort.size / founded.size
    chosen = rng.random(len(due)) < likely
    return chosen & (rng.random(len(due)) < wanted / max(chosen.sum(), wanted))


def titles(rng, rows: pd.DataFrame, names) -> list[str]:
    result = []
    for topic, region, i in zip(rows.topic, rows.region, rows.who, strict=True):
        wordings = PROMISES[topic][1 if region == CHINA else 0]
        first = names[i] if region == CHINA else names[i].split()[0]
        result.append(wordings[int(rng.integers(len(wordings)))].format(first=first))
    return result
