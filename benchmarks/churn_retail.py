"""Churn of a gift wholesaler's customers, no purchase in the next 90 days: import, learn, judge, score everyone.

Protocol: judged on the 90 days from 2011-09-10, on everyone who had bought before; trained on the snapshots
of 2011-03-14, 04-13, 05-13 and 06-12, the last of which closes as the judged one opens.

make bench NAME=churn_retail            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

import datetime

from benchmarks.churn import learn
from benchmarks.common import arguments, command, finish, real_data, throwaway

END = datetime.datetime(2011, 12, 10, tzinfo=datetime.UTC)
PARAMS = {
    "horizon_days": 90,
    "test_as_of": datetime.datetime(2011, 9, 10),
    "training_as_ofs": [
        datetime.datetime(2011, *day) for day in ((3, 14), (4, 13), (5, 13), (6, 12))
    ],
}


def main() -> None:
    engine = arguments(__doc__ or "").parse_args().engine
    path = real_data("online_retail.csv.gz")
    with throwaway(engine):
        from customers.models import Company

        Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})
        command("import", "import_orders", path, "--map", "docs/examples/online_retail.toml")
        figures, candidates = learn(END, PARAMS)
    finish("churn_retail", {"engine": engine, **figures}, candidates)


if __name__ == "__main__":
    main()
