"""Who bought on which day for how much, and what is left of it for the models: frequency, recency, age, mean."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from insights.ml.tables import Tables, utc


def last_day_before(as_of: datetime) -> int:
    """Number (days since 1970, UTC) of the last day of which something is known as of the moment."""
    return ((utc(as_of) - timedelta(microseconds=1)) - datetime(1970, 1, 1)).days


@dataclass(frozen=True)
class Histories:
    """One entry per customer (n,), sorted by customer.

    x: days with a purchase after the first one; recency: days from the first to the last of them; age: days
    from the first one to the last known day. paid_days and mean: days after the first one on which something
    was paid, and the mean paid on such a day.
    """

    customer_id: np.ndarray
    x: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    paid_days: np.ndarray
    mean: np.ndarray

    def __len__(self) -> int:
        return len(self.customer_id)

    def rows(self, chosen: np.ndarray) -> "Histories":
        return Histories(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def silence(self) -> np.ndarray:
        """Days since the last purchase."""
        return self.age - self.recency


@dataclass(frozen=True)
class PurchaseDays:
    """One entry per customer and day with a sale, sorted by customer and day. Days are numbers since 1970 (UTC).

    Several orders of one customer on one day are one purchase.
    """

    customer_id: np.ndarray
    day: np.ndarray
    amount: np.ndarray

    @classmethod
    def of(cls, tables: Tables) -> "PurchaseDays":
        orders = tables["orders"]
        sales = orders.filter(pc.equal(orders["kind"], "sale"))
        frame = pd.DataFrame(
            {
                "customer_id": sales["customer_id"].to_numpy(),
                "day": sales["occurred_at"].to_numpy().astype("datetime64[D]").astype(np.int64),
                "amount": np.nan_to_num(sales["amount"].to_numpy(zero_copy_only=False)),
            }
        )
        days = frame.groupby(["customer_id", "day"], as_index=False, sort=True)["amount"].sum()
        return cls(*(days[name].to_numpy() for name in ("customer_id", "day", "amount")))

    def __len__(self) -> int:
        return len(self.day)

    def rows(self, chosen: np.ndarray) -> "PurchaseDays":
        return PurchaseDays(self.customer_id[chosen], self.day[chosen], self.amount[chosen])

    def until(self, last: int) -> "PurchaseDays":
        return self.rows(self.day <= last)

    def between(self, first: int, last: int) -> "PurchaseDays":
        """Both days included."""
        return self.rows((self.day >= first) & (self.day <= last))

    def histories(self, last: int) -> Histories:
        """What is known at the end of the day `last`."""
        known = self.until(last)
        customers, start = np.unique(known.customer_id, return_index=True)
        if not len(customers):
            empty = np.zeros(0)
            return Histories(customers, *([empty] * 5))
        end = np.append(start[1:], len(known)) - 1
        paid = np.maximum(known.amount, 0.0)
        paid[start] = 0.0
        paid_days = np.add.reduceat(paid > 0, start, dtype=int)
        return Histories(
            customer_id=customers,
            x=(end - start).astype(float),
            recency=(known.day[end] - known.day[start]).astype(float),
            age=(last - known.day[start]).astype(float),
            paid_days=paid_days.astype(float),
            mean=np.add.reduceat(paid, start) / np.maximum(paid_days, 1),
        )

    def sums(self, customer_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Days with a purchase and amount paid of each of these (sorted) customers; zeros where there is none."""
        place = np.searchsorted(customer_ids, self.customer_id)
        place = np.minimum(place, max(len(customer_ids) - 1, 0))
        asked = customer_ids[place] == self.customer_id if len(customer_ids) else np.zeros(0, bool)
        size = len(customer_ids)
        days = np.bincount(place[asked], minlength=size)
        paid = np.bincount(place[asked], np.maximum(self.amount[asked], 0.0), minlength=size)
        return days.astype(float), paid
