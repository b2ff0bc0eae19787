"""Bring a CSV file in: customers, products, orders, events or interactions.

The interface, for the commands and for pages::

    mapping = Mapping.read("docs/examples/online_retail.toml")      # or Mapping.from_dict({...}); MappingError
    report = run_import("orders", "orders.csv.gz", mapping, Options(tz="Europe/London"), progress)
    report.counts      # created, updated, unchanged, duplicate, rejected, total: every row counted once
    report.made        # what came into being besides, or in what number: {"customers": …, "products": …}
    report.reasons     # why rows were rejected: {(column, reason): rows}
    report.rejected_path, report.change_set, report.seconds

``progress(step, fraction, rows)`` is called often; steps are ``reading``, ``writing``, ``totals`` and ``rejects``.
``preview(file, mapping, rows=20)`` shows what a file looks like before anything is stored.

How it goes. The file is read once in full to find its encoding (UTF-8, else GB 18030, both strictly), then parsed,
checked and laid down row by row in a temporary staging file on disk, so that memory stays small whatever the
file's size. From there rows come back grouped by their key (an order's lines from anywhere in the file together) and
are written in chunks by :mod:`customers.upserting`. All writing stands in **one transaction**: a crash, a lost
connection or an error leaves nothing behind, and the import is simply run again. Rows are identified by external id,
SKU, order number or content, so a second run of the same file changes nothing.

Rows that cannot be used go to a CSV file: row number (the header is row 1), column, reason, and the row itself.
"""

from customers.importing.errors import ImportFailed, MappingError
from customers.importing.kinds import KINDS
from customers.importing.mapping import Mapping
from customers.importing.running import Options, Report, preview, run_import

__all__ = [
    "KINDS",
    "ImportFailed",
    "Mapping",
    "MappingError",
    "Options",
    "Report",
    "preview",
    "run_import",
]
