"""Which language a message is in is said, also where it is neither of the two."""

import pytest

from insights.ml.voice.script import folded, language


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("My order is late.", "en"),
        ("late again", "en"),
        ("订单还没到，请尽快处理。", "zh-Hans"),
        ("訂單還沒到，請盡快處理。", "zh-Hant"),
        ("Orbit 54 电动磨豆机声音太大", "zh-Hans"),
        ("请发到 post1@example.org", "zh-Hans"),
        ("这个 grinder 太 disappointing 了, two weeks and it is dead.", "mixed"),
        ("Great quality, 包装也很好.", "mixed"),
        ("Die Lieferung ist nicht angekommen und ich bin enttäuscht.", "other"),
        ("La commande n'est pas arrivée", "other"),
        ("Die Tassen sind da", "other"),
        ("Il pacco è arrivato ma ancora non funziona", "other"),
        ("我订的是42码，到手的是38码。", "zh-Hans"),
        ("邮箱是a@b.com请回复", "zh-Hans"),
        ("https://shop.com/a质量太差", "zh-Hans"),
        ("注文した商品が届きません", "other"),
        ("Где мой заказ?", "other"),
        ("👍", "other"),
        ("12345", "other"),
        ("", "other"),
    ],
)
def test_language(text, told):
    assert language(text) == told


@pytest.mark.parametrize(
    "text", ["ＡＢＣ，１２３！", "訂單", "İstanbul ß", "it’s", "😡a\u0301", "\x00"]
)
def test_folding_keeps_every_character_in_its_place(text):
    assert len(folded(text)) == len(text)


def test_two_spellings_are_one():
    assert folded("訂單沒到，ＡＢＣ") == folded("订单没到，abc")
