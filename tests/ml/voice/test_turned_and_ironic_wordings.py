"""Wordings that turn what their words say, and their twins that mean it."""

import pytest

from insights.ml.voice.reading import LABELS, Knowledge, read

NEGATIVE, NEUTRAL, POSITIVE = LABELS
TOLD = [
    ("Neither the taste nor the smell is pleasant.", NEGATIVE),
    ("Neither too sweet nor too bitter, just perfect.", POSITIVE),
    ("I couldn't ask for more.", POSITIVE),
    ("I don't think I have ever been disappointed by you.", POSITIVE),
    ("I can't recall ever being let down by this shop.", POSITIVE),
    ("I don't think I have ever been so disappointed.", NEGATIVE),
    ("以后再也不来了", NEGATIVE),
    ("以后还会再来", POSITIVE),
    ("要是再这样我就不买了", NEGATIVE),
    ("最后一次买的是哪款？", NEUTRAL),
    ("That was definitely my last order.", NEGATIVE),
    ("Pricey? Yes. Worth it? Absolutely.", POSITIVE),
    ("Recommend it? Never.", NEGATIVE),
    ("Apart from a small scratch it is perfect.", POSITIVE),
    ("It looks good and that is about it.", NEGATIVE),
    ("One click and that's it, so easy!", POSITIVE),
    ("Oh wonderful, the box is empty.", NEGATIVE),
    ("We received the beans and the empty tin for refills.", NEUTRAL),
    ("Brilliant idea to ship glass without padding.", NEGATIVE),
    ("Brilliant idea to sell smaller packs, love them.", POSITIVE),
    ("I'm so glad I paid extra for express that never came.", NEGATIVE),
    ("So glad I ordered from you again.", POSITIVE),
    ("Fantastic quality, it lasted a whole two days.", NEGATIVE),
    ("It lasted a whole winter and still looks like new.", POSITIVE),
    ("So helpful to be told to call back tomorrow, every day.", NEGATIVE),
    ("It was very helpful to be told how to descale it.", POSITIVE),
    ("Best doorstop I ever bought.", NEGATIVE),
    ("There wasn't a single thing I disliked.", POSITIVE),
    ("There is not one thing I like about it.", NEGATIVE),
    ("It doesn't get any better than this.", POSITIVE),
    ("I wouldn't change a thing.", POSITIVE),
    ("Never had an issue in three years.", POSITIVE),
    ("I expected little and got a lot.", POSITIVE),
    ("I expected a lot and got little.", NEGATIVE),
    ("Keep up the good work, soon you will have no customers left.", NEGATIVE),
    ("Keep up the good work!", POSITIVE),
    ("不能更开心了。", POSITIVE),
    ("挑不出任何缺点。", POSITIVE),
    ("等得久了点，但等得值。", POSITIVE),
    ("乍一看贵，长期用下来很划算。", POSITIVE),
    ("快递员把包裹扔过围墙，服务真到位。", NEGATIVE),
    ("服务真到位，快递员送上楼。", POSITIVE),
    ("The machine no longer heats up.", NEGATIVE),
    ("Barely drinkable.", NEGATIVE),
    ("The beans did not live up to the description.", NEGATIVE),
    ("I like the idea, the execution is poor.", NEGATIVE),
    ("The box was dented, everything inside is perfect.", POSITIVE),
    ("盖子怎么都盖不严。", NEGATIVE),
    ("毫无香气可言。", NEGATIVE),
    ("跟描述的完全不一样。", NEGATIVE),
    ("东西好，公司太差劲。", NEGATIVE),
    ("样子一般，味道很好。", POSITIVE),
    ("没有出过任何问题。", POSITIVE),
    ("零差评，放心买。", POSITIVE),
    ("离满意差得远。", NEGATIVE),
    ("没喝过比这更好喝的。", POSITIVE),
    ("除了包装好看，没有一处是好的。", NEGATIVE),
    ("没有一处不满意。", POSITIVE),
    ("也就外观能看，别的一无是处。", NEGATIVE),
    ("别的不说，味道是真好。", POSITIVE),
    ("箱子瘪了，好在里面完好无损。", POSITIVE),
    ("真好，收到一个空箱子。", NEGATIVE),
    ("空盒可以回收吗？", NEUTRAL),
    ("厉害了，同一个包裹能丢两次。", NEGATIVE),
    ("包裹没丢，虚惊一场，谢谢客服。", POSITIVE),
    ("质量真好，整整用了两天。", NEGATIVE),
    ("整整用了三年，还跟新的一样好用。", POSITIVE),
    ("只用了两天就到了，很快。", POSITIVE),
    ("我可真喜欢等三个星期的快递。", NEGATIVE),
    ("喜欢等级高的豆子，这款很香。", POSITIVE),
    ("五星好评，感谢弄丢我的订单。", NEGATIVE),
    ("感谢你们取消得这么快，服务真好。", POSITIVE),
    ("多花钱买的加急，十天才到，真是物超所值。", NEGATIVE),
    ("Great, just great. Third time the parcel arrives broken. Thanks a lot.", NEGATIVE),
    ("Great, just great. I love it. Thanks a lot.", POSITIVE),
    ("Great. Just great. Broken again.", NEGATIVE),
    ("Wow, amazing. Nobody answers the phone for two weeks. Bravo.", NEGATIVE),
    ("Perfect. A broken mug. Thank you so much.", NEGATIVE),
    ("Great, the parcel arrived. Thanks a lot.", POSITIVE),
    ("Third time the parcel arrives broken. Great job.", NEGATIVE),
    ("The mug was broken, they sent a new one the next day. Great job!", POSITIVE),
    ("Arrived broken, but they replaced it at once. Love it. Thanks a lot!", POSITIVE),
    ("呵呵，你们的服务真棒", NEGATIVE),
    ("呵呵，谢谢你们的优质服务", NEGATIVE),
    ("呵呵，太好喝了，全家都喜欢", POSITIVE),
    ("客服很好，呵呵，问题解决了", POSITIVE),
    ("真是太好了，又坏了", NEGATIVE),
    ("真是太好了，又有货了", POSITIVE),
    ("太棒了，包裹又丢了", NEGATIVE),
    ("太棒了，包裹这么快就到了", POSITIVE),
    ("真厉害，三个包裹全碎了。干得漂亮。", NEGATIVE),
]


@pytest.mark.parametrize(("text", "meant"), TOLD)
def test_a_wording_is_read_as_it_is_meant(text, meant):
    (reading,) = read([text], Knowledge.of())
    assert reading.label == meant, reading.sentiment


@pytest.mark.parametrize(
    "text",
    [
        "可以打我的电话 +86 129 0000 0439。",
        "It needs M8 screws, size 86, in a set of (8) or 8) and 1:03.",
    ],
)
def test_figures_judge_nothing(text):
    (reading,) = read([text], Knowledge.of())
    assert (reading.evidence, reading.sentiment) == ((), 0.0)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("To whom it may concern, the parcel arrived 9 days after the date you gave.", "concern"),
        ("The box had been left in the rain on top of it.", "on top of it"),
        ("Average. The cups are smaller than in the picture.", "Average"),
        ("中规中矩。挂耳咖啡太难喝了。", "中规中矩"),
    ],
)
def test_what_judges_nothing_is_not_marked(text, marked):
    (reading,) = read([text], Knowledge.of())
    assert reading.label == NEGATIVE
    assert marked not in {text[one.start : one.end] for one in reading.evidence}


@pytest.mark.parametrize("text", ["Two stars because the coffee is fine.", "两星是因为咖啡还行。"])
def test_a_verdict_on_everything_blames_nothing_that_is_named_as_its_reason(text):
    (reading,) = read([text], Knowledge.of())
    assert [a.sentiment > 0 for a in reading.aspects if a.code == "taste"] == [True]
