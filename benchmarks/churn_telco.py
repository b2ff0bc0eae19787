"""Churn of a telephone company's customers, a known label among their attributes: import, learn, judge, score.

Protocol: StratifiedKFold of five, shuffled with seed 42, mean of the folds.

make bench NAME=churn_telco            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

from benchmarks.churn import learn
from benchmarks.common import arguments, command, finish, real_data, throwaway

LABEL = {"churn_label_attribute": "Churn", "churn_label_value": "Yes"}


def main() -> None:
    engine = arguments(__doc__ or "").parse_args().engine
    path = real_data("telco_churn.csv.gz")
    with throwaway(engine):
        from django.utils import timezone

        from customers.models import Company
        from insights.models import Kind
        from insights.training import params_for

        command("import", "import_customers", path, "--map", "docs/examples/telco_churn.toml")
        Company.objects.update_or_create(pk=1, defaults=LABEL)
        figures, candidates = learn(timezone.now(), params_for(Kind.CHURN))
    finish("churn_telco", {"engine": engine, **figures}, candidates)


if __name__ == "__main__":
    main()
