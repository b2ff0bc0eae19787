"""What the broker says of itself, within a second, or that it does not answer."""

from dataclasses import dataclass, field
from time import perf_counter

import redis

from crm.celery import app

SECONDS = 1.0
QUEUES = ("default", "score", "train")


class Silent(Exception):
    """The broker cannot be reached, or does not speak in time."""


@dataclass(frozen=True)
class BrokerFacts:
    milliseconds: float
    server: str
    queues: dict[str, int] = field(default_factory=dict)


def ask_broker() -> BrokerFacts:
    began = perf_counter()
    address = app.conf.broker_url.replace("redis+socket://", "unix://")
    try:
        with redis.Redis.from_url(
            address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as link:
            asked = link.pipeline(transaction=False).info("server")
            for queue in QUEUES:
                asked.llen(queue)
            server, *lengths = asked.execute()
    except (redis.RedisError, OSError, ValueError) as error:
        raise Silent(type(error).__name__) from error
    return BrokerFacts(
        round(1000 * (perf_counter() - began), 1),
        name_of(server),
        dict(zip(QUEUES, lengths, strict=True)),
    )


def name_of(server: dict) -> str:
    """Valkey answers as the Redis it is compatible with, and gives its own name beside."""
    name = str(server.get("server_name", "redis")).capitalize()
    return f"{name} {server.get('valkey_version') or server.get('redis_version', '')}".strip()
