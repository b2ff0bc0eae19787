"""What is counted as it happens: requests and their seconds, rows taken in from other systems.

Every web process counts for itself. Under gunicorn they do it in files of one folder, one set per place at the
table (crm/gunicorn.py), and whoever is asked for /metrics adds them up; one that replaces another goes on with its
figures, so that nothing is ever counted down.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
PLACE = "PERENNIAL_WEB_PLACE"
if SHARED in os.environ:
    values.ValueClass = values.MultiProcessValue(lambda: os.environ.get(PLACE, "0"))

OURS = CollectorRegistry()
REQUESTS = Counter(
    "perennial_http_requests", "Requests answered.", ["route", "method", "status"], registry=OURS
)
SECONDS = Histogram(
    "perennial_http_request_seconds",
    "Seconds from the request to its answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OURS,
)
ROWS = Counter(
    "perennial_rows",
    "Rows sent by other systems: taken (stored), unchanged (known already), refused.",
    ["source", "kind", "result"],
    registry=OURS,
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    method = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
    REQUESTS.labels(route, method, status).inc()
    SECONDS.labels(route).observe(seconds)


def counted() -> CollectorRegistry:
    """The figures of all web processes of this server."""
    if SHARED not in os.environ:
        return OURS
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone)
    return everyone
