"""What stands in a message and is not its writer's word now: quoted mail, signatures, markup.

It becomes blanks, so that every character that stays keeps its place.
"""

import re
from collections.abc import Iterator

_LINE = re.MULTILINE | re.IGNORECASE
# Behind these lines stands mail of before, to the end of the text.
_SEPARATORS = (
    "original message|forwarded message|reply message|ursprüngliche nachricht|original-?nachricht"
    "|weitergeleitete nachricht|message d'origine|message original|message transféré|mensaje original"
    "|messaggio originale|oorspronkelijk bericht|原始邮件|原始郵件|邮件原件|原邮件|原始信息|转发邮件|转发的邮件"
    "|轉寄郵件|回复邮件|回复的邮件"
)
_SEPARATOR = re.compile(
    rf"[-—–=_]{{2,}} ?(?:{_SEPARATORS}) ?[-—–=_]{{2,}}"
    r"|^[ \t]*_{10,}[ \t]*\n(?=[ \t]*(?:from|von|de|发件人|寄件者) ?[:：])"
    r"|^[ \t]*(?:begin forwarded message|anfang der weitergeleiteten nachricht|开始转发的邮件) ?[:：]",
    _LINE,
)
# The head of a mail: who sent it, and within the next lines when, to whom or about what.
_SENDER = "发件人|寄件者|寄件人"
_SENT = "发送时间|发送日期|时间|日期|收件人|抄送|主题|寄件日期|收件者|主旨"
_SENT_ABROAD = (
    "sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|inviato|data|a"
    "|oggetto|verzonden|aan|onderwerp"
)
_HEADERS = re.compile(
    r"^[ \t]*[*]?(?:from|von|de|da|van) ?[*]?:[^\n]*\n(?:[^\n]*\n){0,2}?"
    rf"[ \t]*[*]?(?:{_SENT_ABROAD}) ?[*]?:"
    rf"|^[ \t]*(?:{_SENDER}) ?[:：]|(?:{_SENDER}) ?[:：].{{0,100}}?(?:{_SENT}) ?[:：]",
    _LINE,
)
# The line over quoted mail: when and who. "On 3 May I wrote:" is none.
_SAID = re.compile(
    r"^[ \t]*(?:on|am|le|el|il|op|em|den)\b[^\n]{3,200}(?:\n[^\n]{0,100})?"
    r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev)\b[^\n]{0,80}:[ \t]*$"
    r"|^[^\n。！？!?]{0,160}(?:写道|寫道) ?[:：][ \t]*$",
    _LINE,
)
_BY_MYSELF = re.compile(r"\b(?:i|we) wrote\b|\bschrieb (?:ich|wir)\b|我们?[写寫]道", re.IGNORECASE)
_DATED = re.compile(r"\d{1,2}[:：.h]\d\d|(?:19|20)\d\d|<[^\s<>]+@")
# ">" in front, and no face such as >:( or >_<.
_QUOTED_LINE = re.compile(r"^[ \t]*[>＞](?!\s?[:;=][-']?[()\[\]dpo|/\\]|[._-]+<)[^\n]*$", _LINE)
# RFC 3676: two dashes and a blank, which many programs cut off. What a telephone signs is one line.
_SIGNATURE = re.compile(r"^-- ?\r?$", _LINE)
_SIGNED_BY_DEVICE = re.compile(
    r"^[ \t]*(?:sent from (?:my|mail for|outlook|yahoo)\b|get outlook for\b|von meinem \w+ gesendet"
    r"|gesendet von \w+|envoyé de mon|enviado desde mi|inviato da|[发發]自我的|来自我的|[从從]我的)[^\n]{0,60}$",
    _LINE,
)
_TAGS = (
    "a|abbr|address|article|aside|b|big|body|br|button|caption|center|code|col|colgroup|dd|del|div|dl|dt|em|figure|font|footer"
    "|form|h[1-6]|head|header|hr|html|i|img|input|ins|label|li|link|main|meta|nav|o:p|ol|p|pre|s|section|small|span|strike|strong"
    "|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|blockquote|style|script"
)
_QUOTED_MARKUP = re.compile(r"<blockquote\b.*?(?:</blockquote\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(
    rf"<!--.*?-->|<!doctype[^<>]*>|<(style|script)\b.*?</\1\s*>|</?(?:{_TAGS})(?:\s[^<>]*)?/?>"
    r"|&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE | re.DOTALL,
)


def own_words(text: str) -> str:
    """As long as the text: what its writer says now. Where nothing is left, all of it without its markup."""
    marked = [match.span() for match in _MARKUP.finditer(text)]
    quoted = list(_quoted(text))
    own = _blanked(text, [*marked, *quoted])
    if quoted and not any(c.isalnum() or ord(c) > 0x2190 for c in own):
        return _blanked(text, marked)
    return own


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    for match in _QUOTED_MARKUP.finditer(text):
        yield match.span()
    if "\n" in text or "--" in text or "发件人" in text or "寄件" in text:
        lines = [match.span() for match in _QUOTED_LINE.finditer(text)]
        yield from lines
        for match in _SIGNED_BY_DEVICE.finditer(text):
            yield match.span()
        for match in filter(_is_head, _SAID.finditer(text)):
            # Who answers between the lines goes on below them.
            below = next((start for start, _ in lines if start >= match.end()), None)
            marked = below is not None and not text[match.end() : below].strip()
            yield match.start(), match.end() if marked else len(text)
        for pattern in (_SEPARATOR, _HEADERS, _SIGNATURE):
            if begin := pattern.search(text):
                yield begin.start(), len(text)


def _is_head(match: re.Match[str]) -> bool:
    said = match.group()
    foreign = "写道" in said or "寫道" in said
    if _BY_MYSELF.search(said):
        return False
    return bool(_DATED.search(said)) or (foreign and "，" not in said and "," not in said)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [c if c == "\n" else " " for c in letters[start:end]]
    return "".join(letters)
