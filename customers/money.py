"""Money in the company's base currency, at the rate of its day."""

import bisect
import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from customers.models import Company, ExchangeRate

CENT = Decimal("0.01")
# SQLite would store anything, and nothing could be learnt from it.
LARGEST = Decimal(10) ** 11


class MissingRate(Exception):
    """No exchange rate is known for a currency on a day."""

    def __init__(self, currency: str, day: datetime.date):
        self.currency, self.day = currency, day
        super().__init__(
            _(
                "There is no exchange rate for %(currency)s on %(day)s. Add one under exchange rates."
            )
            % {"currency": currency, "day": day.isoformat()}
        )


class Rates:
    """All exchange rates, read once (two queries); one instance serves a whole import."""

    def __init__(self) -> None:
        self.base = Company.current().base_currency
        self._days: dict[str, list[datetime.date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        for rate in ExchangeRate.objects.order_by("currency", "valid_from"):
            self._days.setdefault(rate.currency, []).append(rate.valid_from)
            self._rates.setdefault(rate.currency, []).append(rate.rate)

    def __contains__(self, currency: str) -> bool:
        return currency == self.base or currency in self._days

    def no_rate_of(self, currency: str) -> str:
        """What is said of a currency that has no rate at all."""
        words = _("There is no exchange rate for %(currency)s. Known are: %(known)s.")
        return words % {"currency": currency, "known": ", ".join([self.base, *self._days])}

    def on(self, currency: str, day: datetime.date) -> Decimal:
        """One unit of ``currency`` in base currency on that day; raises MissingRate."""
        if currency == self.base:
            return Decimal(1)
        at = bisect.bisect_right(self._days.get(currency, []), day)
        if not at:
            raise MissingRate(currency, day)
        return self._rates[currency][at - 1]

    def to_base(self, amount: Decimal, currency: str, day: datetime.date) -> Decimal:
        return (amount * self.on(currency, day)).quantize(CENT, ROUND_HALF_UP)
