"""A shop, a website and two readers that never stop: what was not answered is asked for again, with the same keys."""

import datetime
import random
import re
import threading
import time
import uuid

import requests

from tests.drills.instance import Instance
from tests.drills.journal import Entry, Journal, Reads

PATHS = {
    "order": "orders",
    "interaction": "interactions",
    "note": "interactions",
    "events": "events",
}
KINDS = ["order"] * 4 + ["interaction"] * 2 + ["note"] + ["events"] * 3
KNOWN = (400, 409)  # with one of the codes below: it is there already
AGAIN_SECONDS, PATIENCE_SECONDS = 0.4, 15


class Door:
    """Talks to the product as a machine (token) and as a person (session)."""

    def __init__(self, instance: Instance):
        self.url = instance.url
        login = instance.login("admin")
        self.session = requests.Session()
        token = self.session.post(f"{self.url}/api/v1/token/", json=login, timeout=30)
        token.raise_for_status()
        self.headers = {"Authorization": f"Token {token.json()['token']}"}
        self.login = login

    def post(self, path: str, body, key: str = "", timeout: float = PATIENCE_SECONDS):
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return requests.post(f"{self.url}/api/v1/{path}/", json=body, headers=headers, timeout=timeout)  # fmt: skip

    def get(self, path: str):
        return requests.get(f"{self.url}{path}", headers=self.headers, timeout=PATIENCE_SECONDS)

    def person(self) -> requests.Session:
        """Signed in through the page for it."""
        session = requests.Session()
        page = session.get(f"{self.url}/login/", timeout=30)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        answer = session.post(
            page.url, data=self.login | {"csrfmiddlewaretoken": token}, timeout=30,
            headers={"Referer": page.url},
        )  # fmt: skip
        answer.raise_for_status()
        return session


class Load:
    def __init__(
        self, instance: Instance, customers: list[int], skus: list[str], seed: int,
        writers: int = 2, readers: int = 2,
    ):  # fmt: skip
        self.door = Door(instance)
        self.customers, self.skus, self.seed = customers, skus, seed
        self.journal, self.reads = Journal(), Reads()
        self.repeats_are_known = self._repeats_are_known()
        self._stop = threading.Event()
        self._writing = threading.Event()
        self._writing.set()
        self._threads = [
            threading.Thread(target=self._write, args=(n,), daemon=True) for n in range(writers)
        ] + [threading.Thread(target=self._read, args=(n,), daemon=True) for n in range(readers)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def go_on(self) -> None:
        self._writing.set()

    def pause(self) -> None:
        """No new writes; those that wait for an answer are still seen through."""
        self._writing.clear()

    def stop(self) -> None:
        self.pause()
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def order(self, rng: random.Random, customer: int | None = None) -> Entry:
        entry = self._make("order", rng)
        if customer:
            entry.body["customer"] = customer
        return self.journal.add(entry)

    def see_through(self, entry: Entry, until: float = float("inf")) -> None:
        """Ask until it is accepted or refused for good."""
        while not self._ask(entry) and time.monotonic() < until and not self._stop.is_set():
            time.sleep(AGAIN_SECONDS)

    def _repeats_are_known(self) -> bool:
        """Whether the product knows a request again by its Idempotency-Key."""
        body = self._interaction(random.Random(0), str(uuid.uuid4()))
        answers = [self.door.post("interactions", body, key="drill-probe") for _ in range(2)]
        ids = {answer.json().get("id") for answer in answers}
        return len(ids) == 1

    def _write(self, number: int) -> None:
        rng = random.Random(f"{self.seed} writer {number}")
        while not self._stop.is_set():
            if not self._writing.wait(0.2):
                continue
            entry = self.journal.add(self._make(rng.choice(KINDS), rng))
            self.see_through(entry)
            time.sleep(rng.uniform(0.3, 0.9))

    def _read(self, number: int) -> None:
        rng = random.Random(f"{self.seed} reader {number}")
        session = self._signed_in()
        while not self._stop.is_set():
            pages = ["/", "/customers/", f"/customers/{rng.choice(self.customers)}/", "/segments/"]
            began, status = time.monotonic(), 0
            try:
                url = f"{self.door.url}{rng.choice(pages)}"
                status = session.get(url, timeout=PATIENCE_SECONDS).status_code
            except requests.RequestException:
                pass  # no answer: that is what status 0 says
            self.reads.add(began, status)
            time.sleep(rng.uniform(0.4, 0.9))

    def _signed_in(self) -> requests.Session:
        while True:
            try:
                return self.door.person()
            except (requests.RequestException, TypeError):
                time.sleep(1)

    def _ask(self, entry: Entry) -> bool:
        """Post once; whether there is nothing more to ask."""
        try:
            answer = self.door.post(PATHS[entry.kind], entry.body, key=entry.keys[0])
        except requests.RequestException:
            entry.answers.append(None)
            # What has no key of its own may have been written: not known again, it must not be sent again.
            return entry.kind == "note" and not self.repeats_are_known
        entry.answers.append(answer.status_code)
        if answer.status_code == 207:  # some of a list were refused
            entry.refused = answer.text[:300]
            return True
        entry.accepted = entry.accepted or answer.ok
        if answer.ok or (answer.status_code in KNOWN and len(entry.answers) > 1):
            return True
        if 400 <= answer.status_code < 500 and answer.status_code not in (409, 429):
            entry.refused = answer.text[:300]
            return True
        return entry.kind == "note" and not self.repeats_are_known

    def _make(self, kind: str, rng: random.Random) -> Entry:
        key = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        if kind == "order":
            return Entry(kind, [key], self._order(rng, key))
        if kind == "interaction":
            more = {"source": "drill", "external_id": key}
            return Entry(kind, [key], self._interaction(rng, "Is it in stock?") | more)
        if kind == "note":
            return Entry(kind, [key], self._interaction(rng, key))
        keys = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(5)]
        return Entry(kind, keys, [self._event(rng, one) for one in keys])

    def _order(self, rng: random.Random, key: str) -> dict:
        price = f"{rng.randint(5, 60)}.00"
        line = {"product": rng.choice(self.skus), "quantity": "1", "unit_price": price}
        return {"customer": rng.choice(self.customers), "source": "drill", "number": key, "currency": "EUR",
                "occurred_at": moment(), "lines": [line]}  # fmt: skip

    def _interaction(self, rng: random.Random, subject: str) -> dict:
        return {"customer": rng.choice(self.customers), "channel": "email", "direction": "in",
                "subject": subject, "text": "Where is my order?", "occurred_at": moment()}  # fmt: skip

    def _event(self, rng: random.Random, key: str) -> dict:
        return {"customer": rng.choice(self.customers), "kind": "product_view", "key": key,
                "product": rng.choice(self.skus), "seconds": rng.randint(2, 90), "occurred_at": moment()}  # fmt: skip


def moment() -> str:
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=60)).isoformat()
