"""What is said behind "but" is said of what is named there, with a comma before it or without."""

import time

import pytest

from insights.ml.voice.reading import Knowledge, read

APART = [
    ("Delivery was fast but the grinder is broken", {"delivery": True, "quality": False}),
    ("Delivery was fast although the grinder is broken", {"delivery": True, "quality": False}),
    ("The grinder is broken however delivery was fast", {"delivery": True, "quality": False}),
    ("Great taste yet the price is too high", {"taste": True, "price": False}),
    ("The service is friendly though the website is slow", {"service": True, "website": False}),
    ("送货很快但是磨豆机坏了", {"delivery": True, "quality": False}),
    ("送货很快不过磨豆机坏了", {"delivery": True, "quality": False}),
    ("送货很快可是磨豆机坏了", {"delivery": True, "quality": False}),
    ("咖啡好喝但价格贵", {"taste": True, "price": False}),
    ("价格便宜却不好用", {"price": True, "quality": False}),
    ("Delivery was fast but I am very disappointed", {"delivery": True}),
    ("送货很快可是我很失望", {"delivery": True}),
]


@pytest.mark.parametrize(("text", "good"), APART)
def test_blame_stays_with_what_it_is_said_of(text, good):
    (said,) = read([text], Knowledge.of())
    assert {one.code: one.sentiment > 0 for one in said.aspects} == good


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The coffee is expensive but great", "taste"),
        ("服务不但热情，而且周到", "service"),
        ("The delivery was not only late but also rude", "delivery"),
    ],
)
def test_what_goes_on_about_the_same_thing_stays_with_it(text, code):
    (said,) = read([text], Knowledge.of())
    assert code in {one.code for one in said.aspects}


def test_a_long_text_without_marks_is_read_in_reasonable_time():
    start = time.process_time()
    read(["服务很好" * 1250], Knowledge.of())
    assert time.process_time() - start < 10
