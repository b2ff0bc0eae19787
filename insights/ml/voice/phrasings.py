"""Wordings that say something only as a whole: rhetorical questions, waiting in figures, repeated attempts, sarcasm.

All patterns are for folded text. A weak one counts only where no word of the lists says anything.
"""

import re
from dataclasses import dataclass

from insights.ml.voice import failures

_N = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many|a few|a couple of)"
_SPAN = r"(?:hours?|hrs?|days?|weeks?|months?|minutes?|mins?)"
_Z = r"(?:\d+|[一二两三四五六七八九十几半多]+)"
_ZSPAN = r"个?(?:多)?(?:小时|钟头|天|日|星期|礼拜|周|月|年)"
_MEASURE = "小|大|薄|厚|短|长|紧|松|重|轻|硬|软|淡|浓|咸|酸|苦|吵|暗|低|高|窄|挤|滑|干|冷|热|晃|虚|沉|细|粗|少|旧|远|乱|闷|潮|糙|稀|瘦|肥|辣"
_FAILS = "坏|断(?!货|码)|破|掉|裂|漏|死|卡|黑|烂|脱|松|锈|霉|不|没|碎|废|起球|褪色|变形|开胶|完"


@dataclass(frozen=True, slots=True)
class Phrasing:
    """weight None: what is covered turns nothing and says nothing. told: asked or supposed it counts less."""

    pattern: re.Pattern[str]
    weight: float | None
    aspect: str = ""
    weak: bool = False
    told: bool = False


def _of(
    pattern: str, weight: float | None, aspect: str = "", weak: bool = False, told: bool = False
) -> Phrasing:
    return Phrasing(re.compile(pattern), weight, aspect, weak, told)


def _failures(help_: list[str], something_else: list[str]) -> list[Phrasing]:
    """Whoever was sent something else speaks of how the order was carried out."""
    tried = [Phrasing(re.compile(one), -2.0, told=True) for one in help_]
    return tried + [
        Phrasing(re.compile(one), -2.0, "delivery", told=True) for one in something_else
    ]


ENGLISH = [
    # What is no negation
    _of(r"\bnever (?:\w+ ){0,3}?(?:such|so|this|more)\b", None),
    _of(r"\b(?:not|n't|cannot) (?:be |have been |ask for |get any |get |any |imagine |do )?(?:happier|better|easier|more pleased|more satisfied)\b", 2.8),
    _of(r"\b(?:not|n't) (?:be|have been|get|get any) (?:any )?worse\b", -3.0),
    _of(r"\b(?:couldn't|can't|cannot|could not) (?:have )?(?:recommend(?:ed)?|praise|thank|rate) (?:\w+ ){1,3}?(?:enough|more highly|highly enough)\b", 2.8),
    _of(r"\b(?:do|does|did|would)(?:n't| not|nt) (?:really |particularly |much |even )?(?:like|enjoy|trust)\b|\bdislike[sd]?\b", -1.9),
    _of(r"\b(?:i|we|they|kids|family|everyone|everybody|wife|husband|guests|colleagues|customers)(?: all| both)?(?: really| quite| also| do)? liked?\b|\breally likes?\b", 1.7),
    _of(r"\b(?:i )?can't even\b|\bcannot even\b", -1.2, "", True),
    _of(r"\bto whom it may concern\b|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bbe )(?<!\bstay )(?<!\bkeep )(?<!\bkept )\bon top of (?:it|that|this|all)\b", None),
    _of(r"\b(?:do|did|can)(?:n't| not|not) (?:think|believe|recall|remember|know) (?:that )?(?:(?:i|we)(?:'ve| have)? )?(?:have )?ever (?:been|being|felt) (?:so much as )?(?:disappointed|let down|unhappy|dissatisfied)\b", 2.6),
    _of(r"(?<!not )(?<!n't )(?<!never )\b(?:got|received) (?:the|my|a|our|your)(?: full| whole)? refund\b|\b(?:refund|replacement) (?:(?:has|is|was|just|now|finally|already) )*(?:arrived|came|received|here|landed|gone through|come through)\b(?! (?:broken|damaged|late|wrong|with|too|faulty|dented|cracked)\b)", 1.4, "returns", told=True),
    _of(r"\blast time (?:i|we)(?: will|'ll)? (?:ask|write|call)(?!ed)\b", -1.6, "service"),
    _of(r"\bif only\b|\bif .{3,45}?\bwere(?: (?:as |half as |any |more |only )?\w+)?", -1.6),
    # Rhetorical questions
    _of(r"\b(?:why|how come) (?:can't|cannot|on earth|do|don't|does|doesn't|did|didn't|is|isn't|are|aren't|has|hasn't|have|haven't|am|was|wasn't|won't|would|wouldn't|should|must|bother|even)\b", -1.2, "", True),
    _of(r"\bhow (?:hard|difficult|complicated) (?:is|can|could) (?:it|that)\b", -2.2),
    _of(r"\bhow (?:is|are|can|could|does|do) (?:that|this|it|you|anyone|somebody) (?:even |possibly |ever )?(?:possible|acceptable|normal|legal|a thing|happen|mess|lose|justify|run|stay)", -2.2),
    _of(r"\bhow (?:much longer|long (?:do|must|should|am|are) (?:i|we)|many (?:more )?(?:times|days|hours|weeks|calls|e-?mails) (?:more )?(?:do|must|does|should|will|have|has|until|before))\b", -1.2, "delivery", True),
    _of(r"\bwhat(?:'s| is) (?:the point|wrong with|going on|happening|taking)", -1.5),
    _of(r"\b(?:is|are|does|do|will|has) (?:anybody|anyone|somebody|someone|any of you) (?:there|even|ever|actually|reading|going|at|home|care|answer|work|reply|listen)", -1.8, "service"),
    _of(r"\b(?:are you|you(?:'ve| have) got to be|you must be|got to be) (?:all |people |guys )?(?:kidding|serious|joking|even|insane|deaf|asleep)", -2.4),
    _of(r"\bdo you (?:even|people|ever|guys|really|honestly|call|think it)\b", -1.6),
    _of(r"\b(?:who|what kind of (?:company|shop|service|people)) (?:designed|thought|on earth|is responsible|approved|treats|does)\b", -1.6),
    _of(r"\bwhere (?:is|are|'s) (?:my|our|the)\b", -0.6, "delivery", True),
    _of(r"\bwhen (?:will|can|do|are|is) (?:i|you|we|my|it|somebody|someone|anyone) (?:\w+ )?(?:finally|ever|actually)\b", -1.6, "delivery"),
    # Waiting and trying in figures
    _of(rf"\b{_N} (?:extra |more |whole |full |business |working )?{_SPAN}(?: \w+)? (?:late|later than|past|overdue|delayed|behind|longer|too late|and counting|and still|and nothing|now and|already)\b", -2.3, "delivery"),
    _of(rf"\b(?:waited|waiting|wait|on hold|delayed|took|takes|held|stuck|sat|sitting|late by)(?: (?:for|over|about|almost|more than|nearly|around|at|on|us|me|here|there|by|an|another))* {_N} (?:extra |more |whole |full |long )?{_SPAN}\b", -2.2, "delivery"),
    _of(rf"\b(?:took|takes|taking|lasted|needed) (?:me |us |you |them )?(?:\w+ )?(?:a|an|{_N}) (?:whole |full |long )?(?:weeks?|months?|years?)\b", -1.8, "delivery"),
    _of(rf"\b{_N} (?:weeks|months|days|hours) (?:for|just for|to get|to receive|to answer|until) (?:a|an|one|the|my|to|you)\b", -1.8, "delivery"),
    _of(rf"\bafter {_N} (?:weeks|months|days|hours) of (?:waiting|silence|calls|nothing)\b", -2.0, "delivery"),
    _of(rf"\b(?:over|more than|almost|nearly|for|after) (?:an|{_N}|a) (?:\w+ )?(?:hours?|hrs?) (?:hold|wait|delay|on hold|on the phone|late)\b", -2.0, "service"),
    _of(rf"\b(?:called|phoned|written|wrote|e-?mailed|asked|tried|complained|contacted|rung|rang) (?:you |them |support |us |customer service )?(?:{_N} times|twice|again and again)\b", -1.8, "service"),
    _of(r"\b(?:second|third|fourth|fifth|2nd|3rd|4th|5th|umpteenth|hundredth) (?:time|attempt|e-?mail|call|request|complaint|message|letter|replacement|delay|order in a row)\b", -1.4),
    _of(r"\b(?:broke|died|failed|stopped|leaks|leaked|cracked|fell apart|gave up|came off|snapped) (?:\w+ ){0,2}?(?:after|within|in) (?:only |just |less than )?(?:a|an|one|the first|\w+) (?:use|uses|day|days|week|weeks|month|months|wash|washes|hour|hours)\b", -2.6, "quality"),
    # Too much, too little
    _of(r"\btoo (?:small|big|large|thin|thick|long|short|tight|loose|heavy|light|sweet|bitter|sour|salty|late|much|many|few|complicated|loud|noisy|hot|cold|weak|strong|dark|bright|hard|soft|slow|narrow|wide|high|low|old|far|early|often)\b(?! to (?:be|wait|thank))", -1.6),
    _of(r"\b(?:smaller|thinner|weaker|shorter|lighter|slower|louder|darker|cheaper looking|more expensive|less fresh|dearer) than (?:expected|it|the|i|in|before|described|advertised|promised|on|they|usual|you|any|last)\b", -1.6),
    _of(r"\b(?:better|faster|easier|nicer|fresher|quicker|quieter|lovelier|tastier|cheaper|smoother|sturdier) than (?:expected|ever|before|i|any|the old|in the|my|we|all|anything|most|other|promised)\b", 2.2),
    _of(r"\b(?:others?|competitors?|elsewhere|other (?:shops?|stores?|airlines?|companies)) (?:\w+ )?(?:is|are|do|does|offer|have|has|can|manage) (?:\w+ ){0,3}?(?:better|cheaper|faster|less|it)\b", -2.0),
    _of(r"\b(?:cheaper|for less|better|faster|half the price)(?: \w+)? (?:in|at|from|with|by) (?:another|other|a different|any other|your competitor|the competition|town|amazon|the supermarket)\b", -1.8, "price"),
    _of(r"\bshould have (?:been|arrived|come|reached|gone|had|received)\b", -1.8, "delivery"),
    _of(r"\b(?:does not|doesn't|did not|didn't|do not|don't) do what\b", -2.2, "quality"),
    _of(r"\b(?:received|got|sent me|was sent|delivered|contained|found) something (?:else|different|completely different)\b", -2.2, "quality"),
    _of(r"\b(?:cannot|can't|could not|couldn't|unable to) (?:use|drink|eat|wear|open|close|turn|get|reach|log|find|pay|order|connect|register|assemble)\b", -1.6, "", True),
    _of(r"\b(?:have|had|i've|we've) (?:had|seen|tasted|used|drunk|known) better\b", -1.2),
    _of(r"\b(?:few|fewer|minor|very few) (?:issues|problems|complaints|faults)\b", 0.8),
    _of(r"\bnot even (?:a|an|one|any|the|bother|close|apolog\w*|offer\w*|answer\w*)\b", -1.8),
    _of(r"\bno [\w-]+(?: \w+)?, no [\w-]+", -2.0),
    _of(rf"\b{_N}\+? ?(?:hours?|hrs?|days?|weeks?|months?) (?:on|in|at|of|with|waiting|sitting|without|later|now|ago and)\b", -1.4, "", True),
    _of(r"\bkeeps? (?:me |us |on )?\w+ing\b(?! me happy)", -1.4, "", True),
    _of(r"\byou (?:really |guys |people |all |seriously )*(?:need|ought|should|must|have) to (?:really )?(?:train|fix|improve|learn|do better|get|work|teach|hire|sort|change|stop|answer|look|read|update|invest|upgrade|explain|be)\b", -1.6),
    _of(r"\bany chance (?:someone|somebody|anyone|anybody|you|of)\b", -1.0, "", True),
    _of(r"\b(?:you|they) (?:want|wanted|charge[ds]?|demand(?:ed)?|ask(?:ed)?) (?:me |us )?(?:for )?(?:another |an extra )?(?:[$€£]\d|\d+ ?(?:dollars|euros?|pounds|bucks))", -1.5, "price"),
    _of(r"\b(?:paid|pay|paying|charged) (?:extra|again|double|full price|good money|more)\b", -1.3, "price", True),
    _of(rf"\b(?:asked|requested|called|told|wrote|written|contacted|reported)\b.{{0,30}}\b(?:{_N} times|twice|multiple times|several times|repeatedly|yesterday|last week|weeks ago|days ago)\b", -1.5, "service", True),
    _of(r"\bexpected (?:a|an|my|the|to|you|it|this|that)\b|\bwas (?:meant|supposed|due|scheduled) to\b|\bwere (?:meant|supposed) to\b", -1.2, "", True),
    _of(r"\b(?:never|not|haven't|hasn't) (?:\w+ )?(?:felt|looked|tasted|slept|been|smelled|sounded|worked|had) (?:this|so|such|better|as good)\b(?! (?:bad|poor|sick|angry|disappoint|frustrat|rude|slow|late|annoy|much trouble|insult))", 2.4),
    _of(r"\b(?:bought|ordered|getting|got|buying|ordering) (?:a|another|my) (?:second|third|fourth|another)\b|\banother one for\b|\bone for my (?:mum|mom|mother|sister|brother|dad|friend|wife|husband|daughter|son)\b", 1.5, "", True),
    _of(r"\b(?:thanks|thank you|ok|okay),? (?:i )?(?:will do|got it|just did|i will|i'll|i have|done|sent|will check|understood|noted)\b", 0.3),
    _of(r"\bwelcome to (?:19\d\d|hell|the (?:worst|club|real))", -1.8),
    _of(r"\b(?:which|what) is it\b(?=\?)|\bmake up your mind\b", -1.6),
    _of(r"\bnext to the toilet\b|\bmiddle seat\b|\blast row\b", -1.0, "", True),
    _of(r"\bstill (?:not|without|un\w+)\b(?: \w+)?|\b(?:is|are|has|have|was)(?:n't| not) (?:back|here|there|fixed|solved|resolved|refunded|arrived|come) yet\b", -1.9),
    # Never, nothing, nobody
    _of(r"\b(?:never|not once) (?:got|came|arrived|received|heard|answered|worked|works|called|replied|turned up|showed|sent|fixed|responded|again|delivered|refunded|happened|buying|ordering|flying|using|shopping)\b", -2.4),
    _of(r"\b(?:nobody|no one|no-one|not one of you|not a soul) (?:\w+ )?(?:answer|repl|respond|pick|care|help|told|tell|know|call|bother|could|can|seems|wants|was|is|came|reads|will)\w*", -2.0, "service"),
    _of(r"\b(?:no|not any|not a single|(?:not|n't|never) (?:\w+ ){1,2}?(?:any|a|an|a single|one)|without (?:any|a)|zero|not one|not even an?) (?:single )?(?:reply|response|answer|refund|apology|explanation|update|tracking|communication|news|word|information|notice|warning|solution|help|reaction)\b", -2.2, "service"),
    _of(r"\b(?:won't|will not|will never|would not|wouldn't|not going to|shall not|not|never) (?:be )?(?:buy|buying|order|ordering|shop|shopping|fly|flying|use|using|come|coming|return|returning|stay|staying|recommend|recommending|book|booking|spend|spending)(?:ing)? (?:\w+ ){0,4}?(?:again|back|here|you|anymore|any more|them|anyone|anybody)\b", -2.8, "_leaving"),
    _of(r"\b(?:i|we)(?:'ll| will| am going to| would| shall) (?:definitely |certainly |gladly |happily |always |surely |keep )?(?:buy|buying|order|ordering|shop|fly|use|come back|return|stay|be back|book|recommend)(?:\w* ){0,4}?(?:again|here|you|back|from you|it to|this to|this shop|them)\b", 2.2),
    _of(r"\b(?:i|we)(?:'ll| will|'m| am|'re| are) (?:now )?(?:going to |have to )?(?:go(?:ing)? to|tak(?:e|ing) (?:my|our)|switch(?:ing)?|leav(?:e|ing)|mov(?:e|ing)|look(?:ing)? (?:at|for) (?:an|other)|buy(?:ing)? (?:\w+ )?elsewhere)", -2.4, "_leaving"),
    _of(r"\b(?:wish|wished) (?:i|we) (?:had|'d|could|hadn't|had not|never|have)\b", -1.8),
    _of(r"\bshould(?: not|n't| never) have (?:to|bought|ordered|trusted|happened|come)\b", -1.8),
    _of(r"\b(?:wouldn't|would not) (?:wish|trust|touch|go near|give|pay|feed)\b", -2.2),
    _of(r"\b(?:you|they|it|that|this) (?:just )?(?:lost|ruined|spoiled|spoilt|missed|wrecked|killed|cost) (?:me|us|my|our|a|the)\b", -2.2),
    _of(r"\b(?:lost|losing|damaged|broke|forgot|ruined|misplaced|destroyed|delayed|cancell?ed|emptied|stole) (?:my|our) \w+", -2.3),
    _of(r"\b(?:charged|billed|debited|taken|deducted|withdrawn|withdrew|took|booked)\b.{0,40}\b(?:twice|double|two times|again|too much)\b", -2.4, "payment"),
    _of(r"\b(?:costs?|costing|cost) (?:me|us) (?:a lot of |so much )?(?:time|money|nerves|hours|customers|a fortune)\b", -1.8),
    _of(r"\b(?:this|that|it)(?: is| was|'s| will be|'ll be| has been)(?: \w+ly)? (?:my|our|the) (?:very )?last (?:order|purchase)\b", -2.4, "_leaving"),
    _of(r"\b(?:i|we) (?:will |shall |now |'ll )*(?:order|buy|spend|visit) less\b|\b(?:i|we) (?:now )?(?:buy|order|shop) (?:\w+ )?(?:in town|locally|somewhere else|elsewhere)\b", -1.8, "_leaving"),
    _of(r"\b(?:past|after|beyond|before) (?:its|the|their) (?:expiry|best before|sell.by|use.by|expiration)? ?date\b", -2.0, "quality"),
    _of(r"\b(?:not|nothing) (?:like|what|as|the same as) (?:the |i |it |you )?(?:description|picture|pictures|photo|photos|ordered|expected|used to be|described|pictured|advertised|promised|hoped|have been getting)\b", -2.2, "quality"),
    _of(r"\b(?:instead|rather than|and) (?:i )?(?:got|received|sent|found|ended up with) (?:me )?(?:a|an|the|something|some)\b", -0.8, "", True),
    _of(r"\bhalf (?:of )?(?:the|my|it|them)?\s?\w* ?(?:is|was|were|are) (?:missing|empty|broken|spilled|gone|melted)\b", -2.2, "quality"),
    _of(r"\bexpected (?:\w+ )?(?:better|more|faster|different)\b|\b(?:better|more) (?:was|were) expected\b", -1.8),
    _of(r"\b(?:more|better) from (?:you|a|this|such)\b", -0.8),
    _of(r"\b(?:not|n't|hardly) worth (?:it|the|a|my|your)\b", -2.2, "price"),
    _of(r"\b(?:within|in) (?:a few |just |only )?(?:minutes|the hour|an hour|seconds|no time)\b", 1.5, "", True),
    _of(r"\b(?:could|can)(?:n't| not|not) (?:have )?(?:ask(?:ed)?|wish(?:ed)?|hoped?) for (?:a )?(?:better|more|anything)\b", 2.8),
    _of(r"\b(?:nothing|no reason|little) to (?:complain|criticise|criticize|fault|moan)\b", 2.0),
    _of(r"\b(?:helped|solved|fixed|resolved|sorted) (?:me|us|it|that|this|everything|my \w+|our \w+|the (?:problem|issue))\b", 1.8),
    _of(r"\b(?:looks?|looked|smells?|smelled|sounds?|sounded|tastes?) (?:quite |very |really )?(?:good|nice|great|pretty|fine|ok|okay)(?:,)? (?:and|but) (?:that|this)(?:'s| is| was) (?:about it|about all|all|it)\b", -1.6),
    _of(r"\b(?:worth it|worth the (?:money|price|wait)|recommend(?:ed)?(?: it)?|(?:buy|order) (?:it )?again|happy|satisfied)\? (?:oh )?(?:absolutely|definitely|totally|yes|of course|for sure|without (?:a )?doubt|always|any time|certainly|very)\b", 3.0),
    _of(r"\b(?:worth it|worth the (?:money|price|wait)|recommend(?:ed)?(?: it)?|(?:buy|order) (?:it )?again|happy|satisfied)\? (?:no|nope|not|hardly|never|absolutely not|definitely not|certainly not|sadly)\b", -3.0),
    _of(r"(?:\bnot|\bnever|n't) (?:have |been |be )?(?:a|one|any)(?: single)? (?:thing|part|moment|aspect|detail) (?:that )?(?:i|we|you|to) (?:\w+ )?(?:dislik|regret|hat|fault|complain|criticis|criticiz|improv)\w*", 2.4),
    _of(r"\b(?:no|zero|without (?:any )?) ?(?:regrets|complaints|faults|flaws|hassle)\b|\b(?:never|not once) (?:had|have|has|been|gave|given) (?:\w+ )?(?:an?|any|one) (?:\w+ )?(?:issue|problem|fault|complaint|trouble|defect)s?\b", 2.0),
    _of(r"\b(?:does|do|can|could|did)(?:n't| not|not) get (?:any |much )?better\b|\b(?:would|will)(?:n't| not) change (?:a|any|one)(?: single)? ?thing\b", 2.8),
    _of(r"\b(?:tast|smell)(?:es?|ed|ing) (?:of|like) (?:absolutely |almost |just )?(?:nothing|water|cardboard|plastic|soap|paper|dishwater|rubber|chemicals)\b", -2.4, "taste"),
    _of(r"\bexpected (?:little|nothing|less|not much)\b.{0,12}?\b(?:got|received|was given|found) (?:a lot|so much|much|more|everything)\b|\b(?:cheap|cheaper|pays off|pays for itself|worth it)(?: \w+)? in the long (?:run|term)\b", 2.4),
    _of(r"\b(?:expensive|pricey|dear|complicated|odd|plain) at first (?:sight|glance)\b", -0.6),
    _of(r"\b(?:no|fewer|losing|lose|lost) (?:\w+ )?customers(?: left)?\b", -1.6),
    _of(r"\b(?:barely|hardly|scarcely) (?:drinkable|edible|eatable|usable|readable|legible|audible|wearable)\b|(?:\bnot|n't) (?:quite |really |even )?live up to\b|(?:\bnot|\bnever|n't) (?:keep|kept|keeping) (?:your|their|its|any) (?:word|promises?)\b", -2.2),
    _of(r"(?:\bnot|n't) (?:at all )?what (?:was|i|we|you|they) (?:was |were |had |have )?(?:advertised|promised|described|ordered|paid for|expected|shown)\b|(?:\bnot|n't) (?:taste|smell) of anything\b", -2.2, "quality"),
    _of(r"\bno longer (?:heats?|works?|turns? on|starts?|charges?|closes?|opens?|holds?|seals?|fits?|responds?|grinds?|spins?|prints?)\b", -2.2, "quality"),
    _of(r"\bnot (?:exactly |really )?(?:your|their) (?:strong (?:point|suit)|strength|forte)\b", -2.2, "service"),
    # What came, and how long it lasted
    _of(r"\b(?:box|parcel|package|bag|packet|jar|tin|envelope|bottle)(?: itself)? (?:is|was|came|arrived|turned up) (?:completely |totally |almost |half )?empty\b|\b(?:got|received|sent|delivered|found|with|just|only) (?:me |us )?an empty (?:box|parcel|package|bag|packet|jar|envelope)\b", -2.4, "delivery"),
    _of(r"\bwithout (?:any |proper |enough |a bit of )?(?:padding|protection|bubble wrap|cushioning|protective packaging)\b", -2.0, "packaging"),
    _of(r"\b(?:lasted|survived|held|held up|worked)(?: for)? (?:(?:just|only|barely|exactly|all of|a grand total of|less than|not even) (?:a |an )?|an? (?:whole|full|entire) )(?:\w+ )?(?:minutes?|hours?|days?|weeks?)\b", -2.4, "quality"),
    _of(r"\b(?:looks?|looking|works?|runs?) (?:still )?(?:like|as good as) new\b", 2.0),
    _of(r"\b(?:roasted|baked|packed|harvested|bottled) (?:last year|(?:over |more than |almost )?(?:a|one|two|three|several|\d+) (?:years?|months) ago)\b", -1.4, "quality"),
    # Habits and trades, which judge nothing
    _of(r"\bwhy (?:is|are) (?:there|the|it|they)\b(?! (?:\w+ )?(?:so|such|still|always|never|not|no)\b)", None),
    _of(r"\b(?:i'm|am|are|is) allergic to \w+|\b(?:i|we) avoid\b", None),
    _of(r"\b(?:brother|sister|wife|husband|son|daughter|friend|colleague|mother|mum|father|dad|he|she|who|i|we|they)(?: \w+)? work(?:s|ed)?\b", None),
    _of(r"\b(?:i|we|he|she|they|husband|wife|daughter|son) (?:have |has |had )?(?:gave|given|give) up (?!on\b|waiting|trying|calling|hoping)\w+", None),
    *_failures(failures.HELP_ENGLISH, failures.ELSE_ENGLISH),
]  # fmt: skip

CHINESE = [
    _of(r"一(?:试|弄|换|调|按|擦|洗|装)就(?:好|行|灵|成|通|干净)了?", 1.8),
    _of(r"比(?:我)?(?:想象|想的|预想|预期|图片|照片|以前|之前|原来|别家)[^，。！？]{0,4}?(?:好|漂亮|大方|快|香|新鲜|便宜|实惠|舒服|精致|满意)", 2.4),
    _of(r"没(?:有)?比(?:这|他|它)[^，。]{0,2}更", 2.6),
    _of(r"没(?:有)?(?:什么|啥)(?:好|可)(?:挑|抱怨|说|投诉|担心)的?", 2.0),
    _of(r"一(?:件|个|样|包|瓶)(?:都|也)?不(?:少|缺|差)", 1.6),
    # 自己的习惯，不是评价
    _of(r"(?:我|他|她|孩子|老公|老婆|家人|儿子|女儿)[^，。]{0,3}对[^，。]{1,6}过敏", None),
    _of(r"(?:用|吃|喝|要)不(?:了|完)[那这]么多|一般(?=不(?!好)|都(?!不)|会|在|是(?!不)|只|从|几|多久|周|下单|用|买|喝|吃)", None),
    _of(r"(?:不|戒|很少|从来不)(?:再|怎么|太|大|常)?(?:吃(?!亏|力|香)|喝|抽|放(?!心)|加|碰)[^，。！？!?也很都就好太难不没还又是]{0,4}?(?=了|的|[，。！？!?]|$)", None),
    # 不是否定
    _of(r"(?:从没|从来没|从未|没有?|头一次|第一次|头一回)有?(?:见|遇|碰|用|买|吃|住|喝)(?:到)?过?(?:到过)?(?=.{0,2}(?:这么|这样|如此|那么|比|更))", None),
    _of(r"(?:好|不)(?:容易)(?:才)", -0.8),
    _of(r"不能(?:再|更)(?:好|满意|赞|棒|喜欢|实惠|划算|开心|高兴|完美|香|舒服|贴心|方便|漂亮|新鲜)[喝吃用看]?了?", 2.8),
    _of(r"(?:不能|没法)(?:再|更)(?:差|烂|慢|坏)了?", -3.0),
    _of(r"(?:没有?|无)(?:比|什么比).{1,6}更(?:好|棒|香|快|合适)", 2.5),
    _of(r"(?:还|也|挺|都|倒|质量|味道|东西|感觉|总体|整体)可以(?:的|吧|啦)?(?=[\s，。！,!;；]|$)|^可以(?:的|吧)?(?=[\s，。！,!]|$)", 0.8),
    _of(r"(?:用|吃|喝|住|见|买|看|玩)过(?:比这)?更好", -1.2),
    # 过与不及
    _of(rf"(?:太|过于|实在太|太过|未免太)(?:{_MEASURE})(?![家方气])", -1.6),
    _of(rf"(?:有点儿?|有些|偏|略|略微|稍微?|稍显|略显|显得)(?:{_MEASURE})(?![家方气])", -1.0),
    _of(r"(?:比|跟|和|与)(?:图片|照片|描述|想象|宣传|网上|介绍|图上|以前|之前|从前|说的|预期|展示)(?:上|中|里)?(?:看到)?(?:的)?(?:要|还|有)?(?:差|小|不|薄|丑|短|暗|慢|贵|少|两码)", -2.0),
    _of(rf"(?:{_MEASURE})得(?!到|体|上|出)", -1.6),
    _of(r"被.{0,6}?(?:骗|坑|忽悠|宰|耍|套路|糊弄|蒙)", -2.4),
    _of(r"这(?:不|难道不)就?是.{1,10}(?:吗|么)", -1.6),
    _of(r"说是.{1,12}?(?:其实|实际|结果|窗外|里面|到手|根本|却|收到)", -1.6, "", True),
    _of(r"跟.{1,6}似的|像.{1,6}似的", -0.8, "", True),
    _of(r"(?:第[二三四五六七八九十几\d]+|好几|无数|多)(?:次|回)(?:购买|买|来|入住|光顾|回购|下单|住|在这|在他家|在你)了?(?!.{0,6}(?:坏|错|失望|出问题))|(?:又|再次|再)(?:来)?(?:买|回购|下单|购买|囤)(?:了|一)", 1.5, "", True),
    # 没多久就坏
    _of(rf"(?:才|刚|没|不到|仅|只|用|买|穿|戴|开|放)(?:了|用|买|穿|到手|戴|过)*(?:没|不到|才)?{_Z}(?:{_ZSPAN}|次|回)?.{{0,10}}?(?:就|便|又)(?:.{{0,4}}?)(?:{_FAILS})", -2.6, "quality"),
    _of(rf"(?:一|刚|才)(?:用|穿|洗|开|打开|拿|碰|拧|坐|收到|到手|插)就.{{0,4}}?(?:{_FAILS})", -2.4, "quality"),
    _of(rf"(?:到手|收到|打开|拆开|回来|拿到)(?:手)?(?:一看|后)?(?:发现|就|居然|竟然|才)(?:.{{0,6}}?)(?:{_FAILS}|少|错|脏|划痕)", -2.2, "quality"),
    # 等与催
    _of(rf"(?:等了?|都|已经|过了|过去|拖了|快|足足|整整|耗了|超过)+\s*{_Z}\s*{_ZSPAN}了?[^。！？]{{0,8}}?(?:还|都|仍|也|才|一直)?(?:没|不|未|才)", -2.3, "delivery"),
    _of(rf"等了\s*(?:将近|快|整整|足足|差不多)?\s*{_Z}\s*{_ZSPAN}", -1.9, "delivery"),
    _of(rf"{_Z}{_ZSPAN}(?:了)?才", -2.0, "delivery"),
    _of(rf"(?:整整|足足)(?:一|{_Z}){_ZSPAN}(?!没问题)", -1.6, "delivery", True),
    _of(rf"(?:晚|迟|延误|延迟|拖|多等|超期|推迟|耽误)(?:到)?了?(?:整整|足足)?\s*{_Z}\s*{_ZSPAN}", -2.2, "delivery"),
    _of(rf"(?:打|拨|联系|找|催|问|说|投诉|反映|反馈|发|跑)(?:了|过)?(?:客服|你们|商家|卖家)?(?:{_Z}|好几|好多|无数|不知多少|不下{_Z})(?:次|个|遍|回|通|趟)", -1.8, "service"),
    _of(r"第[二三四五六七八九十\d几]+(?:次|回|遍|封)(?:投诉|坏|问|来信|联系|催|写|出|遇|退|换|反映)", -1.2, "", True),
    _of(r"(?:还|仍|仍然|依然|至今|到现在|一直|始终|迟迟|直到现在)(?:都|也|还)?(?:没|没有|未|不)(?!错|满|难)(?:人|有|给|见|收|解|处|发|回|到|动|退|修|消)", -2.0, "service"),
    _of(r"又(?:是)?(?:碎|坏|破|漏|断(?!货|码)|错|少|晚|裂|掉|死机|发错|涨|没(?!货)|卡|停|推|拖|忘|弄错|搞错|寄错|扣)", -2.0),
    _of(r"(?:没有?|无)(?:任何|一点|半点)?(?:通知|回复|答复|回应|解释|说明|道歉|消息|音讯|反馈|说法|交代|下文|人管|人理)", -2.2, "service"),
    _of(r"没(?:有)?(?:给)?(?:包|装|封|贴|盖|锁|固定|缝|焊|粘|洗|弄|处理|做|磨|切|煮)(?:好|紧|牢|严|干净)", -1.8, "quality"),
    # 反问
    _of(r"逗我|耍我|玩我呢|开玩笑|搞笑(?:吗|呢)|忽悠谁", -2.2),
    _of(r"(?:有)?(?:这么|那么|很)难(?:吗|么)", -2.0),
    _of(r"有(?:什么|啥|个屁|个毛)用(?=[？?！!。，]|$)", -2.2),
    _of(r"(?:要我|让我|我要|还要|得)(?:再)?(?:问|催|打|等|说|跑)(?:几|多少)(?:遍|次|天)", -2.0, "service"),
    _of(r"说好的.{1,10}呢", -2.0),
    _of(r"(?:要是|如果|若|有).{1,10}(?:一半(?:的)?(?:好|快|热情|用心|认真)?|就好了|该多好)", -1.6),
    _of(r"不(?:建议|推荐|值得推荐)(?:大家|购买|买|入手|你|任何人|去|来)*", -2.6, "_leaving"),
    _of(r"麻烦(?=你|您|请|帮|尽快|备注|发|给|改|查|安排|处理|回|确认|问|快|再|开|寄|送|退|换|通知|各位|老板|客服|亲|看|取)", None),
    _of(r"(?:哪里|哪儿|上哪)(?:去)?(?:找|买)(?:得到)?(?=[？?！!。]|$)", 1.5, "_verdict"),
    _of(r"凭什么|难道|成何体统|像什么话|还(?:有没有|有)(?:王法|天理|良心|诚信|底线)|良心不会痛", -2.2),
    _of(r"到底(?:要|什么|还|是|怎么|管|有没有|能不能|想|会不会|在)", -1.5),
    _of(r"(?:怎么|为什么|为啥|咋)(?:还|又|都|就|一直|总是|老是|老|总)?(?:这么|这样|那么|会这样|回事|搞的|能这样|没|不|没人|做的)(?!处理|用|退|清洗|下单|安装|保养)", -1.6, "", True),
    _of(r"(?:什么时候|何时|几时|猴年马月|要到什么时候)才(?:能|会|可以|到|给|有)", -1.8, "delivery"),
    _of(r"还(?:要|得|需要)(?:再)?(?:等|我|多久|拖|让|多长)", -1.6, "delivery"),
    _of(r"(?:有没有人|有人|没人)(?:管|看|理|负责|处理|在)(?:吗|么|啊|了|我)?(?=[吗么？?！!。，,]|$)", -1.8, "service"),
    _of(r"这(?:也|还)?(?:叫|能叫|算|配|好意思|敢|能算)(?!我)", -2.2),
    _of(r"你们(?:还|就是?这样|就这|这是|还想|自己|平时|敢|家)(?:.{0,12})(?:吗|么|？|\?)", -1.8, "service"),
    _of(r"(?:是不是)(?:以为|觉得|故意|欺负|当我)", -2.0),
    _of(r"(?:不该|不应该|不应)(?:是|有|出现|发生|这样|如此)", -1.5, "", True),
    _of(r"给(?:我|我们)?(?:一)?个(?:说法|交代|解释|理由)", -1.8),
    # 说满
    _of(r"没(?:有)?出过?(?:现)?过?(?:任何|什么|啥|一点|半点)?(?:问题|毛病|差错|故障|岔子)|(?:零|没有|没|无)差评", 2.2),
    _of(r"离[^，。！？]{1,6}?(?:差得?(?:太|很|老)?远|差远了|还差|还有(?:很大|不小|一段)?的?(?:差距|距离))", -2.4),
    _of(r"没(?:有)?(?:喝|吃|用|买|见|住|穿|遇|闻|尝)(?:到)?过?比(?:这|它|他|她|你)[^，。]{0,5}?更", 2.8),
    _of(r"没(?:有)?一(?:处|样|个|点|件|次|句|杯)(?:地方)?(?:是|能|让人|算得?上?)?(?:好|满意|顺心|对|行|完整|能用|像样|新鲜|舒服)的?", -2.8),
    _of(r"也就[^，。！？]{1,6}?(?:能看|还行|凑合|可以|像样)", -1.0),
    _of(r"别的(?!家|店|牌|地|都没)", None),
    _of(r"(?:挑|找|看|说)不(?:出|到)(?:有)?(?:任何|什么|啥|半点|一点|一丝)?(?:缺点|毛病|瑕疵|不足|刺)", 2.4),
    _of(r"等得(?:很|太|也|真|都)?值|值得(?:一?等|期待)", 2.2),
    _of(r"(?<![不才])是(?:陈|旧|坏|假|馊|霉|碎|破|裂|蔫)的", -2.0, "quality"),
    _of(r"没(?:有)?(?:什么)?(?:顾客|客人|客户|生意|回头客)了", -1.8),
    _of(r"毫无[^，。！？]{1,4}可言|说话不算(?:数|话)|言而无信|失去了?(?:又)?(?:一|这)?(?:位|个|名)?(?:老)?(?:顾客|客户|回头客)", -2.4),
    _of(r"怎么(?:都|也)[^，。！？]{1,2}不(?:严|上|好|开|紧|动|了|进|出|稳|着)|再也不(?:加热|转|亮|响|动|工作|制冷|出水)", -2.2, "quality"),
    _of(r"(?:跟|和|与)(?:描述|图片|宣传|介绍|说的|广告)的?(?:完全|根本|明显)?(?:不一样|不符|不一致|对不上|两码事|两回事|不是一回事)", -2.2, "quality"),
    _of(r"(?:喝|吃|闻|尝)不(?:出|到)(?:什么|任何|一点|半点)?(?:香|味)|(?:什么|一点|半点)(?:香|味)[气味道]?(?:都|也)?(?:没有?|闻不到)", -2.0, "taste"),
    _of(r"没(?:有)?(?:任何|什么|半点|一点|多大)帮助", -1.6),
    # 收到的与用不久的
    _of(r"(?:扔|丢|甩|摔)(?:过|进|在|到)[^，。！？]{0,3}?(?:墙|院|门口|地上|草|楼道|雨里|路边|水里)", -2.0, "delivery"),
    _of(r"(?:收到|寄来|寄了|发来|拿到|打开|里面|只有|是|寄)(?:的|了|一|个|只|都|是|竟|然)*空(?:的|箱|盒|包裹|袋|瓶)子?", -2.4, "delivery"),
    _of(r"(?:包裹|快递|快件|货|订单|东西)[^，。！？没未不别]{0,4}?丢(?:了|失|过|[两二三四几\d]|掉|件)|(?:弄|搞|把[^，。]{1,5})丢[^，。]{0,3}?[两二三四几\d]次", -2.4, "delivery"),
    _of(rf"(?:(?:整整|足足|总共)就?(?:才|只)?(?:用|穿|戴|坚持|撑|活|转)|(?:才|只|仅仅?)(?:坚持|撑|活))了?{_Z}(?:个?(?:多)?(?:小时|钟头|天|日|星期|礼拜|周)|次|回)(?!就(?:到|收|送|好|学|修|解|习|搞))", -2.4, "quality"),
    _of(r"(?:后|就|突然|直接|已经|便|又)(?:不动|不转|不亮|不响|不走|不出水|不通电|不制冷|不加热|开不了机|没反应|罢工|趴窝)了?", -2.4, "quality"),
    # 强调
    _of(r"连.{1,8}?(?:都|也)(?:没|不|无|懒得)", -2.0),
    _of(r"一(?:点|丝|毫)儿?(?:都|也)?(?:不|没|没有)", -1.2, "", True),
    _of(r"根本(?:就)?(?:不|没|无|用不|没有)", -1.6, "", True),
    _of(r"居然|竟然|竟|偏偏|明明|压根", -0.8, "", True),
    _of(r"(?:除了).{1,8}?(?:一无是处|没(?:有)?(?:什么|啥)?(?:优点|好))", -2.4),
    # 走与留
    _of(r"(?:不会|不想|不敢|再也不|再不|不再|绝不|绝对不|以后不|永远不|别|坚决不|打死也?不|不打算|不考虑|不可能|没有下次|不准备)(?:会|要|想|能)?(?:再|去)*(?:次|去|在)*.{0,5}?(?:买|来|住|光顾|订|用|碰|信|去|选|消费|回购|合作|惠顾|点)(?!单|评)", -2.8, "_leaving"),
    _of(r"再(?:这样|这么|那样|不|出|拖|晚|犯|有)[^。！？]{0,12}?(?:就|只能|只好)[^，。！？的]{0,3}?(?:不(?:再)?(?:会再?)?(?:来|买|订|用|续|合作|光顾|选)|换(?:一家|别|人)|找别人)", -2.4, "_leaving"),
    _of(r"以后(?:我|我们)?(?:就|都|肯定|绝对|坚决)?不(?:会)?(?:再)?(?:来|买|订|光顾|选|找你)(?:了|这|你|他)", -2.4, "_leaving"),
    _of(r"(?:这|那)(?:将|会|肯定|绝对|真)?(?:是|会是)?(?:我|我们)?(?:的)?最后一次(?!下单的|订|买的)|最后一次(?:在你|来|买|光顾|合作|消费|找你|惠顾|相信|订)(?!的|单)", -2.2, "_leaving"),
    _of(r"(?:我|我们)?(?:要|准备|打算|一定|必须|直接|马上)(?:去|要)?投诉(?:你|到底|他|商家|店|$|[了，。！!,\s])", -2.4, "service"),
    _of(r"退款(?:已经?|都|也|终于)?(?:收到|到账|到帐|到了)(?!吗|没|时|前|后)|(?<![没未])(?<!没有)收到了?(?:你们的?|全额)?退款(?!通知|短信|申请)", 1.4, "returns", told=True),
    _of(r"(?:换|去|找|到|看|转)(?:了)?(?:一家|别家|别的|其他|另一家|别人家|其它|竞争对手|同行)", -2.2, "_leaving"),
    _of(r"(?:下次|以后|今后|将来|还|一定|必须|肯定|绝对)(?:还|一定|肯定|会|再|都|要|继续|就|来)+[^不没别，。！？]{0,4}?(?:来|买|住|光顾|选|订|找|认准|回购|入手|在这)(?!吗|不)", 2.2),
    _of(r"(?:只能|只好|准备|必须|马上|果断|立马|坚决|赶紧|决定|要求|直接)(?:给)?(?:退|换|扔|丢|赔)(?:货|款|掉|了|钱)?", -1.9),
    _of(r"(?:强烈|不|真心|千万)?(?:建议)?(?:大家)?(?:千万|最好)?(?:别|不要|勿|莫)(?:再)?(?:买|来|住|上当|信|相信|碰|选|入|踩)", -2.6, "_leaving"),
    _of(r"(?:没|没有|无|看不出|看不到)(?:任何|什么|一点|啥|半点|丝毫)?(?:诚意|效果|作用|用处|变化|区别|优点|亮点|特色|道理|素质|责任心|服务|保障|意义|内容|质量|质感|弹性|味|香味|味道|赠品|包装)", -1.8),
    _of(r"(?:物流|快递|发货|送货|速度|做工|质量|服务|态度|包装|味道|口感|价格|品质|客服|售后)(?:也|都|还|真|实在|真的|确实)?(?:有待|需要|需|急需|应|应该|要)(?:提高|改进|加强|改善|提升|优化)", -1.6),
    _of(r"(?:多|再|好好)(?:学学|学习|反省|检讨|改改|上点心)|好自为之", -2.0),
    *_failures(failures.HELP_CHINESE, failures.ELSE_CHINESE),
]  # fmt: skip

# A word of praise in front of bad news, as one says it with rolling eyes.
INTERJECTION = re.compile(
    r"(?:oh|well|just|so|wow|how|yeah|ah|absolutely|really|that's just|this is just|isn't that|that is just)?[\s,]*"
    r"(?:great|fantastic|awesome|brilliant|wonderful|lovely|nice|nice one|perfect|super|congrat\w*|bravo|well done|good job|great job|nice job|nice work|great work|great start|good start|amazing|excellent|terrific|charming|keep it up|keep up the good work|marvellous|impressive|good one|classic)"
    r"[\s.!,…]*|(?:fantastic|brilliant|wonderful|amazing|superb|awesome|outstanding|stellar) (?:service|support|job|experience|start|customer service|quality control|timing|quality|packaging|delivery|product|communication|efficiency)[\s.!,…]*|(?:[\u4e00-\u9fff]{0,4})真(?:是)?(?:太)?(?:好|棒|赞|厉害|行|牛|可以|不错|周到|贴心|及时|快|大方|专业|准时|会|高效|热情)了?(?:啊|呀|呢|哦|哈)?[\s。！，,!~…]*|(?:继续保持|再接再厉|[太真](?:好|棒|赞|牛|妙|强|厉害)了|[好棒]极了|好极了|好得很|恭喜|厉害了?|佩服|牛|可以的?|不错)(?:啊|呀|哦|哈)?[\s。！，,!~…]*"
)  # fmt: skip
# Of what somebody has done: behind bad news it is no praise.
PRAISE_OF_WORK = re.compile(
    r"(?:oh|well|just|so|wow|yeah|really|absolutely)?[\s,]*(?:(?:great|good|nice|excellent|brilliant|fantastic) (?:job|work|one|service|start)"
    r"|well done|bravo|congrat\w*|keep (?:it up|up the good work)|classic|fantastic service)\b|干得漂亮|干得好|做得好|继续保持|再接再厉|佩服|恭喜|厉害了?|真行|真棒|可真"
)
PUT_RIGHT = re.compile(
    r"\b(?<!not )(?<!never )(?<!n't )(?:replaced|refunded|reimbursed|fixed|solved|resolved|sorted|repaired|exchanged|apologi[sz]ed|made up for|(?:sent|got|received)(?: (?:me|us))? (?:a|another) (?:new|replacement)|new one|is over|no longer a problem)\b"
    r"|终于|总算|换了新|补发了|补寄了|解决了|退了款|退款了|修好|道歉|处理好|赔了"
)
# A dry laugh; and those it is for.
CONTEMPT = re.compile(r"(?<![\u4e00-\u9fff])呵{2,}了?(?![\u4e00-\u9fff])")
OF_THEM = re.compile(
    r"你们|你家|贵[司店]|(?:这|这样的|这种)(?=[^，。！？]{0,4}(?:服务|质量|速度|态度|效率|客服))|客服|商家|卖家|店家"
)
SARCASM = re.compile(
    r"\bthank(?:s| you)(?: so much| a lot| very much)? for (?:nothing|ruining|losing|making (?:me|us) (?:wait|miss|late)|keeping (?:me|us|my)|wasting|ignoring|leaving|not|breaking|the (?:wait|delay|runaround|headache|non)|cancell?ing|charging|hanging|another|yet|destroying|lying|messing|delaying|forgetting|the extra|your silence)"
    r"|\b(?:love|loving|enjoy(?:ed|ing)?|adore) (?:how|when|that|it when|waiting|being (?:ignored|lied|told|left|stuck|on hold|charged)|paying|sitting|talking to (?:a )?(?:bots?|machines?)|spending)\b"
    r"|\b(?:great|nice|good|fantastic|awesome|excellent|amazing|brilliant|superb|stellar|wonderful) (?:job|work|way|going|timing) (?:on )?(?:to )?(?:los|ruin|not|delay|cancel|break|ignor|keep|mess|hiding|send|mak|forget|destroy|scar|charg)\w*"
    r"|\bway to (?:go|lose|ruin|treat|run|keep|break|make)\b|\b(?:gotta|got to|have to|you have to|you've got to) love\b|\byeah,? right\b|\bso much for\b|\bgood luck (?:getting|with|trying|finding|reaching)\b"
    r"|\b(?:just|exactly) (?:what|how) (?:i|we) (?:needed|wanted)(?: today| now)?[.!]* ?(?=.*(?:broken|late|delay|missing|wrong|cancel|again))|\bcongrat\w* (?:on|for) (?:the (?:worst|slowest|most|longest|rudest)|losing|another|being the|your (?:worst|late))|\bhow (?:nice|lovely|convenient|generous|thoughtful|kind|considerate|sweet|clever) of (?:you|them)\b|\b(?:best|nice|great|lovely|perfect|expensive|fancy|pretty|good) (?:little |looking )?(?:door ?stop|paper ?weight|dust collector|brick)\b|\b(?:so|very|really|how) (?:helpful|kind|nice|useful|reassuring|comforting|professional) to be (?:told(?! (?:how|what|which|about|that it))|ignored|asked|put|left|sent|transferred|charged|lied)\b|\bas if\b|\bjust wow\b|\breal(?:ly)? (?:classy|nice|helpful|smart|professional),? "
    r"|\bif (?:you|anyone) (?:like|likes|enjoy|enjoys|love|loves|want|wants) (?:waiting|being|wasting|paying|throwing|drinking|broken|disappoint)|\b(?:impressive|amazing|incredible|remarkable|unbelievable),? (?:how|that)\b"
    r"|喜欢(?:一直|天天|每天|花钱)?(?:等(?!级|等)|排队|被|白跑|打电话催|催)|真有你们?的|可真(?:行|好|棒|快|会|牛|准时|贴心|周到|厉害)|真(?:快|准时|会|贴心|敬业|专业)啊|(?:谢谢|感谢|多谢)(?:你们|您|贵司|贵店|商家|卖家|快递)?(?:让我|害我|耽误|浪费|毁了|弄丢|弄坏|弄错|搞丢|搞砸|搞错|发错|寄错|摔|扣|取消|骗|坑|的拖|的敷衍|把我|又)|服了|厉害了我的|好得很|没谁了|长见识了?|开了?眼|大开眼界|(?:呵呵|哈哈)了?(?=[，。！,!\s]|$)|给你们?(?:鼓掌|跪|点赞)(?!吧)|(?:这|真)?是?(?:所谓的?)(?=.{0,8}(?:服务|质量|品质|正品|五星|极速|次日|专业|售后|优质))|果然(?:是)?(?:便宜没好货|一分钱一分货|名不虚传的)|惊不惊喜|意不意外|不愧是|真是(?:好|优质|专业|贴心|及时|高效|良心|周到)的?(?:服务|质量|品质|效率|速度|态度|商家|售后|体验)|(?:这|你们的?)(?:速度|效率|服务|质量|态度)(?:也)?(?:真|可真)(?:是)?(?:绝|行|牛|没谁|感人|可以|一流)|(?:效率|速度|智商|质量|服务)(?:真)?(?:是)?感人|高,?实在是高|我谢谢(?:你|您)|也是醉了"
)  # fmt: skip
# The same at the end, after the bad news.
AFTERTHOUGHT = re.compile(
    r"(?:服务|态度|效率|质量|速度|包装|物流)?(?:真|可真)(?:是)?(?:太)?(?:到位|大方|行|会做生意|周到|贴心|专业|牛|厉害|可以|好意思|有诚意|慷慨|物超所值|物有所值|划算|高效|快|准时|及时|负责)(?:了|啊|呀|哦)?[。！!~…]*"
    r"|(?:how|very|so|really|just) (?:generous|nice|kind|thoughtful|helpful|professional|lovely|convenient|great|clever|efficient|wonderful)[.!…]*"
)
QUOTED = re.compile(r"[\"“”「『'‘]([^\"“”「」『』'’]{1,14})[\"”“」』'’]")
EYE_ROLLING = re.compile(
    "[🙄😒🙃😑🤡🤦]|#(?:fail|not|sarcasm|disappointed|worst|epicfail)\\b|/s\\b|\\[微笑\\]|\\[白眼\\]|\\[拜拜\\]"
)
# An idea or gladness that what comes next in the sentence gives the lie.
BELIED = re.compile(
    r"\b(?:brilliant|great|clever|genius|smart|wonderful|fantastic|excellent|lovely|super) idea (?:to|not to|from)\b|\b(?:so|really) (?:glad|happy|pleased|delighted) (?:that )?(?:i|we) (?:paid|waited|ordered|chose|trusted)\b"
)
VERDICT = re.compile(
    r"\b(?:overall|all in all|in short|bottom line|in the end|to sum up|in summary|conclusion|verdict)\b|总的来说|总之|总体|总而言之|整体|综合|一句话|最终|综上"
)
