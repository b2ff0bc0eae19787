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
    from django.db.models import Max, Min

    from customers import models
    from insights.models import VersionScore
    from insights.publishing import look_again_at_scores

    ends = models.Customer.objects.aggregate(first=Min("pk"), last=Max("pk"))
    first, last = ends["first"], ends["last"]
    copies = customers // models.Customer.objects.count() - 1
    names = {"id": "id + {away}", "external_id": "external_id || '-{away}'"}
    copy(models.Customer, names, "id", first, last, copies)
    for name in ("CustomerTotals", "CustomerScore", "ScoreReasons", "Outlook", "Behaviour"):
        key = {"customer_id": "customer_id + {away}"}
        copy(getattr(models, name), key, "customer_id", first, last, copies)
    copy(VersionScore, key | {"id": None}, "customer_id", first, last, copies)
    look_again_at_scores()
    tidied()


def copy(model, changed: dict, key: str, first: int, last: int, copies: int) -> None:
    """Rows whose key lies between the two, so many times over; a column changed to None is left to the database."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields]
    columns = [name for name in columns if changed.get(name, name)]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        for number in range(1, copies + 1):
            away = number * (last - first + 1)
            values = [changed.get(name, name).format(away=away) for name in columns]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
                f" FROM {table} WHERE {key} BETWEEN %s AND %s",
                [first, last],
            )


def tidied() -> None:
    from django.db import connection

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
