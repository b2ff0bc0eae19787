"""The reason for a message, how soon to answer, what it judges and what it is about."""

import pytest

from customers.reader_words import ASPECTS
from insights.ml.voice import reasons
from insights.ml.voice.keywords import keywords_of
from insights.ml.voice.reading import Knowledge, Reading, read
from insights.ml.voice.words import NOTHING, aspects, lexicon, lines


def reading(text: str) -> Reading:
    return read([text], Knowledge.of())[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("My order arrived 5 days late.", "late_delivery"),
        ("订单晚到了五天。", "late_delivery"),
        ("Where is my order?", "order_status"),
        ("The cup arrived broken.", "damaged"),
        ("收到时袋子是破的", "damaged"),
        ("It stopped working after a week.", "quality"),
        ("You sent the wrong item.", "wrong_item"),
        ("发错货了", "wrong_item"),
        ("少了配件", "missing_item"),
        ("I want my money back.", "refund"),
        ("我要退款。", "refund"),
        ("Please send a replacement.", "exchange"),
        ("How can I return it?", "return"),
        ("Please cancel my order.", "cancel"),
        ("帮我取消订单", "cancel"),
        ("Please unsubscribe me from the newsletter", "unsubscribe"),
        ("It has become too expensive.", "price"),
        ("最近又涨价了", "price"),
        ("Please send me the invoice.", "invoice"),
        ("发票抬头开错了", "invoice"),
        ("You charged me twice.", "payment"),
        ("I forgot the password of my account", "account"),
        ("网站打不开", "website"),
        ("可以改地址吗", "order_change"),
        ("Nobody answers the phone.", "service"),
        ("我要投诉", "service"),
        ("The box was broken", "damaged"),
        ("Fast but broken", "damaged"),
        ("Another broken promise.", "service"),
        ("another delivery a week late", "late_delivery"),
        ("物流比上次还慢", "late_delivery"),
        ("包裹丢了", "late_delivery"),
        ("My parcel got lost in the post", "late_delivery"),
        ("Can you tell me when order N1 ships?", "order_status"),
        ("Thanks, the refund arrived.", "thanks"),
        ("退款收到了，谢谢", "thanks"),
        ("The replacement is here, thank you.", "thanks"),
        ("The replacement came broken.", "damaged"),
        ("Has my refund arrived?", "refund"),
        ("I have not received my refund", "refund"),
        ("I want a quick refund, thanks", "refund"),
        ("没收到退款", "refund"),
        ("We would like a quote for wholesale.", "wholesale"),
        ("The coffee is excellent, keep it up!", "praise"),
        ("非常好，强烈推荐！", "praise"),
        ("How do I clean the kettle?", "question"),
        ("请问开封后能放多久？", "question"),
        ("The train passes a bridge.", "other"),
        ("今天星期三。", "other"),
        ("", "other"),
    ],
)
def test_reason(text, code):
    told = reading(text)
    assert told.intent == code
    assert 0 < told.intent_chance <= 1


def test_where_no_wording_is_found_there_may_be_a_reason_all_the_same():
    nothing, hint = reading("The train passes a bridge."), reading("It is late here.")
    assert (nothing.intent, hint.intent) == ("other", "other")
    assert hint.intent_chance < nothing.intent_chance == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "level", "reason"),
    [
        ("If this is not solved I will call my lawyer. This is unacceptable.", 3, "legal"),
        ("再不处理我就打12315投诉你们，太过分了", 3, "legal"),
        ("The kettle gave me an electric shock!", 3, "safety"),
        ("孩子喝了以后食物中毒", 3, "safety"),
        ("I will buy elsewhere, I am really disappointed.", 2, "cancel_threat"),
        ("太失望了，我要换一家。", 2, "cancel_threat"),
        ("Terrible. I will leave a review about this.", 2, "public_threat"),
        ("This is my second request and nobody answers. Annoying.", 2, "repeated_contact"),
        ("This is the last time I ask.", 2, "repeated_contact"),
        ("I am still waiting and very unhappy.", 1, "waiting_long"),
        ("以后再也不来了", 2, "cancel_threat"),
        ("下次不来了", 2, "cancel_threat"),
        ("要是再这样我就不买了", 2, "cancel_threat"),
        ("这是我最后一次在你们家买", 2, "cancel_threat"),
        ("This will be my last order", 2, "cancel_threat"),
        ("this was my last order with you", 2, "cancel_threat"),
        ("我要投诉", 2, "anger"),
        ("I want to make a complaint", 2, "anger"),
        ("Please send me an invoice for my last order.", 0, None),
        ("The last time I ordered, it was quicker.", 0, None),
        ("最后一次订单的发票能开一下吗", 0, None),
        ("我最后一次下单的咖啡什么时候发货？", 0, None),
        ("My solicitor's office would like to order coffee", 0, None),
        ("My solicitor's office will write to you.", 3, "legal"),
        ("以后还会再来的！", 0, None),
        ("订单 10012345 可以改地址吗？", 0, None),
        ("Lovely coffee, thank you!", 0, None),
        ("I told everyone at once: wonderful coffee!", 0, None),
    ],
)
def test_urgency(text, level, reason):
    told = reading(text)
    assert told.urgency == level
    assert reason in told.urgency_reasons if reason else told.urgency_reasons == ()


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("The delivery was fast but the packaging was terrible.", {"delivery"}, {"packaging"}),
        ("Great taste, rude support.", {"taste"}, {"service"}),
        ("质量很好，物流太慢。", {"quality"}, {"delivery"}),
        ("味道不错，就是价格太贵。", {"taste"}, {"price"}),
        ("客服态度差", set(), {"service"}),
        ("Too expensive.", set(), {"price"}),
        ("难吃", set(), {"taste"}),
        ("又断货了", set(), {"selection"}),
        ("I want my money back", set(), {"returns"}),
        ("Save your money", set(), set()),
        ("What a waste of money", set(), {"price"}),
        ("The coffee is great. Thanks!", {"taste"}, set()),
    ],
)
def test_aspects(text, good, bad):
    told = reading(text).aspects
    assert {a.code for a in told if a.sentiment > 0.1} == good
    assert {a.code for a in told if a.sentiment < -0.1} == bad
    assert all(0 <= a.start < a.end <= len(text) for a in told)


@pytest.mark.parametrize(
    "text", ["Can I swap it if it does not fit? Thanks", "The jacket does not fit. It is great."]
)
def test_one_place_is_judged_once(text):
    (one,) = reading(text).aspects
    assert (one.code, text[one.start : one.end]) == ("size", "fit")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("I am looking for a grinder with steel burrs. Steel burrs last longer.", "steel burrs"),
        ("磨豆机的声音太大，磨豆机用了一周。", "磨豆机"),
    ],
)
def test_keywords(text, phrase):
    told = keywords_of(text)
    assert phrase in told
    assert len(told) <= 6 and len(set(told)) == len(told)


NAMED = Knowledge.of(
    products=[(1, "法压壶 600 毫升"), (2, "Hill Coffee Dripper")],
    people=[(3, "Marta Berg")],
    ourselves="Hill Coffee GmbH",
)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Good morning, I have a question about my order. Thanks in advance.", set()),
        ("The parcel came yesterday and the lid was cracked", {"parcel", "lid", "cracked"}),
        ("Dear Hill Coffee, the lid came broken. Marta", {"lid came broken"}),
        ("The lid of my Hill Coffee Dripper is missing", {"hill coffee dripper", "lid", "missing"}),
        ("你好，前想问一下发票", {"发票"}),
        ("晚了 5 天才送到", {"送到"}),
        ("晚了五天才送到", {"送到"}),
        ("物流比上次还慢", {"物流"}),
        ("我的法压壶漏水", {"法压壶", "漏水"}),
        ("手冲壶漏水", {"手冲壶", "漏水"}),
        ("The customer service was rude", {"customer service", "rude"}),
    ],
)
def test_keywords_are_whole_and_say_what_it_is_about(text, phrases):
    assert set(read([text], NAMED)[0].keywords) == phrases


def test_the_lists_name_only_codes_that_exist():
    assert {keys[0] for keys, _ in lines("intents.txt")} == set(reasons.INTENTS)
    assert {keys[0] for keys, _ in lines("urgency.txt")} == set(reasons.URGENCY_REASONS)
    spoken = {word.aspect for word in lexicon().values() if word.aspect and word.aspect[0] != "_"}
    assert spoken <= set(aspects().values()) <= {*ASPECTS, NOTHING}


def test_the_lists_stay_within_the_scale():
    assert len(lexicon()) > 8_000
    assert all(-4 <= word.weight <= 4 for word in lexicon().values() if word.weight is not None)
