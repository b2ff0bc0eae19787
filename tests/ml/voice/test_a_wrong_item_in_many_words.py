"""That something else came than was ordered is said in many ways; what only sounds like it is something else."""

import pytest

from insights.ml.voice.reading import Knowledge, read

ENGLISH = """
You've sent me somebody else's order.
I asked for the blue mug and a red one turned up.
This isn't what I picked on the website at all.
There was a teapot in the box, but I never bought a teapot.
Size 42 was on my order, size 38 is what I have in my hands.
What came out of the parcel is not the coffee I paid for.
Looks like you mixed up two parcels.
I was supposed to get whole beans, yet it's ground.
The label says decaf and I ordered regular.
Someone packed a completely different lamp.
I got the medium instead of the large.
Your warehouse put another product in my package.
Opened the box: these are not my shoes.
You swapped the colours, mine should have been green.
I expected the 500 g bag, you shipped the 250 g one.
The model number on the box doesn't match the one on my invoice.
Why did I receive cat food? I have a dog.
Not the version I chose: this one has no lid.
Picking error on your side, I think: two left gloves and no right one.
I have a jar of honey here that belongs to another customer.
I wanted the oak table and a pine one was delivered.
Why was I sent shampoo? I don't even have hair.
The boots are both left ones.
In my package there is a toy that should have gone to another family.
I expected size M, you sent an XL.
Those are not my glasses.
We were meant to receive black chairs, but these are white.
Your packers put a totally different filter in.
The colours got swapped between our two orders.
The article number on the bag does not match the one on the delivery note.
I clicked on the tall vase; the short one is what I got.
A packing mistake I guess, there's tea where my coffee should be.
"""

CHINESE = """
你们把别人的订单寄给我了。
我要的是蓝色杯子，来的却是红色的。
这根本不是我在网上选的那款。
盒子里是个茶壶，可我从来没买过茶壶。
我订的是42码，到手的是38码。
拆开包裹一看，不是我付钱买的那种咖啡。
你们是不是把两个包裹弄混了？
我下单的是咖啡豆，结果给的是咖啡粉。
标签上写着低因，我买的明明是普通的。
打包的人装了一盏完全不一样的灯。
我拍的大号，给我来了个中号。
仓库塞了别的商品进来。
打开一看，这鞋不是我的。
颜色给搞反了，我那件应该是绿的。
说好的500克装，寄来一袋250克的。
盒子上的型号跟发票上的对不上。
怎么给我寄了猫粮？我家养的是狗。
不是我选的版本，这个没有盖子。
应该是你们拣货拣岔了，两只都是左手的手套。
我这儿有一罐蜂蜜，好像是另一位顾客的。
我挑的是橡木桌，送来的却是松木的。
为什么给我寄的是洗发水？
两只靴子都是左脚。
里面有个玩具，应该是别的客户的。
我点的M码，寄来一件XL的。
这副眼镜不是我的呀。
说好是黑椅子，给我发了白的。
工人放了个毫不相干的滤芯进去。
两单的颜色搞混了。
袋子上的货号和送货单上的不一样。
从没买过这个，怎么寄给我了？
打包打错了吧，我要的咖啡变成了茶。
"""

SOMETHING_ELSE_AGAIN = """
I ordered a mug and a broken one turned up.
I was supposed to get it on Monday, but it's still not here.
I was supposed to get a refund, yet it's been three weeks.
This is not my address any more.
It's not my fault that the courier did not ring.
Why did I receive two invoices?
Why did you send me an email about this?
I bought a kettle, you sent a lovely gift with it.
The price on the box doesn't match the one on my invoice.
I ordered two bags and a free sample came along.
Mine should have been delivered yesterday.
I expected rubbish, you sent something wonderful.
These are not my favourite beans but fine.
You gave me a completely different view of tea.
It is nice that you put another voucher in my parcel.
I asked for a receipt and a friendly one of your staff came over.
我买了一个杯子，还送了个小礼物。
我买了两袋，只寄来一袋。
我那件应该是昨天到的。
怎么给我发了两次短信？
快递放了别的地方。
给了我完全不一样的体验，太好了。
这不是我的问题。
我要的发票，寄来一张纸质的就行。
是别人的推荐我才来买的。
我订的周一送，结果周三来的。
两个都是好的，谢谢。
里面没要发票也行。
我买了个杯子，来了个坏的。
为什么给我发广告？
"""


def intents(text: str) -> dict[str, str]:
    lines = text.split("\n")[1:-1]
    return {line: one.intent for line, one in zip(lines, read(lines, Knowledge.of()), strict=True)}


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_unusual_wordings_of_a_wrong_item_are_understood(text):
    assert {line: code for line, code in intents(text).items() if code != "wrong_item"} == {}


def test_what_came_broken_late_or_as_a_present_is_no_wrong_item():
    told = intents(SOMETHING_ELSE_AGAIN)
    assert [line for line, code in told.items() if code == "wrong_item"] == []
