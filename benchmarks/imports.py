"""How fast, and in how much memory, public files come in: each twice, the second time unchanged.

make bench NAME=imports            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

from benchmarks.common import Step, arguments, command, finish, real_data, say, throwaway

FILES = [
    ("online_retail", "orders", "online_retail.csv.gz", "online_retail.toml"),
    ("telco_churn", "customers", "telco_churn.csv.gz", "telco_churn.toml"),
    ("cdnow_master", "orders", "cdnow_master.csv.gz", "cdnow_master.toml"),
    ("hotel_reviews", "interactions", "text_zh_hotel_reviews.csv.gz", "hotel_reviews.toml"),
]


def main() -> None:
    engine = arguments(__doc__ or "").parse_args().engine
    files = [(name, kind, real_data(file), map_) for name, kind, file, map_ in FILES]
    figures: dict = {"engine": engine}
    with throwaway(engine):
        prepare()
        for name, kind, path, map_ in files:
            words = (f"import_{kind}", path, "--map", f"docs/examples/{map_}")
            first = outcome(command(name, *words))
            second = outcome(command(f"{name}, again", *words))
            figures[name] = {"first": first, "second": second}
            say(f"  {first['counts']}")
    finish("imports", figures)


def prepare() -> None:
    """Two of the files have prices in pounds and in dollars; any rate does."""
    from customers.models import Company, ExchangeRate

    Company.objects.update_or_create(pk=1, defaults={"base_currency": "GBP"})
    ExchangeRate.objects.create(currency="USD", valid_from="1990-01-01", rate="0.62")


def outcome(step: Step) -> dict:
    """What the command measured and what it counted, which its change set holds."""
    from customers.models import ChangeSet

    return step.figures() | {"counts": ChangeSet.objects.latest("pk").counts}


if __name__ == "__main__":
    main()
