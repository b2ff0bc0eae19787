"""Countries, stored as each source writes them ("Sweden", "SE", "SWE", "瑞典"), said in the reader's language."""

from difflib import get_close_matches
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django_countries import countries

# Usual short forms that are no ISO code.
ALSO = {
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "united states": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "uae": "AE",
    "korea": "KR",
    "eire": "IE",
    "holland": "NL",
    "中国大陆": "CN",
    "中华人民共和国": "CN",
}


@cache
def code_of(written: str) -> str:
    """The ISO 3166 alpha-2 code of a country as somebody wrote it; empty where it is not known."""
    key = written.strip().casefold()
    named = (countries.by_name(key, language=language) for language in ("en", "zh-hans"))
    return ALSO.get(key) or countries.alpha2(key.upper()) or next(filter(None, named), "")


def country_name(written: str | None) -> str:
    """As the reader calls it; as it is written where nobody knows it."""
    code = code_of(written) if written else ""
    return str(countries.name(code)) if code else written or ""


def country_choices(written: list[str]) -> list[tuple[str, str]]:
    """(value, label) by label. Two spellings of one country stay two choices and say which is which."""
    named = sorted((country_name(one), one) for one in written)
    labels = [label for label, _one in named]
    return [
        (one, label if labels.count(label) == 1 else f"{label} ({one})") for label, one in named
    ]


def check_country(written: str) -> None:
    """Raises ValidationError for what people type and nobody knows, with the country that they may mean."""
    if not written or code_of(written):
        return
    known = {str(name).casefold(): str(name) for _code, name in countries}
    alike = get_close_matches(written.casefold(), known, 1)
    if alike:
        words = _("There is no country “%(written)s”. Did you mean %(name)s?")
        raise ValidationError(words, params={"written": written, "name": known[alike[0]]})
    raise ValidationError(_("There is no country “%(written)s”."), params={"written": written})


class CountryInput(forms.TextInput):
    """A text, with the names of the countries offered while one types."""

    def render(self, name, value, attrs=None, renderer=None):
        own = {**(attrs or {}), "list": f"{(attrs or {}).get('id', name)}-known"}
        field = super().render(name, value, own, renderer)
        options = format_html_join("", '<option value="{}">', ((one,) for _code, one in countries))
        return format_html('{}<datalist id="{}">{}</datalist>', field, own["list"], options)
