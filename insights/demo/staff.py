"""The people of Northbean: three teams, six in sales, two managers, one admin. Three of them can sign in."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from customers.models import Team, User
from insights.demo.people import words

TEAMS = [("Consumers Europe", False), ("Business Europe", False), ("China", True)]
# first name, last name, role, teams, language, time zone
PEOPLE = [
    ("Ana", "Ruiz", User.Role.SALES, [0], "", "Europe/Berlin"),
    ("Tom", "Hansen", User.Role.SALES, [0], "", "Europe/Berlin"),
    ("Clara", "Weiss", User.Role.SALES, [1], "", "Europe/Berlin"),
    ("Luca", "Bernard", User.Role.SALES, [1], "", "Europe/Berlin"),
    ("王思远", "", User.Role.SALES, [2], "zh-hans", "Asia/Shanghai"),
    ("陈佳怡", "", User.Role.SALES, [2], "zh-hans", "Asia/Shanghai"),
    ("Ingrid", "Solberg", User.Role.MANAGER, [0, 1], "", "Europe/Berlin"),
    ("李海涛", "", User.Role.MANAGER, [2], "zh-hans", "Asia/Shanghai"),
    ("Noah", "Fischer", User.Role.ADMIN, [], "", "Europe/Berlin"),
]
USERNAMES = ["ana", "tom", "clara", "luca", "siyuan", "jiayi", "ingrid", "haitao", "noah"]
# Who gets a password, and which role the login stands for.
LOGINS = {"admin": "noah", "manager": "ingrid", "sales": "ana"}
WORDS = words(
    "amber anchor autumn bamboo basil birch brook canal cedar clover coral delta ember fern harbor hazel island ivory jasper juniper kettle lagoon lantern lemon linen maple marble meadow mint moss orchid pebble pine plum quartz river saffron sage salt silver spruce tulip valley velvet walnut willow winter"
)


@dataclass
class Staff:
    teams: list[int]  # ids in the order of TEAMS
    sales: list[list[int]]  # ids of the sales staff of each team
    names: dict[int, str]
    logins: dict[str, dict[str, str]]


def hire() -> Staff:
    """Create teams and users; names that are taken get a number."""
    teams = []
    for name, shares in TEAMS:
        name = free_name(Team, "name", name)
        teams.append(Team.objects.create(name=name, shares_customers=shares, is_demo=True))
    staff = Staff([t.pk for t in teams], [[] for _ in teams], {}, {})
    for username, person in zip(USERNAMES, PEOPLE, strict=True):
        employ(staff, username, *person)
    return staff


def employ(staff: Staff, username, first, last, role, members, language, zone) -> None:
    user = User(
        username=free_name(User, "username", username),
        first_name=first,
        last_name=last,
        email=f"{username}@northbean.example",
        role=role,
        language=language,
        time_zone=zone,
        is_demo=True,
    )
    signs_in_as = [key for key, name in LOGINS.items() if name == username]
    password = new_password() if signs_in_as else None
    user.set_password(password)
    user.save()
    user.teams.set([staff.teams[i] for i in members])
    staff.names[user.pk] = first
    if role == User.Role.SALES:
        staff.sales[members[0]].append(user.pk)
    for key in signs_in_as:
        staff.logins[key] = {"username": user.username, "password": password}


def free_name(model, field: str, wanted: str) -> str:
    name, number = wanted, 1
    while model.objects.filter(**{field: name}).exists():
        number += 1
        name = f"{wanted}{number}" if field == "username" else f"{wanted} {number}"
    return name


def new_password() -> str:
    """Readable and random: four words and a number, about 30 bits."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), f"{secrets.randbelow(90) + 10}"])


def logins_path() -> Path:
    return settings.VAR_DIR / "demo_logins.json"


def write_logins(logins: dict[str, dict[str, str]]) -> None:
    """Only the owner of this installation may read the file."""
    path = logins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        json.dump(logins, file, indent=2)
