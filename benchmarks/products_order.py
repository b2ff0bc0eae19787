"""New-product recommendations where order matters by construction: does the chooser notice by itself?

A shop of courses, as it were: every product leads on to one other. At each visit a customer takes what follows their
latest purchase with a chance of 70 %, else starts anew anywhere. Who knows only what a customer owns cannot tell what
follows a product from what led to it, nor the latest purchase from one of last year.

make bench NAME=products_order            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

import csv
import datetime
import random
from pathlib import Path

from benchmarks.common import arguments, command, finish, measured, say, throwaway

START = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
DAYS = 540
CUSTOMERS = 3_000
PRODUCTS = 300
VISITS = 10
GOES_ON = 0.7
END = START + datetime.timedelta(days=DAYS)
MAPPING = """
kind = "orders"
source = "generated"
tz = "UTC"
currency = "EUR"

[columns]
number = "order"
customer = "customer"
occurred_at = "at"
product = "product"
quantity = "quantity"
unit_price = "price"
"""


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with throwaway(options.engine) as folder:
        path = folder / "orders.csv"
        write(path, options.seed)
        (folder / "orders.toml").write_text(MAPPING)
        command("import", "import_orders", path, "--map", folder / "orders.toml")
        figures, candidates = learn()
    finish("products_order", {"engine": options.engine, **figures}, candidates)


def write(path: Path, seed: int) -> None:
    """Orders of one line each; days, products and who goes on are drawn with the seed."""
    draw = random.Random(seed)
    order = draw.sample(range(PRODUCTS), PRODUCTS)
    follows = {order[i]: order[(i + 1) % PRODUCTS] for i in range(PRODUCTS)}
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["order", "customer", "product", "at", "quantity", "price"])
        number = 0
        for customer in range(CUSTOMERS):
            latest = draw.randrange(PRODUCTS)
            for day in sorted(draw.sample(range(DAYS), VISITS)):
                number += 1
                at = START + datetime.timedelta(days=day, hours=draw.randrange(8, 20))
                out.writerow([number, f"C{customer}", f"P{latest}", at.isoformat(), 1, 10])
                goes_on = draw.random() < GOES_ON
                latest = follows[latest] if goes_on else draw.randrange(PRODUCTS)


def learn() -> tuple[dict, list[dict]]:
    from insights.dataset import load_tables
    from insights.ml import products

    with measured("load, learn and judge") as step:
        tables = load_tables(END, archived=True)
        inputs = products.inputs(tables, END, {})
        summary = products.evaluate(inputs, products.candidates({}), lambda *call: None).summary
    told = {one["name"]: one for one in summary["candidates"]}
    for name, one in told.items():
        say(
            f"  {name}: validation NDCG@10 {one['validation']['ndcg_at_10']:.4f}, test"
            f" {one['metrics']['ndcg_at_10']:.4f}  {one['settings']}"
        )
    champion, sets_only = (
        told[name]["metrics"]["ndcg_at_10"] for name in (summary["champion"], "ease")
    )
    metrics = summary["published_metrics"] or dict.fromkeys(("ndcg_at_10", "recall_at_10"))
    figures = {
        **metrics,
        "champion": summary["champion"],
        "gain_over_ease": champion / sets_only - 1,
        "grade": summary["grade"],
        "users": summary["n_test"],
        "known_products": summary["products"],
        **step.figures(),
    }
    return figures, summary["candidates"]


if __name__ == "__main__":
    main()
