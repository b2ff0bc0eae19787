"""The part of the set-up that needs the product itself: tables, first data, first trainings.

Started in a process of its own: `python -m crm.setup.inside prepare|static|greet`.
"""

import io
import json
import os
import secrets
import sys
import time
import urllib.request
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.setup.steps import digest, is_done, mark_done, say, step

PATIENCE_SECONDS = 120


def prepare() -> None:
    migrate()
    fill_if_new()
    collect_static()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step("Preparing the database"):
            call_command("migrate", interactive=False, verbosity=0)
    from crm.operations.backups.files import settle

    settle()  # a restore that was cut short


def fill_if_new() -> None:
    """An installation that has no users is new; one emptied by its admin stays empty.

    A demo company whose loading was killed is loaded again.
    """
    from customers.models import Customer, User
    from insights.demo.removing import unfinished

    if (User.objects.exists() or Customer.objects.exists()) and not unfinished():
        return
    if os.environ.get("DEMO", "").lower() in ("no", "off", "0", "false"):
        create_admin(User)
        return
    with step("Filling the database with a demo company (DEMO=no would leave it empty)"):
        call_command(
            "demo_company", customers=int(os.environ.get("DEMO_CUSTOMERS") or 5000), seed=1
        )


def create_admin(user_model) -> None:
    password = secrets.token_urlsafe(12)
    user_model.objects.create_superuser("admin", password=password, role="admin")
    path = logins_file()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"admin": {"username": "admin", "password": password}}, file, indent=2)


def logins_file() -> Path:
    return settings.VAR_DIR / "demo_logins.json"


def collect_static() -> None:
    """Hashed and compressed copies of the static files, made again when one of them changes."""
    if settings.DEBUG:
        return
    files = [
        path
        for folder in settings.STATICFILES_DIRS
        for path in Path(folder).rglob("*")
        if path.is_file()
    ]
    value = digest(files, (settings.BASE_DIR / "requirements.lock").read_text())
    stamp = settings.STATIC_ROOT / ".made-from"
    if not is_done(stamp, value):
        with step("Preparing style sheets and scripts"):
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark_done(stamp, value)


def greet() -> None:
    """Say where the product is once it answers, then see to the first trainings."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    if not wait_for(f"{address}/healthz"):
        say(f"\n{address} has not answered for {PATIENCE_SECONDS} s; its messages above say why.\n")
        return
    say(welcome(address))
    train_first()


def wait_for(url: str) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:  # refused, too slow, or an error page: not yet
            time.sleep(0.3)
    return False


def welcome(address: str) -> str:
    lines = ["", "─" * 64, f"  Perennial is running at  {address}", ""]
    try:
        logins = json.loads(logins_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        logins = {}
    for role, login in logins.items():
        lines.append(f"  {role:<9} {login['username']:<20} {login['password']}")
    lines += ["", "  Ctrl-C stops it; all data is kept.", "─" * 64, ""]
    return "\n".join(lines)


def train_first() -> None:
    """What was never trained is, as soon as there is something to learn from."""
    from customers.models import Order
    from insights.models import TrainingRun

    if Order.objects.exists():
        call_command("retrain", all=True, first=True, queue=True, stdout=io.StringIO())
    first = TrainingRun.objects.filter(origin=TrainingRun.Origin.FIRST)
    if first.filter(status__in=["queued", "running"]).exists():
        say("→ Training the first models; the pages can be used meanwhile …")
        follow(first)


def follow(runs) -> None:
    """Print the steps of these trainings until they have all ended."""
    from insights.progress import step_words

    shown: dict[int, tuple] = {}
    start = time.monotonic()
    while True:
        for run in runs.order_by("pk"):
            news = (run.status, step_words(run.step, run.kind), int(run.fraction * 4))
            if shown.get(run.pk) != news:
                shown[run.pk] = news
                say(describe(run))
        if not runs.filter(status__in=["queued", "running"]).exists():
            break
        time.sleep(1)
    say(f"→ The first trainings have ended after {time.monotonic() - start:.0f} s")


def describe(run) -> str:
    from insights.progress import step_words

    words = f"  {run.get_kind_display()}: "
    if run.status == run.Status.RUNNING:
        return f"{words}{step_words(run.step, run.kind)} ({run.fraction:.0%})"
    parts = [
        run.get_status_display(),
        run.get_outcome_display(),
        *run.error.strip().splitlines()[-1:],
    ]
    return words + " · ".join(str(part) for part in parts if part)


if __name__ == "__main__":
    django.setup()
    try:
        {"prepare": prepare, "static": collect_static, "greet": greet}[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)
