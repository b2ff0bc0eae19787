"""Countries, stored as each source writes them ("Sweden", "SE", "SWE", "瑞典"), said in the reader's language."""

from functools import cache

from django_countries import countries

# Usual short forms that are no ISO code.
ALSO = {
    "uk": "GB",
    "england": "GB",
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
