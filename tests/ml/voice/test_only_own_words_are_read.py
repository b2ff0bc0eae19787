"""Quoted mail, signatures and markup say nothing of what a customer feels now."""

import pytest

from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.quoting import own_words
from insights.ml.voice.reading import read
from insights.ml.voice.script import folded

THANKS = "It has arrived and is lovely, thank you!"
DANKE = "已经收到了，非常满意，谢谢！"
BAD = "This is terrible, I want a refund and will call my lawyer."
SCHLECHT = "太差了，我要退款，不然就去投诉！"
MAILS = [
    f"{THANKS}\n\n-----Original Message-----\nFrom: Ann\n{BAD}",
    f"{THANKS}\n-------- Original Message --------\n{BAD}",
    f"{THANKS} -----Original Message----- {BAD}",
    f"{THANKS}\n\n> {BAD}\n>> {BAD}\n",
    f"{THANKS}\n\nOn Mon, Nov 3, 2026 at 10:02 AM Shop <help@shop.com> wrote:\n> {BAD}",
    f"{THANKS}\n\nOn Mon, Nov 3, 2026 at 10:02 AM Shop\n<help@shop.com> wrote:\n\n{BAD}",
    f"{THANKS}\n\nAm 03.11.2026 um 10:02 schrieb Shop <help@shop.com>:\n{BAD}",
    f"{THANKS}\n\nFrom: Ann <ann@mail.com>\nSent: Monday, 3 November 2026 10:02\nTo: Shop\nSubject: Order\n\n{BAD}",
    f"{THANKS}\n________________________________\nFrom: Ann\n\n{BAD}",
    f"{THANKS}\n\n---------- Forwarded message ---------\n{BAD}",
    f"{THANKS}\n<blockquote type='cite'>{BAD}</blockquote>",
    f"{THANKS}\n-- \nAnn Bad, Terrible Refund Ltd.\n{BAD}",
]
CHINESE_MAILS = [
    f"{DANKE}\n\n发件人: 客服 <help@shop.com>\n发送时间: 2026年11月3日 10:02\n收件人: 王芳\n主题: 订单\n\n{SCHLECHT}",
    f"{DANKE}\n发件人：客服\n{SCHLECHT}",
    f"{DANKE}\n\n在 2026年11月3日，王芳 <fang@mail.com> 写道：\n\n{SCHLECHT}",
    f"{DANKE}\n\n王芳 写道：\n{SCHLECHT}",
    f"{DANKE}\n\n------------------ 原始邮件 ------------------\n{SCHLECHT}",
    f"{DANKE}\n--\n{SCHLECHT}",
    f"{DANKE}\n> {SCHLECHT}",
]


@pytest.mark.parametrize("text", MAILS + CHINESE_MAILS)
def test_what_was_written_before_is_not_read_as_said_now(text):
    now = text[: len(THANKS if text.startswith(THANKS) else DANKE)]
    (said, alone) = read([text, now], Knowledge.of())
    assert said.label == "positive"
    assert said.sentiment == pytest.approx(alone.sentiment)
    assert (said.intent, said.urgency, said.keywords) == (
        alone.intent,
        alone.urgency,
        alone.keywords,
    )
    assert said.sentences == alone.sentences and said.evidence == alone.evidence


def test_an_answer_between_the_lines_is_read():
    text = (
        "On Mon, 3 Nov 2026 at 10:02, Shop wrote:\n> Has it arrived?\nNo, it is broken!\n"
        "> Do you want another?\nYes please."
    )
    own = own_words(text)
    assert own.split("\n")[2] == "No, it is broken!" and own.split("\n")[4] == "Yes please."
    assert "arrived" not in own and "another" not in own


@pytest.mark.parametrize(
    "text",
    [
        "On 3 May I wrote:\nplease cancel my order",
        "On Monday my wife wrote: cancel it.",
        "From: the very first day: it was bad",
        "我上周写道：请退款",
        "Still waiting >:( and nobody answers",
        ">:( still waiting",
        ">_< 又坏了",
        "The price is < 5 and > 3, fine",
        "Two things -- price and taste -- are great",
        "R&D; is fine",
    ],
)
def test_what_only_looks_like_that_is_read(text):
    assert own_words(text).split() == text.split()


def test_a_message_that_is_all_quoted_is_read_as_it_is():
    text = f"-----Original Message-----\n{BAD}"
    assert own_words(text) == text
    assert read([text], Knowledge.of())[0].label == "negative"


def test_every_character_keeps_its_place():
    for text in MAILS + CHINESE_MAILS:
        own = own_words(text)
        assert len(own) == len(text)
        assert all(one in (other, " ") for one, other in zip(own, text, strict=True))


def test_tags_and_entities_are_no_words():
    text = "<p class='terrible'>The coffee is&nbsp;great<br/>and <b>fresh</b></p><style>p {color: bad}</style>"
    (said,) = read([text], Knowledge.of())
    assert said.label == "positive"
    assert {text[e.start : e.end] for e in said.evidence} == {"great", "fresh"}
    assert not {"nbsp", "class", "br", "style", "color"} & {
        w for k in said.keywords for w in k.split()
    }


def test_names_in_quoted_mail_are_found_all_the_same():
    text = f"{THANKS}\n> Where is order R-4711?"
    (said,) = read([text], Knowledge.of(orders=[(7, "R-4711")]))
    assert [(e.kind, e.key) for e in said.entities] == [("order", 7)]


def test_models_read_own_words_alone():
    class Heard:
        texts: tuple[str, ...] = ()

        def chances(self, texts):
            self.texts += tuple(texts)
            return [(0.2, 0.2, 0.6)] * len(texts)

        def known(self, texts):
            return [1.0] * len(texts)

        def weights(self, text):
            return []

    model = Heard()
    read([MAILS[0]], Knowledge.of(), model)
    assert model.texts and not any("terrible" in folded(text) for text in model.texts)
