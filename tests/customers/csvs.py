"""Small CSV files and imports of them, for the tests of importing."""

import csv
import io

import pytest

from customers.importing import Mapping, Options, run_import

SHOP = {
    "source": "shop",
    "tz": "UTC",
    "columns": {
        "number": "order",
        "customer": "who",
        "occurred_at": "when",
        "product": "sku",
        "product_name": "what",
        "quantity": "n",
        "unit_price": "price",
    },
}
LINES = """order,who,when,sku,what,n,price
1,A,2026-01-05 10:00:00,K1,Kettle,1,40.00
1,A,2026-01-05 10:00:00,F1,Filter,3,2.50
2,B,2026-01-06 11:00:00,F1,Filter,2,2.50
"""


class Bench:
    """Writes files into the test's folder and imports them."""

    def __init__(self, folder):
        self.folder = folder
        self.files = 0

    def file(self, content, encoding="utf-8"):
        self.files += 1
        path = self.folder / f"{self.files}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def __call__(self, kind, content, mapping, progress=None, **options):
        mapping = Mapping.from_dict(mapping)
        path = self.file(content)
        options.setdefault("rejected_path", self.folder / "rejected.csv")
        more = [progress] if progress else []
        return run_import(kind, path, mapping, Options(**options), *more)

    def rejected(self):
        text = (self.folder / "rejected.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def bring(db, tmp_path):
    return Bench(tmp_path)


def verdicts(report):
    """Only the counts that are not zero."""
    return {name: n for name, n in report.counts.items() if n}
