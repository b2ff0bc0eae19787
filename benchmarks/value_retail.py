"""What a gift wholesaler's customers spend in the next 90 days: import, learn, judge, score everyone.

Protocol: judged on the 90 days from 2011-09-10, on everyone who had bought before. Candidates are chosen on the
90 days from 2011-06-12, learnt from windows that had closed by then.

make bench NAME=value_retail            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

import datetime

from benchmarks.common import arguments, command, finish, real_data, throwaway
from benchmarks.value import learn

END = datetime.datetime(2011, 12, 10, tzinfo=datetime.UTC)
PARAMS = {"horizon_days": 90, "test_as_of": datetime.datetime(2011, 9, 10)}


def main() -> None:
    engine = arguments(__doc__ or "").parse_args().engine
    path = real_data("online_retail.csv.gz")
    with throwaway(engine):
        from customers.models import Company
        from insights.dataset import load_tables

        Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})
        command("import", "import_orders", path, "--map", "docs/examples/online_retail.toml")
        figures, candidates = learn(load_tables(END, archived=True), END, PARAMS)
    finish("value_retail", {**figures, "engine": engine}, candidates)


if __name__ == "__main__":
    main()
