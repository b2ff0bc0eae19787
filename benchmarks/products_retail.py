"""New-product recommendations for a gift wholesaler: import, learn, judge, score everyone.

Protocol: products whose code starts with five digits; sales before 2011-09-10 are known, a target is a
product that the customer buys for the first time in the 90 days after it. Everything is chosen on the
90 days from 2011-06-12.

make bench NAME=products_retail            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

import datetime

from benchmarks.common import arguments, command, finish, measured, real_data, say, throwaway

END = datetime.datetime(2011, 12, 10, tzinfo=datetime.UTC)
PARAMS = {
    "horizon_days": 90,
    "test_as_of": datetime.datetime(2011, 9, 10),
    "validation_as_of": datetime.datetime(2011, 6, 12),
}


def main() -> None:
    engine = arguments(__doc__ or "").parse_args().engine
    path = real_data("online_retail.csv.gz")
    with throwaway(engine):
        prepare()
        command("import", "import_orders", path, "--map", "docs/examples/online_retail.toml")
        figures, candidates = learn()
    finish("products_retail", {"engine": engine, **figures}, candidates)


def prepare() -> None:
    from customers.models import Company

    Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})


def learn() -> tuple[dict, list[dict]]:
    from insights.dataset import load_tables
    from insights.ml import products

    params = {**PARAMS, "only_product_ids": goods()}
    with measured("load, learn and judge") as step:
        tables = load_tables(END, archived=True)
        inputs = products.inputs(tables, END, params)
        evaluation = products.evaluate(inputs, products.candidates(params), lambda *call: None)
    summary = evaluation.summary
    for one in summary["candidates"]:
        metrics = ", ".join(f"{name} {value:.4f}" for name, value in one["metrics"].items())
        say(f"  {one['name']}: {metrics}  {one['settings']}")
    nothing = dict.fromkeys(("ndcg_at_10", "recall_at_10", "hit_rate_at_10"))
    figures = {
        **(summary["published_metrics"] or nothing),
        "champion": summary["champion"],
        "settings": summary["params"],
        "grade": summary["grade"],
        "users": summary["n_test"],
        "known_users": summary["n_training"],
        "known_products": summary["products"],
        "unsold": summary["unsold"],
        "reorders": summary["reorders"],
        **step.figures(),
    }
    if evaluation.model is None:
        return figures | {"reason": "no candidate beat the popularity rule"}, summary["candidates"]
    with measured("score everyone") as scoring:
        offered = products.predict(evaluation.model, tables, END)
    figures["scoring"] = scoring.figures() | {"customers": offered["customer_id"].nunique()}
    return figures, summary["candidates"]


def goods() -> list[int]:
    """Products proper: postage, samples and vouchers have codes without five digits in front."""
    from customers.models import Product

    return list(Product.objects.filter(sku__regex=r"^[0-9]{5}").values_list("pk", flat=True))


if __name__ == "__main__":
    main()
