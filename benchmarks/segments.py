"""How steady segments are: groups found again in other samples, names and groups kept after another training.

Protocol, on a gift wholesaler's orders and on a demo company: the newest customers, one in twenty, are set aside; a
first model is learnt from the others, a second one from everybody, as the training after it would be. Nothing else
changes and no time passes, so whoever of the nineteen changes name or group does so because others came. Beside it
stands the same second training without the first one to go on from.

make bench NAME=segments                # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

import datetime
from typing import Any

from benchmarks.common import arguments, command, finish, measured, real_data, say, throwaway

END = datetime.datetime(2011, 12, 10, tzinfo=datetime.UTC)
PARAMS = {"horizon_days": 90}
NEW = 0.05
OTHER_SEED = 7


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--customers", type=int, default=2_000, help="of the demo company")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    path = real_data("online_retail.csv.gz")
    with throwaway(options.engine):
        from django.utils import timezone

        from customers.models import Company, Customer
        from insights.dataset import load_tables

        Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})
        command("import", "import_orders", path, "--map", "docs/examples/online_retail.toml")
        retail = steadiness("retail", load_tables(END, archived=True), END)
        last = Customer.objects.order_by("pk").last()
        # The demo company keeps its books in euros; the wholesaler's customers are not looked at any more.
        Company.objects.update(base_currency="EUR")
        words = ["--customers", str(options.customers), "--seed", str(options.seed), "--add"]
        command("demo company", "demo_company", *words)
        ids = list(
            Customer.objects.filter(pk__gt=last.pk if last else 0).values_list("pk", flat=True)
        )
        now = timezone.now()
        demo = steadiness("demo", load_tables(now, ids, archived=True), now)
    finish("segments", {"engine": options.engine, **retail, **demo})


def steadiness(name: str, tables: dict[str, Any], as_of: datetime.datetime) -> dict[str, Any]:
    """Figures of one company, each under its name."""
    from insights.ml import segments
    from insights.ml.tables import only

    orders = tables["orders"].select(["customer_id", "occurred_at"]).to_pandas()
    arrived = orders.groupby("customer_id")["occurred_at"].min().sort_values(kind="stable")
    known = arrived.index[: round(len(arrived) * (1 - NEW))].tolist()
    with measured(f"{name}: the first training") as step:
        first, _ = train(only(tables, known), as_of, {})
    before = segments.predict(first, tables, as_of, known)
    with measured(f"{name}: the next training, with one new customer in twenty"):
        second, summary = train(tables, as_of, {"before": first})
    with measured(f"{name}: the same, with nothing to go on from"):
        anew, _ = train(tables, as_of, {})
    found = {
        "customers": len(before),
        "k": summary["k"] if summary["clusters_stable"] else None,
        "stability": summary["published_metrics"].get("stability"),
        "stability_other_seed": stability_again(tables, as_of, second),
        "silhouette": summary["published_metrics"].get("silhouette"),
        "thresholds_kept": summary["thresholds"]["kept"],
        **kept(before, segments.predict(second, tables, as_of, known), ""),
        **kept(before, segments.predict(anew, tables, as_of, known), "_without_handing_on"),
        **step.figures(),
    }
    for figure, value in found.items():
        say(f"  {name} {figure}: {value}")
    return {f"{name}_{figure}": value for figure, value in found.items()}


def train(
    tables: dict[str, Any], as_of: datetime.datetime, more: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    from insights.ml import segments

    params = PARAMS | more
    inputs = segments.inputs(tables, as_of, params)
    evaluation = segments.evaluate(inputs, segments.candidates(params), lambda *call: None)
    return evaluation.model, evaluation.summary


def stability_again(tables: dict[str, Any], as_of: datetime.datetime, model: Any) -> float | None:
    """The stability of the published number of groups with starts and samples that had no part in choosing it."""
    from insights.ml.clusters import fit_clusters
    from insights.ml.features import features
    from insights.ml.tables import utc

    if model.clusters is None:
        return None
    frame = features(tables, [utc(as_of)])
    frame = frame[frame["orders_all"] > 0].reset_index(drop=True)
    found = fit_clusters(frame, k=model.clusters.k, random_state=OTHER_SEED)
    return found.stability if found else None


def kept(before: Any, after: Any, ending: str) -> dict[str, float | None]:
    """Of the customers of the first model, those with the same name and in the group of the same number."""
    both = before.merge(after, on="customer_id", suffixes=("_before", "_after"))
    grouped = both.dropna(subset=["cluster_before", "cluster_after"])
    same = (grouped["cluster_before"] == grouped["cluster_after"]).mean() if len(grouped) else None
    names = (both["segment_before"] == both["segment_after"]).mean()
    return {
        f"same_name{ending}": round(float(names), 4),
        f"same_group{ending}": None if same is None else round(float(same), 4),
    }


if __name__ == "__main__":
    main()
