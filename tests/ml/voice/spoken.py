"""Messages made up for tests, whose feeling and reason are known by construction; some are noise."""

import datetime
import random

import pandas as pd

NOW = datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)
GOOD = ("splendid", "delightful", "superb", "很棒", "太赞了", "非常喜欢")
SO_SO = ("passable", "ordinary", "so-so", "凑合", "马马虎虎", "一般般")
BAD = ("dreadful", "shoddy", "hideous", "太烂了", "糟糕透顶", "非常讨厌")
STARS = {1: BAD, 2: BAD, 3: SO_SO, 4: GOOD, 5: GOOD}
THINGS = ("kettle", "blanket", "lamp", "parcel", "mirror", "水壶", "毯子", "台灯", "包裹", "镜子")
FRAMES = (
    "the {thing} is {word} honestly",
    "I find this {thing} {word}, after two weeks",
    "{word}!! my {thing} came on Monday",
    "这个{thing}{word}，用了两个星期",
    "上周买的{thing}，{word}",
)
REASONS = {
    "refund": (
        "give me my money back for the {thing}",
        "我要退款，{thing}不要了",
        "refund the {thing}",
    ),
    "late": (
        "where is my {thing}, it is overdue",
        "{thing}怎么还没到",
        "the {thing} still has not come",
    ),
    "praise": (
        "thank you for the {thing}",
        "谢谢，{thing}收到了很开心",
        "so happy with the {thing}",
    ),
    "question": (
        "how do I clean the {thing}?",
        "请问{thing}怎么清洗？",
        "does the {thing} fit outdoors?",
    ),
}


def reviews(count: int = 400, seed: int = 1, noise: float = 0.05, days: int = 300) -> pd.DataFrame:
    """Reviews with stars; `noise`: the share whose stars are any. days=0: without times."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        stars = draw.choice((1, 2, 3, 4, 5))
        text = draw.choice(FRAMES).format(thing=draw.choice(THINGS), word=draw.choice(STARS[stars]))
        if draw.random() < noise:
            stars = draw.choice((1, 2, 3, 4, 5))
        at = NOW - datetime.timedelta(days=draw.uniform(1, days)) if days else None
        rows.append((f"{text} {number}", number // 2, at, float(stars)))
    return pd.DataFrame(rows, columns=["text", "customer_id", "occurred_at", "rating"])


def asked(count: int = 400, seed: int = 1) -> pd.DataFrame:
    """Messages with the reason that staff gave them, without times."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        label = draw.choice(sorted(REASONS))
        text = draw.choice(REASONS[label]).format(thing=draw.choice(THINGS))
        rows.append((f"{text} {number}", label))
    return pd.DataFrame(rows, columns=["text", "label"])
