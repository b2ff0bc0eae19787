"""Which release of what runs here."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def product_version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]
