"""How often somebody has asked: counted in Redis for all web processes together, in this one while Redis is away.

The counters are a few small keys that live for their window, in a database of their own beside the broker's; they
hold no work and may be lost at any moment.
"""

import functools
import logging
import threading
import time

import redis
from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE = 0.25  # seconds; whoever asks waits for it
LEFT_ALONE = 5  # seconds until Redis is asked again after it was not there


class Counters:
    def __init__(self, address: str):
        self.alone = FixedWindowRateLimiter(MemoryStorage())
        self.shared = self._shared(address) if address else None
        self.ask_again_at = 0.0
        self.away = False
        self.lock = threading.Lock()

    @staticmethod
    def _shared(address: str) -> FixedWindowRateLimiter:
        storage = storage_from_string(
            address,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1),
            key_prefix="throttle",
        )
        return FixedWindowRateLimiter(storage)

    def hit(self, rate: RateLimitItem, *who: str) -> tuple[bool, int, int]:
        """Whether one more is allowed, how many remain, in how many seconds all are back."""
        if self.shared and time.monotonic() >= self.ask_again_at:
            try:
                answer = self._hit(self.shared, rate, who)
            except (redis.RedisError, OSError) as error:
                self._note_away(error)
            else:
                if self.away:
                    self._note_back()
                return answer
        return self._hit(self.alone, rate, who)

    @staticmethod
    def _hit(limiter: FixedWindowRateLimiter, rate: RateLimitItem, who) -> tuple[bool, int, int]:
        allowed = limiter.hit(rate, *who)
        stats = limiter.get_window_stats(rate, *who)
        return allowed, max(0, stats.remaining), max(1, round(stats.reset_time - time.time()))

    def _note_away(self, error: Exception) -> None:
        self.ask_again_at = time.monotonic() + LEFT_ALONE
        with self.lock:
            first, self.away = not self.away, True
        if first:
            logger.warning("Redis does not answer (%s): requests are counted per process", error)

    def _note_back(self) -> None:
        with self.lock:
            first, self.away = self.away, False
        if first:
            logger.info("Redis answers again: requests are counted over all processes")


@functools.lru_cache(maxsize=4)
def _counters(address: str) -> Counters:
    return Counters(address)


def counters() -> Counters:
    return _counters(settings.THROTTLE_URL)
