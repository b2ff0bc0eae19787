"""How much one token, or one person on the pages, may ask for: reads, writes and facts are counted apart."""

import functools

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from limits import RateLimitItem, parse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

from customers.api.counting import counters
from customers.api.permissions import scopes_of
from customers.models import ApiToken


@functools.lru_cache(maxsize=32)
def rate_of(words: str) -> RateLimitItem | None:
    """``600/minute``; nothing, or ``off``, is no limit."""
    if words in ("", "off"):
        return None
    try:
        return parse(words)
    except ValueError as error:
        raise ImproperlyConfigured(f"“{words}” is no rate; write 600/minute, or off") from error


for each in settings.API_RATES.values():
    rate_of(each)  # a wrong one is seen at the start


class Throttle(BaseThrottle):
    seconds = 0  # until whoever is refused may come back

    def count(self, request, kind: str, *who: str) -> bool:
        rate = rate_of(settings.API_RATES[kind])
        if rate is None:
            return True
        allowed, remaining, seconds = counters().hit(rate, kind, *who)
        # Told on every answer, whoever makes it: of several counts the one that leaves least.
        told = getattr(request._request, "rate_limit", None)
        if told is None or (remaining, -seconds) < (told[1], -told[2]):
            request._request.rate_limit = (rate.amount, remaining, seconds)
        if not allowed:
            self.seconds = max(self.seconds, seconds)
        return allowed

    def wait(self) -> int:
        return self.seconds


class PersonThrottle(Throttle):
    """Per token; per person where somebody signed in on the pages; else per address."""

    def allow_request(self, request, view) -> bool:
        return self.count(request, self.kind(request, view), self.who(request))

    @staticmethod
    def kind(request, view) -> str:
        if request.method in SAFE_METHODS:
            return "read"
        facts = ApiToken.Scope.INGEST in scopes_of(view, request.method)
        return "ingest" if facts else "write"

    def who(self, request) -> str:
        if isinstance(request.auth, ApiToken):
            return f"token:{request.auth.pk}"
        if request.user.is_authenticated:
            return f"user:{request.user.pk}"
        return f"address:{self.get_ident(request)}"


class SignInThrottle(Throttle):
    """Passwords are not guessed: neither from one address nor for one name. What sends none is not counted."""

    def allow_request(self, request, view) -> bool:
        if request.method != "POST":
            return True
        name = request.data.get("username") if isinstance(request.data, dict) else None
        by_address = self.count(request, "token", f"address:{self.get_ident(request)}")
        by_name = not isinstance(name, str) or self.count(request, "token", f"name:{name[:150]}")
        return by_address and by_name
