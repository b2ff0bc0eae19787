"""A large company's scores brought onto its customers, and what readers and writers feel meanwhile.

python -m benchmarks.write_back --customers 1000000

The models are learnt from a demo company of twenty thousand; then its customers, their totals and their scores are
copied until there are as many as asked for. Copies have no orders: a publishing reads stored scores and totals alone.
Each kind is then published once more, as after a training, and each table is what it is after a first publishing.
"""

from benchmarks import common
from benchmarks.beside import beside, quiet

LEARNT_FROM = 20_000
KINDS = ("segments", "churn", "value")


def main() -> None:
    parser = common.arguments(__doc__ or "")
    parser.set_defaults(engine="postgresql")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=3, help="publishings of each kind")
    options = parser.parse_args()
    with common.throwaway(options.engine):
        words = ["--customers", str(LEARNT_FROM), "--seed", str(options.seed)]
        common.command("demo company", "demo_company", *words)
        for kind in KINDS:
            common.command(f"train {kind}", "retrain", kind)
        with common.measured("copies of its customers and their scores"):
            multiplied(options.customers)
        figures = {"customers": options.customers, "engine": options.engine}
        figures |= {"beside_nothing": quiet()} | published(options.times)
    common.finish("write_back", figures)


def multiplied(customers: int) -> None:
    """Copy every customer, with new keys, until there are about as many as asked for."""
    from django.db import connection
    from django.db.models import Max, Min

    from customers.models import (  # fmt: skip
        Behaviour,
        Customer,
        CustomerScore,
        CustomerTotals,
        Outlook,
        ScoreReasons,
    )
    from insights.models import VersionScore
    from insights.publishing import look_again

    ends = Customer.objects.aggregate(first=Min("pk"), last=Max("pk"))
    step = ends["last"] - ends["first"] + 1
    copies = customers // Customer.objects.count() - 1
    told = {
        "customers_customer": {
            "id": "id + {n} * {step}",
            "external_id": "external_id || '-' || {n}",
        }
    }
    models = (
        Customer,
        CustomerTotals,
        CustomerScore,
        ScoreReasons,
        Outlook,
        Behaviour,
        VersionScore,
    )
    with connection.cursor() as cursor:
        for model in models:
            own = told.get(model._meta.db_table, {"customer_id": "customer_id + {n} * {step}"})
            columns = [field.column for field in model._meta.concrete_fields]
            if model is VersionScore:  # its own key is given by the database
                columns.remove("id")
            for number in range(1, copies + 1):
                values = [own.get(name, name).format(n=number, step=step) for name in columns]
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
                    f" SELECT {', '.join(values)} FROM {model._meta.db_table}"
                    f" WHERE {'id' if model is Customer else 'customer_id'} BETWEEN %s AND %s",
                    [ends["first"], ends["last"]],
                )
    look_again()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def published(times: int) -> dict:
    """What each publishing took, and the calls of readers and writers beside all of a kind's."""
    from insights.models import ModelVersion
    from insights.publishing import publish

    figures = {}
    for version in ModelVersion.objects.filter(is_champion=True):
        felt: dict = {}
        with beside(felt), common.measured(f"publish {version}, {times} times") as step:
            for _time in range(times):
                publish(version, catch_up=False)
        scores = version.scores.count()
        figures[version.kind] = step.figures() | {"scores": scores, "times": times, "beside": felt}
    return figures


if __name__ == "__main__":
    main()
