"""A backup brought back is the same installation: every table, every model; and what goes wrong leaves what was."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time

import psycopg
import pytest
from django.conf import settings as real_settings
from django.db import connection

from crm.operations.backups.archive import read_manifest
from tests.drills.invariants import difference
from tests.insights.outside import database_url, until
from tests.operations.test_archive import flipped

pytestmark = pytest.mark.slow

# What a restore itself writes, or takes away.
OWN = {"operations_restored", "operations_workerheartbeat"}


class Installation:
    """A folder and a database of its own, worked by commands as a person would."""

    def __init__(self, home, url):
        self.home, self.url = home, url
        self.env = os.environ | {
            "DATABASE_URL": url, "VAR_DIR": str(home), "ENV_FILE": os.devnull, "LOG_LEVEL": "WARNING",
            "SECRET_KEY": "only-for-tests", "DJANGO_SETTINGS_MODULE": "crm.settings",
            "REDIS_URL": f"redis+socket://{home}/nobody.sock",
        }  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)  # of a first go
        home.mkdir()

    def command(self, *words):
        return [sys.executable, str(real_settings.BASE_DIR / "manage.py"), *map(str, words)]

    def run(self, *words, fails=False):
        done = subprocess.run(
            self.command(*words), env=self.env, capture_output=True, text=True, check=False
        )
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, *words):
        return subprocess.Popen(
            self.command(*words), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def shell(self, code):
        return self.run("shell", "--no-imports", "-c", code).strip().splitlines()[-1]

    def tables(self):
        """Table -> number of rows and a hash over their content."""
        return {k: v for k, v in json.loads(self.shell(HASHES)).items() if k not in OWN}

    def backup(self, *words):
        self.run("backup", *words)
        return sorted((self.home / "backups").glob("*.tar"))[-1]


HASHES = """
import hashlib, json
from django.db import connection
found = {}
with connection.cursor() as cursor:
    names = connection.introspection.table_names(cursor)
    for table in [name for name in names if not name.startswith("sqlite_")]:
        columns = sorted(c.name for c in connection.introspection.get_table_description(cursor, table))
        names = ", ".join(f'"{c}"' for c in columns)
        cursor.execute(f'SELECT {names} FROM "{table}"')
        rows = sorted(repr(row) for row in cursor.fetchall())
        found[table] = [len(rows), hashlib.sha256("\\n".join(rows).encode()).hexdigest()]
print(json.dumps(found))
"""
SCORES = """
import datetime, json
from django.utils import timezone
from customers.models import Customer
from insights.models import ModelVersion, VersionScore
from insights.scoring import score_customers
at = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
VersionScore.objects.all().delete()
score_customers(None, at)
rows = VersionScore.objects.order_by("version", "customer").values_list("version", "customer", "values")
print(json.dumps(list(rows)))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory, django_db_setup, django_db_blocker):
    """``place("a")``: an empty installation on the kind of database that these tests run on."""
    with django_db_blocker.unblock():
        vendor, url = connection.vendor, database_url()
        name = str(connection.settings_dict["NAME"])
    home, made = tmp_path_factory.mktemp("installations"), []

    def place(word):
        if vendor == "sqlite":
            return Installation(home / word, f"sqlite:///{home / word / 'records.sqlite3'}")
        ours = f"{name}_{word}"
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f'DROP DATABASE IF EXISTS "{ours}" WITH (FORCE)')
            link.execute(f'CREATE DATABASE "{ours}"')
        made.append(ours)
        return Installation(home / word, url.removesuffix(name) + ours)

    yield place
    for ours in made:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f'DROP DATABASE IF EXISTS "{ours}" WITH (FORCE)')


@pytest.fixture(scope="module")
def company(place):
    """A demo company with a model and an upload, and its backup."""
    one = place("company")
    one.run("migrate", "--verbosity", "0")
    one.run("demo_company", "--customers", "250")
    one.run("retrain", "segments")
    (one.home / "uploads" / "deep").mkdir(parents=True)
    (one.home / "uploads" / "deep" / "客户.csv").write_text("id\n1\n")
    one.tables_before = one.tables()
    one.file = shutil.copy(one.backup(), one.home / "first.tar")  # out of reach of --keep
    return one


def test_every_table_and_every_model_come_back_equal(company, place):
    other = place("other")
    said = other.run("restore", company.file)
    assert "Restored as of" in said
    before, after = {**company.tables_before}, other.tables()
    # A backup is noted before its picture of the records is taken.
    assert before.pop("operations_backup")[0] == 0 and after.pop("operations_backup")[0] == 1
    assert before["customers_customer"][0] == 250 and before["customers_order"][0] > 500
    assert before == after
    assert (other.home / "uploads" / "deep" / "客户.csv").read_text() == "id\n1\n"
    models = [
        {p.relative_to(one.home): p.read_bytes() for p in one.home.glob("models/**/*.*")}
        for one in (company, other)
    ]
    assert models[0] == models[1] and models[0]
    before, after = (json.loads(one.shell(SCORES)) for one in (company, other))
    assert len(before) > 200 and difference(before, after) == ""
    # New rows get numbers that are free.
    other.shell(
        "from customers.models import Customer; print(Customer.objects.create(name='New').pk)"
    )


def test_what_is_there_is_replaced_only_when_one_says_so(company, place):
    used = place("used")
    used.run("migrate", "--verbosity", "0")
    used.shell("from customers.models import Customer; print(Customer.objects.create(name='Old'))")
    assert "--replace" in used.run("restore", company.file, fails=True)
    assert used.tables()["customers_customer"][0] == 1
    used.run("restore", company.file, "--replace")
    assert used.tables()["customers_customer"] == company.tables()["customers_customer"]


def test_a_damaged_backup_changes_nothing(company, place, tmp_path):
    assert "whole" in company.run("backup", "--verify", company.file)
    one = place("untouched")
    one.run("migrate", "--verbosity", "0")
    before = one.tables()
    file = flipped(company.file, 5000, tmp_path)
    said = one.run("restore", file, fails=True)
    assert "Nothing was changed: " in said and " is not whole, " in said
    assert one.tables() == before


def rewritten(file, tmp_path, change):
    """The same backup with another manifest, sealed anew."""
    from crm.operations.backups.archive import MANIFEST, SEAL, writing

    manifest = read_manifest(file)
    change(manifest)
    manifest.pop("parts")
    with writing(tmp_path / "changed.tar") as out, tarfile.open(file) as tar:
        for member in tar.getmembers():
            if member.name not in (MANIFEST, SEAL):
                out.add(member.name, tar.extractfile(member))
        out.finish(manifest)
    return tmp_path / "changed.tar"


def test_a_backup_of_a_newer_release_is_refused(company, place, tmp_path):
    one = place("older")
    newer = rewritten(
        company.file, tmp_path, lambda m: m["migrations"].append(["customers", "9999_later"])
    )
    assert "newer release" in one.run("restore", newer, fails=True)


def test_a_backup_of_the_other_kind_of_database_is_refused(company, place, tmp_path):
    one = place("elsewhere")
    strange = rewritten(company.file, tmp_path, lambda m: m.update(engine="other"))
    assert "is of an installation on other" in one.run("restore", strange, fails=True)


GONE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE gone_thing (id integer PRIMARY KEY, name varchar(20))")
    cursor.execute("INSERT INTO gone_thing VALUES (1, 'kept')")
    cursor.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('gone', '0001_initial', CURRENT_TIMESTAMP)"
    )
print("ok")
"""


def test_what_an_app_left_that_is_no_longer_part_of_the_product_comes_along(place):
    one, other = place("gone"), place("gone_other")
    one.run("migrate", "--verbosity", "0")
    one.shell(GONE)
    other.run("restore", one.backup())
    assert one.tables()["gone_thing"] == other.tables()["gone_thing"]
    assert one.tables()["django_migrations"] == other.tables()["django_migrations"]
    other.run("restore", other.backup(), "--replace")
    assert other.tables()["gone_thing"][0] == 1


@pytest.mark.parametrize(
    "after", ["Unpacking", "Putting them in place", "Making the indexes", "Bringing"]
)
def test_killed_in_the_middle_it_has_changed_nothing_or_is_brought_to_its_end(
    company, place, after
):
    one = place("killed_" + hashlib.sha1(after.encode()).hexdigest()[:6])
    one.run("migrate", "--verbosity", "0")
    one.shell("from customers.models import Customer; print(Customer.objects.create(name='Old'))")
    (one.home / "models" / "churn" / "v1").mkdir(parents=True)
    (one.home / "models" / "churn" / "v1" / "model.json").write_text("old")
    before = one.tables()
    child = one.start("restore", company.file, "--replace")
    for line in child.stdout:
        if after in line.decode():
            break
    time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(signal.SIGKILL)
    child.wait()
    until(lambda: one.tables()["customers_customer"][0] in (1, 250), 30)
    one.shell("from crm.operations.backups.files import settle; settle(); print()or print('ok')")
    if one.tables()["customers_customer"][0] == 1:
        assert one.tables() == before
        assert (one.home / "models" / "churn" / "v1" / "model.json").read_text() == "old"
        assert not (one.home / "models" / "segments").exists()
    else:
        assert not (one.home / "models" / "churn").exists()
        assert (one.home / "models" / "segments").exists()
    assert not list((one.home / "models").glob(".*"))
    one.run("restore", company.file, "--replace")
    assert one.tables()["customers_order"] == company.tables()["customers_order"]


def test_a_killed_backup_leaves_no_file_and_the_next_one_sweeps_up(company):
    before = sorted((company.home / "backups").glob("*.tar"))
    child = company.start("backup")
    for line in child.stdout:
        if b"Taking" in line:
            break
    child.kill()
    child.wait()
    assert sorted((company.home / "backups").glob("*.tar")) == before
    company.backup()
    assert not list((company.home / "backups").glob(".backup-*"))


def test_only_the_newest_stay(company):
    for _ in range(2):
        time.sleep(1)  # their names are of whole seconds
        newest = company.backup("--keep", "2")
    kept = sorted((company.home / "backups").glob("*.tar"))
    assert len(kept) == 2 and kept[-1] == newest


def test_while_somebody_writes_the_picture_is_of_one_moment(company, place, tmp_path):
    """Two rows are always written together; the backup never has one without the other."""
    code = """
import time
from django.db import transaction
from customers.models import Team, ExchangeRate
for i in range(400):
    with transaction.atomic():
        Team.objects.create(name=f"pair {i} left")
        time.sleep(0.002)
        Team.objects.create(name=f"pair {i} right")
print("done")
"""
    writer = company.start("shell", "--no-imports", "-c", code)
    time.sleep(2)
    file = company.backup()
    writer.wait()
    one = place("moment")
    one.run("restore", file)
    count = (
        "from customers.models import Team; print(Team.objects.filter(name__endswith='{}').count())"
    )
    assert one.shell(count.format("left")) == one.shell(count.format("right"))


def test_a_running_product_is_not_restored_over(company, place):
    one = place("running")
    one.run("migrate", "--verbosity", "0")
    one.shell("""
from django.utils import timezone
from crm.operations.models import WorkerHeartbeat
now = timezone.now()
print(WorkerHeartbeat.objects.create(name="worker@x", role="worker", host="x", pid=1, started_at=now, seen_at=now))
""")
    assert "is running" in one.run("restore", company.file, fails=True)
    one.run("restore", company.file, "--while-running")


def test_a_model_whose_files_are_gone_is_said_and_the_rest_is_backed_up(company, place, tmp_path):
    one = place("damaged")
    one.run("restore", company.file)
    shutil.rmtree(one.home / "models" / "segments")
    said = one.run("backup")
    assert "segments v1 were missing or damaged" in said
    manifest = read_manifest(sorted((one.home / "backups").glob("*.tar"))[-1])
    assert [m["whole"] for m in manifest["models"]] == [False]
