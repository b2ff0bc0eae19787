"""The file .env: written once with random keys, then the user's own."""

import os
import re
import secrets
from pathlib import Path

from crm.setup.steps import ROOT, say

TEXT = """\
# Written once by the set-up and yours to edit; nothing overwrites it. Keep it out of version control.
SECRET_KEY={secret_key}

# Used by docker-compose.yml only.
POSTGRES_PASSWORD={postgres_password}

# All settings: docs/operations.md

# Where it runs
#PORT=8000
#DEBUG=on

# Instead of the embedded database and broker
#DATABASE_URL=postgres://user:password@127.0.0.1:5432/perennial
#REDIS_URL=redis://127.0.0.1:6379/0

# Behind a proxy that ends TLS
#HTTPS=on
#ALLOWED_HOSTS=crm.example.com
#CSRF_TRUSTED_ORIGINS=https://crm.example.com
"""


def path() -> Path:
    return Path(os.environ.get("ENV_FILE") or ROOT / ".env")


def write() -> bool:
    """Create the file with fresh keys, readable by its owner only; False where it exists."""
    text = TEXT.format(
        secret_key=secrets.token_urlsafe(50), postgres_password=secrets.token_urlsafe(24)
    )
    try:
        handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    say(f"→ Wrote {path()} with random keys")
    return True


def read() -> dict[str, str]:
    if not path().is_file():
        return {}
    found = {}
    for line in path().read_text(encoding="utf-8").splitlines():
        match = re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", line)
        if match:
            found[match[1]] = re.sub(r"^(['\"])(.*)\1$", r"\2", match[2])
    return found


def load() -> None:
    """Write the file if need be, and give its settings to everything started from here."""
    write()
    for name, value in read().items():
        os.environ.setdefault(name, value)
