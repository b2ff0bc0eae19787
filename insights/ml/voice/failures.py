"""Wordings of what failed: help that was none, and something else than was ordered. For folded text.

They name verbs and their objects, not feelings, which is why no list of words has them.
"""

import re
from collections.abc import Iterator

from insights.ml.voice.script import HAN_RUN

# ---- help that was none -----------------------------------------------------------------------------------

_NOT = (
    r"(?:\b(?:do|does|did|could|can|would|will|was|were|is|are|has|have|had) not\b|\b\w+n't\b|\bcannot\b|\bnever\b"
    r"|\b(?:unable|fail(?:s|ed)?|refus(?:es|ed)) to\b)"
)
# What a customer does not do is no failure of ours.
_WE = r"(?<!\bi )(?<!\bwe )(?<!\bhe )(?<!\bshe )(?<!\bthey )"
_STILL = r"(?:\w+ly |even |been |be |being |able to |going to |manage to |seem to |yet ){0,3}"

HELP_ENGLISH = [
    rf"{_WE}{_NOT} {_STILL}(?:"
    r"(?:help|solv|resolv|fix|repair|mend|improv|assist|remed|answer|explain|clarif|understand|understood|react|respond|repl)\w{0,4}\b"
    r"(?! but\b| (?!any|every|some|no)\w+ing\b)"
    r"|(?:tell|show|find out|say) (?:me|us)\b"
    r"|find (?:the |a |any |out )?(?:real )?(?:reason|cause|solution|answer|explanation|why|what)\b"
    r"|(?:(?:work|function|switch on|turn on|start|connect|pair|heat|grind|brew|drain|print|charge(?! (?:me|us|my|our|extra|for|any)\b)|close)"
    r"(?:s|d|ed|ing)?|charging|closing)\b(?! (?:at|there|here|from|in the|on \w+days?|tomorrow|today)\b))",
    r"\b(?:none|neither)(?: of (?:them|you|the \w+|those))?\b [^.!?]{0,20}?\b(?:could|can|would|did|was|were|knew|knows|helps?|helped|works?|worked"
    r"|answer\w*|repl\w+)\b",
    r"\b(?:came|tried|repl\w+|repaired|restarted|reset|followed|called|changed|cleaned|fixed|visited|exchanged|installed|updated)\b"
    r"[^.!?]{1,50}?(?:\bbut|\band|\byet|,) (?:\w+ ){0,2}?still\b(?! (?:lov|lik|happy|work|good|great|fresh|fine|as|the best|smell|taste|look))",
    r"\b(?:no one|nobody|none|not one)\b[^.!?]{0,25}?\b(?:clue|idea|answer\w*|help\w*|car(?:e|es|ed)|able)\b|\bno clue\b"
    r"|\bnothing (?:has |had )?(?:changed|helped|worked|improved|happened)\b",
    rf"{_WE}\bstill (?:\w+n't|(?:will|would|does|did|do|can|could|is|are|has|have) not|cannot|not|nothing)\b",
    r"(?:n't|\bnot|\bhardly|\bbarely) (?:been |really )?(?:any|much|of any|of much|a lot of|a great) (?:real |great )?"
    r"(?:help|use|good|improvement|success|effect)\b",
    r"\bno (?:real |noticeable )?(?:help|improvement|success|effect)\b|\b(?:is|was|are|were|be|been|of) no use\b(?! for)",
    r"\b(?:mak(?:e|es|ing)|made) (?:no|little|hardly any) (?:real )?difference\b"
    r"|n't (?:make|made) (?:a|any|much) (?:real )?difference\b",
    rf"{_WE}\b(?:did|does|done|chang(?:ed|es)|solv(?:ed|es)|fix(?:ed|es)|help(?:ed|s)|achiev(?:ed|es)) "
    r"(?:absolutely )?nothing\b(?! (?:wrong|bad))|\bto no avail\b|\bin vain\b",
    r"\b(?:promised|said|agreed|offered|assured|was going|were going|was to|claimed)\b[^.!?]{3,70}?\b(?:but|and|yet|though)\b"
    r"[^.!?]{0,25}?(?:n't\b|\b(?:did not|never|has not|have not|nothing|nobody|no one)\b)",
]
HELP_CHINESE = [
    r"(?:没有?|未)(?:能|给|真正|彻底|完全|有效|及时)*(?:帮上|帮到|帮得上|帮忙|解决|修好|弄好|搞定|处理好|改善|好转|见效|起作用|起效|奏效|说清楚?|讲清楚?"
    r"|答上来?|回答)(?:什么|任何)?(?:忙)?",
    r"(?:帮|解决|修|答|处理|回答|治|连|登|打|装|充|(?<!开)开(?!不开))不(?:上忙|上来?|了|好|清楚?|明白|定|到|开|进去?)(?![那这]么|多少|几|多久)",
    r"(?:什么|啥|任何问题|一点)(?:也|都)(?:没有?|不)(?:能)?(?:解决|改变|变|帮|做|管)",
    r"(?:不(?:管用|顶用|起作用)|(?:没什么|没啥|没有?|毫无|根本没)(?:起)?(?:作用|效果|用处|用)(?![过到完上了户力心法料途量]))",
    r"(?:跟|和|像)没.{1,3}?(?:一样|似的|差不多|两样)",
    r"(?:没有?|不见|毫无|看不出|看不到)(?:任何|一点|什么|半点|丝毫|明显)*(?:改善|好转|改进|起色|进展)",
    r"(?:修|换|试|重启|检查|处理|升级|更新|上门|调|清洗|重装|照做)[^。！？]{1,12}?(?:还是|依然|仍然|照样|照旧|依旧)(?!很|挺|好|不错|喜欢|满意|值|一如)",
    r"找不[出到](?:真正)?(?:的)?(?:原因|办法|解决|人管|客服|负责)|问题(?:还|仍|依旧|依然)(?:在|是|存在|没)",
    r"一点儿?(?:用处?|忙|效果|作用|帮助|反应|变化|改善|进展)(?:都|也)?没",
    r"(?:电话|回复|回音|消息|回电|答复|退款|的钱)[^。！？]{0,8}?没有?(?:等到|等来|接到|收到|到账|打来|下来)",
    r"(?:没有?|未)(?:听|看|理解|弄|搞)(?:懂|清|明白)|(?:没有?|未)(?:写|说|标|讲|注明)(?:明|清)?(?:怎么|如何|清楚|哪|是否)",
    r"(?:给|拿|讲|查|答)不出(?!来?的)|说不(?:出|上)(?:来|原因|答案|所以然)",
    r"谁(?:也|都)[^。！？，]{0,3}?(?:不|没)",
    r"没人(?:能|会|肯|愿意|告诉|知道|说得?清|给)",
    r"(?:说|答应|承诺|保证)(?:好|过|会|了|要)*[^。！？]{1,14}?(?:结果|却|可是|但是?|到现在|至今)[^。！？]{0,4}?(?:没|不(?!错)|未)",
]

# ---- something else than was ordered ----------------------------------------------------------------------

_ORDERED = r"(?:ordered|order|chose|chosen|bought|asked for|picked|paid for|selected|requested)"
_GOT = r"(?:got|received|sent|shipped|delivered|was given|ended up with|found)"
# A parcel, an answer, one of two, or the thing itself late is nothing else.
_SOMETHING = (
    r"(?: me| us)? (?!(?:it|them|late\w*|nothing|no|only|just|half|one|neither|both|all|everything|this|that|so|very|always|a lot"
    r"|great|good|free|broken|damaged|back|here|there|in|on|at|by|within|quickly|the best|my"
    r"|(?:(?:the|a|an|your|another) )?(?:\w+ )?(?:parcel|order|package|delivery|confirmation|refund|bill|invoice|e-?mail"
    r"|message|answer|reply|notice|call|letter|excuse|gift|sample|discount|voucher))\b)[\w€$£][\w-]*"
)

# Neither what is no thing that is sold, nor in what state it came, nor a present.
_NO_THING = (
    r"(?:me|us|it|them|that|this|these|two|three|so|no|nothing|only|just|half|better|more|rubbish"
    r"|(?:(?:the|a|an|my|your|our|another|any|some|free|lovely|nice|friendly|small|little) ){0,3}(?:parcel|order|package|delivery|confirmation"
    r"|refund|bill|invoice|receipt|e-?mail|message|answer|reply|notice|call|letter|excuse|gift|sample|discount|voucher|reminder"
    r"|warning|newsletter|apology|offer|advert\w*|spam|text|survey|code|link|broken|damaged|faulty|defective|cracked|torn|used|dirty"
    r"|empty|stale|wonderful|great|good|something|replacement|new|second|free|friendly|lovely))\b"
)
_SENT = r"(?:sent|shipped|delivered|packed|put|gave|given|received|got|found|contains?|contained|picked)"
_VERY = r"(?:completely|totally|entirely|wholly|altogether|utterly)"
_SORT = r"(?:model|article|item|product|serial|style|part|colou?r|size|type|batch)"

ELSE_ENGLISH = [
    rf"\b(?:ordered|asked for|paid for|bought|wanted|requested|chose)\b (?!(?:on|again|from|here|for|last|yesterday|twice|at)\b)"
    rf"[^.!?]{{2,60}}?\b(?:but|yet|instead)\b (?:i |we |you |they |have |had |was |were )*{_GOT}{_SOMETHING}",
    rf"\b(?:ordered|asked for|paid for|requested) (?:[\w-]+ ){{0,4}}?(?P<it>[\w-]+)(?:,? and|,|;| -) (?:i |we |you |they |was |were )*{_GOT}{_SOMETHING}"
    r"(?![^.!?]*\b(?P=it)\b)",
    r"\b(?:someone|somebody|another customer|another person|a stranger|other people|neighbou?r|neighbou?rs)(?: else)?(?:'s|s') "
    r"(?:things?|order|parcel|goods|items?|stuff|package|products?|delivery|purchase)\b",
    r"\b(?:got|received|sent|delivered|given|was|were|is|are|has|have|contains?|contained)\b(?: me| us)? (?:someone(?: else)?|somebody(?: else)?"
    r"|another (?:person|customer|man|woman|family)|other people)'s \w+",
    r"\b(?:sent|shipped|delivered|received|got|packed|came|arrived)\b[^.!?]{2,40}?\binstead of (?!\w+day\b|tomorrow|today|on |in |by |at |days|weeks|\w+ing\b)\w",
    r"\b(?:ordered|asked for|requested)\b[^.!?,;]{0,30}?(?:,|;| but| and) ?[^.!?,;]{2,30}?\b(?:was|were) (?:delivered|sent|shipped|packed)\b",
    r"\b(?:these|this|they|those|the)\b[^.!?]{0,20}? (?:is|are|was|were)(?:n't| not) (?:mine|ours)\b|\b(?:mistaken|mistook|confused) (?:me|us) (?:for|with)\b",
    r"\bwrong [\w-]+ (?:turned up|came|arrived|was (?:sent|delivered|shipped|packed|in)|were (?:sent|delivered|shipped|packed|in)|is in)\b",
    r"\b(?:received|got|sent|delivered|shipped)\b[^.!?]{2,40}?\b(?:by mistake|in error|mistakenly|by accident)\b",
    rf"(?:n't|\bnot) (?:the|what|those|a|an|that)\b(?: [\w-]+){{0,4}}? ?(?:that |which )?(?:i|we) (?:have |had )?{_ORDERED}\b"
    r"|(?:n't|\bnot) the (?:\w+ )?(?:ones?|items?|products?) (?:from|in|of|on) (?:my|our|the) (?:order|invoice|confirmation|receipt|list)\b",
    r"\b(?:sent|send|shipped|delivered|received|got|packed|given|contains?|contained|has|with)\b[^.!?]{0,20}?\b(?:the |a )?wrong "
    r"(?!(?:address|invoice|bill|amount|price|number|name|date|time|impression|idea|place|person|e-?mail|way|answer|with)\b)\w+",
    r"\bmy order (?:was|is) for\b[^.!?]{1,40}?(?:,|;| but) ?(?:but )?(?:these|this|they|it|those|the)\b",
    rf"\b(?:got|received|came|arrived|sent)\b[^.!?]{{2,50}}?\b(?:although|though|while|whereas|when) (?:i|we) (?:had |have |clearly |did )*{_ORDERED}\b",
    r"(?:n't|\bnot) (?:match|correspond|agree)(?: to| with)? (?:the |my |our |with )*(?:\w+ )?(?:order|note|list|confirmation|what (?:i|we))\b",
    r"\b(?:meant|addressed|intended|destined) (?:for|to) (?:somebody|someone|another|a different|a stranger)\b"
    r"|\b(?:parcel|package|order|box|delivery)\b[^.!?]{0,40}?(?:\bnot|n't) (?:mine|ours)\b",
    r"\bwrong (?:size|colou?r|item|product|model|type|order|flavou?r|article|version|variety|blend|goods|thing|parcel"
    r"|package|one)s?\b",
    r"\b(?:different|another) (?:\w+ ){0,3}?(?:came|arrived|than|from|to|was (?:sent|delivered))\b[^.!?]{0,25}?"
    rf"\b(?:i|we) (?:had |have )?{_ORDERED}\b|\bdifferent from my order\b",
    r"\b(?:received|got|sent|came|parcel|box|package|arrived|delivered)\b[^.!?]{0,40}?\b(?:i|we) "
    r"(?:(?:have |had )?never|did not|didn't) (?:ordered?|bought|buy|asked? for|chosen?|chose)\b",
    r"\b(?:orders?|parcels?|packages?|items?|labels?)\b[^.!?]{0,20}?\b(?:mixed up|swapped|switched|confused|mix-?up)\b"
    r"|\b(?:mixed up|swapped|switched|confused) (?:my|our|the|two|your)\b[^.!?]{0,15}?\b(?:orders?|parcels?|packages?)\b",
    r"\binstead of [^.!?]{2,40}?\b(?:there (?:was|were|is)|(?:i|we) (?:got|found|received|have)"
    r"|you (?:have )?(?:sent|shipped|delivered|packed)|came|arrived|in the (?:box|parcel|package))\b",
    r"\b(?:label|box|bag|tag|packaging|package|sticker) says\b[^.!?]{2,40}?\b(?:my order|i ordered|the order|invoice)\b"
    r"|\b(?:my order|i ordered|order confirmation)\b[^.!?]{2,40}?\b(?:label|box|bag|tag|packaging|sticker) says\b",
    # One of another sort came, was there or is what came.
    rf"\b(?:ordered|asked for|paid for|bought|wanted|requested|chose|picked|clicked on)\b [^.!?]{{2,40}}?(?:,|;| and| but| yet)+ (?!{_NO_THING})"
    r"(?:a|an|the) (?!(?:other|first|last|second|next|good|only) )[\w-]+ ones? (?:turned up|came\b(?! over)|arrived|showed up|was (?:sent|delivered)"
    r"|is what (?:i|we))\b(?! (?:late|broken|damaged|on|in|at|after|by|before|today|yesterday))",
    r"\b(?:order\w*|asked for|bought|paid for|chose)\b[^.!?]{0,40}?(?:,|;| but| and|:) ?[^.!?]{2,30}? (?:is|was|are|were) what "
    r"(?:(?:i|we) (?:have|got|received|found)|came|arrived|turned up|you (?:have )?sent)\b",
    # What was to come, and what it is.
    rf"\b(?:i|we) (?:was|were) (?:supposed|meant) to (?:get|receive|have|be sent) (?!{_NO_THING})[^.!?]{{2,40}}?\b(?:yet|but|and|instead)\b "
    r"(?:it|this|they|these|those|that|what came)(?: is| are|'s|'re| was| were) "
    r"(?!not\b|been\b|still\b|late\b|too\b|broken|damaged|empty|missing|gone|never|nowhere|already|delayed|lost|now\b|very|so\b|good|great|fine)\w",
    rf"\b(?:expected|expecting|wanted|chose) (?!{_NO_THING})[^.!?]{{2,40}}?(?:,|;| and| but| yet)+ ?(?:but )?you (?:have |then )?"
    rf"(?:sent|shipped|delivered|packed|gave)(?: me| us)? (?!{_NO_THING})",
    r"\b(?:mine|ours) (?:should|ought to|(?:was|were) (?:supposed|meant) to) (?:have been|be) "
    r"(?!\w+ed\b|here|there|with|at\b|sent|in\b|on\b|by\b|ready)\w",
    # Another thing, somebody else's, and why it was sent at all.
    rf"\b{_SENT}(?: me| us)? (?:a |an |some )?{_VERY} (?:different|other|unrelated) "
    r"(?!(?:experience|answer|story|opinion|explanation|price|view|feeling|reply|person|agent|date|address|time|impression|amount|level|idea)s?\b)\w",
    rf"\b{_SENT}(?: me| us)? (?:another|some other|a different) (?:{_SORT}|article|thing|brand|flavou?r|variety|version)\b[^.!?]{{0,12}}?"
    r"\b(?:in|into) (?:my|our|the) (?:package|parcel|box|bag|order|delivery)\b",
    rf"\bwhy (?:did|do|have|has|was|were) (?:i|we|you) (?:receive|get|got|been sent|sent|send|ship|shipped|given|delivered)(?: me| us)? (?!{_NO_THING}|\w+ed\b)"
    r"[a-z][\w-]+",
    r"\b(?:these|this|those|they)(?: is| are|'re| was| were)(?:n't| not) (?:my|our) (?!(?:\w+ )?(?:fault|problem|business|first|style|thing|things"
    r"|taste|cup|idea|intention|favou?rite|only|last|usual|job|issue|place|size|colou?r|address|name|e-?mail|number|invoice|bill|account"
    r"|experience|opinion|words?|concern|responsibility|fa?vs?)\b)\w",
    r"\b(?:belongs?|belonging|addressed|labelled|should have gone|was going|was meant to go) (?:for|to) "
    r"(?:another|someone|somebody|a different|other|a stranger|one of your other|(?:my|a) neighbou?r)\b",
    # How it came about, and pairs that are none.
    r"\b(?:picking|packing|packaging|fulfill?ment|warehouse|shipping|despatch|dispatch) (?:error|mistake|mix-?up)s?\b",
    r"\b(?:two|2|both)(?: are| were)? (?:left|right)(?: ones\b|[- ](?:\w+ )?(?:shoes?|gloves?|boots?|socks?|slippers?|sandals?|sneakers?|mittens?)\b)"
    r"|\b(?:are|were) both (?:left|right)\b",
    r"\b(?:mixed up|swapped|switched|confused|muddled)(?: up)? (?:the |my |our |two |both )*(?:colou?rs?|sizes?|models?|items?|products?|flavou?rs?|labels?|bags?)\b"
    r"|\b(?:colou?rs?|sizes?|models?|products?|flavou?rs?|bags?)\b (?:were |was |got |are |have been )?(?:\w+ )?(?:mixed up|swapped|switched|muddled)\b",
    rf"\b{_SORT}(?: number| code| name)?\b[^.!?]{{0,30}}?(?:n't|\bnot) (?:match|correspond to|agree with) (?:the one |that |those |what is |what's )?"
    r"(?:on|in) (?:my|the|our|your) (?:\w+ )?(?:order|invoice|list|note|confirmation|website|receipt|description|picture)\b",
]

_Z_ORDERED = r"(?:买|订|下单|选|拍|要|点|付款|付钱)"
_Z_GOT = r"(?:收到|寄来|发来|送来|来|到|给我|给|发|寄|送|拿到|到手|打开)"

ELSE_CHINESE = [
    rf"(?:{_Z_ORDERED}了?的(?:是|为)?|{_Z_ORDERED}了?(?:是|为)|(?:我们?|明明|明明是){_Z_ORDERED}了?的|(?:本来|本)?应该?是)[^。！？，]{{1,16}}?[，,、 ]"
    rf"(?:但是?|可是?|却|结果|没想到|你们|商家|卖家|店家|实际|就|给我)*(?:{_Z_GOT}|这)[^。！？，真果确就]{{0,6}}?(?:是|成)"
    r"(?!好|坏|第|我|最|很|真|正品|新|吗)",
    r"(?:我们?)?(?:要|订|买|选|下单)(?:了|过|的是|的)?[^。！？，]{1,12}[，,](?:但是?|可是?|却|结果)?(?:你们|商家|卖家|店家)(?:却|给我|又|还)*(?:寄|发|装)(?:了|成|的)",
    rf"我们?(?:要|订|买|选)[^。！？，]{{1,12}}[，,][^。！？，]{{0,4}}?{_Z_GOT}[^。！？，]{{0,4}}?(?:却|竟|竟然|居然)是",
    r"(?:东西|商品|货|包裹|款)不对",
    r"把(?:别人|人家|邻居|其他人|别的客户)的[^，。]{1,6}?(?:寄|发|送|装|给)",
    r"(?:口味|型号|颜色|尺寸|尺码|款式|版本|味道|规格|品种|货|东西|商品)(?:都|又|也|是|给)?(?:(?:发|寄|送|装|拿)?错|(?:搞|弄|发|配|贴)(?:反|混|岔|串))",
    rf"(?:{_Z_GOT}|里面|装)[^。！？]{{0,6}}?(?:别人|人家|其他人|别的客户)的",
    r"(?:这|里面|寄来|收到|发来|包裹)[^。！？]{0,10}?不是我们?的(?!错|问题|菜|风格)|把我们?当成|(?:认|弄|搞)错(?:人|客户)",
    r"(?:来|收到|寄来|发来|送来|寄|发|送)了?[^。！？]{0,3}?错的",
    r"(?:编号|型号|货号|条码|序列号)[^。！？]{0,12}?(?:不一样|不符|对不上|不同|不一致)",
    r"(?:别人|人家|别家|其他人|其他客户|邻居|隔壁|楼上|楼下)的?(?:东西|货|包裹|订单|快递|商品)",
    r"(?:不是|并非)(?:我们?)(?:在[^，。！？]{1,6}?)?(?:花钱|付钱|付款)?(?:的?订单|选|买|订|要|拍|下单|点|挑)(?:上|中|好)?[的过那]",
    r"(?:发|寄|送|拿|装|配|拣|捡|打包)(?:错|混|串|反|成|岔)了?(?!地址|发票|功|熟|本)|(?:拣|捡|配)货?.{0,2}?(?:错|岔|混)|打包(?:打|搞|弄)(?:错|岔|混)",
    r"(?:订单|包裹|货|东西|快递|标签)[^，。！？]{0,5}?(?:弄|搞|发|寄|装|贴)?(?:混|串|调包|弄反|搞反|弄错|搞错)了?",
    rf"(?:跟|和|与)(?:我们?)?(?:{_Z_ORDERED}|送货单|清单|明细|订单|网上)[^，。！？]{{0,4}}?(?:不一样|不同|不符|对不上|不一致|两回事|两样|两码|完全不)",
    rf"(?:收到|寄来|发来|里面|多了|来了)[^。！？]{{0,12}}?(?:从来|从|根本|压根)*(?:没|没有){_Z_ORDERED}(?!过?的?(?:发票|收据|小票))过?的?",
    r"(?:打开|收到|拆开|到手|里面|一看)[^。！？]{0,6}?不是[^，。！？]{1,8}[，,]?(?:而|竟|却)?是",
    r"(?:包裹|快递|箱子|货|东西)[^。！？]{0,14}?(?:不是我们?的|不是给我|是给别人|是寄给.{1,6}的人)",
    rf"(?:标签|包装|盒子|袋子|盒)上?写(?:的|着)?[^，。！？]{{1,8}}[，,]我?(?:们)?{_Z_ORDERED}",
    r"(?:给我|你们|商家|卖家|店家|仓库|工人|打包的人?)(?:寄|发|送|塞|装|放)(?:来|了|给我|成|进)*的?(?:是)?(?:别的|其他的?|另外|另一)(?!时间|地址|快递|地方|赠品|礼)",
    # What was agreed, and what it is.
    rf"(?:(?:我们?|明明)(?:{_Z_ORDERED}|挑)了?的?(?:是)?|说好(?:的|是|了)*)(?!发票|[^，。！？]*(?:[天周日]|[0-9一二三四五六七八九十]号))[^。！？，]{{1,12}}[，,](?:但是?|可是?|却|结果|没想到|你们)*"
    r"(?:给我(?:来|寄|发|送|装)|寄来|发来|送来)(?:了|的|的是|是)*(?:一?[个件袋盒双只瓶款条包罐箱台])?(?!一|[^，。！？]{0,3}(?:坏|破|碎|旧|过期|临期|赠|礼|小样|短信|发票|优惠))"
    r"[^，。！？]{1,8}?(?:的|号)(?=[，。！？了]|$)",
    rf"(?:我们?|明明)(?:{_Z_ORDERED}|挑)了?的?(?:是)?[^。！？，]{{1,12}}变成了?",
    r"我(?:那|这)[个件双只盒袋款条瓶]?(?:本来)?应该是(?![^，。！？]*(?:到|发|寄|送|天|好))[^，。！？]{1,8}的",
    # Another thing, somebody else's, and why it was sent at all.
    r"(?:装|寄|发|送|拿|放|塞|收到|配)(?:了|来|成)?[^。！？，]{0,4}?(?:完全|根本|压根|毫)(?:不一样|不同|不相干|不相关|无关系?)的(?!体验|感觉|感受|服务|答复|说法|价格|回答|结果|风格)",
    rf"(?:盒子?|箱子?|包裹|快递|袋子?)里[^。！？]{{0,16}}?我们?(?:从来|从|根本|压根|又|并)*(?:没有?|不曾){_Z_ORDERED}过?(?!发票)",
    rf"(?:从来?|根本|压根)没有?{_Z_ORDERED}过[^。！？]{{0,8}}?[，,]?[^。！？]{{0,6}}?(?:寄|发|送)(?:给|来)",
    r"(?:怎么|为什么|为啥|咋|干嘛)(?:会|又|都|是)*给我们?(?:寄|发|送|装|配|拿)(?:来)?(?:了|的是|成)(?!两|[^，。！？]{0,5}(?:发票|短信|邮件|广告|优惠|通知|消息|坏|破|碎|旧|过期|空|少|地址))",
    r"(?:是|属于)(?:另一?[位个]|别的|其他)(?:顾客|客户|客人|买家|人家?)的(?!错|问题|意见|说法|评价|推荐|原因|责任)",
    # Pairs that are none.
    r"(?:两|俩|2)[只个][^，。！？]{0,3}?都是[左右](?:手|脚|边|的)|(?:两|俩|2)[只个][左右](?:手|脚)",
]
_ENGLISH, _CHINESE = re.compile("|".join(ELSE_ENGLISH)), re.compile("|".join(ELSE_CHINESE))


def something_else(plain: str) -> Iterator[tuple[int, int]]:
    """Where it is said that something else came than was ordered."""
    for pattern, script in ((_ENGLISH, re.compile("[a-z]{3}")), (_CHINESE, HAN_RUN)):
        if script.search(plain):
            yield from (match.span() for match in pattern.finditer(plain))
