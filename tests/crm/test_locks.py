"""The locks name versions, never the host they came from: every company has its own registry."""

import json
import re

from crm.setup.steps import ROOT

LOCK = (ROOT / "requirements.lock").read_text()


def names_and_versions(text):
    return {
        (match[1].lower().replace("_", "-"), match[2])
        for match in re.finditer(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", text, re.MULTILINE)
    }


def test_the_python_lock_has_no_address():
    for name in ("requirements.txt", "requirements.lock", "requirements-dev.txt"):
        assert not re.search(
            r"https?:|--(extra-)?index-url|--find-links", (ROOT / name).read_text()
        )


def test_every_line_of_the_python_lock_is_an_exact_pin():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith(("#", " "))]
    assert [line for line in lines if not re.match(r"[\w.-]+==[^\s;]+( ; .+)?$", line)] == []


def test_the_lock_holds_what_the_requirements_ask_for():
    asked = names_and_versions((ROOT / "requirements.txt").read_text())
    assert len(asked) > 20
    assert asked - names_and_versions(LOCK) == set()


def test_the_front_end_lock_has_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [path for path, entry in lock["packages"].items() if "resolved" in entry] == []
    assert "://" not in json.dumps([entry.get("version") for entry in lock["packages"].values()])


def test_the_front_end_lock_stays_that_way():
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()


def test_the_front_end_is_pinned_exactly():
    package = json.loads((ROOT / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [
        name for name, version in versions.items() if not re.fullmatch(r"[\d.]+", version)
    ] == []
