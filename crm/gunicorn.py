"""How the web processes run, the same here and in a container."""

import gc
import os
import shutil
import tempfile

from crm.operations import logs

# A process of ours opens its own port only to this machine, unless a container says otherwise.
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
limit_request_line = 8190  # filters over many ids are long
max_requests = 5000
max_requests_jitter = 500
# The default, a file on disk, can stall a worker's heartbeat where /tmp is slow.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
loglevel = "warning"
logconfig_dict = logs.configuration(
    os.environ.get("LOG_FORMAT") or "lines",
    os.environ.get("LOG_LEVEL") or "INFO",
    each_request=False,
)


def on_starting(server) -> None:
    """The folder in which the web processes count together (crm/operations/counting.py)."""
    server.counts = tempfile.mkdtemp(prefix="perennial-metrics-")
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", server.counts)


def on_exit(server) -> None:
    shutil.rmtree(server.counts, ignore_errors=True)


def pre_fork(server, worker) -> None:
    """A process that comes for one that is gone takes its place, and goes on counting where that stopped."""
    taken = {one.place for one in server.WORKERS.values()}
    worker.place = min(set(range(len(taken) + 1)) - taken)


def post_fork(server, worker) -> None:
    os.environ["PERENNIAL_WEB_PLACE"] = str(worker.place)


def post_worker_init(worker) -> None:
    """All code is loaded now, not with the first request, and left alone by the garbage collector from here on.

    A request of some thousands of rows makes so many objects that it would go through all of the program again and
    again: a third of the processor time of such a request.
    """
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    gc.collect()
    gc.freeze()
