"""The inside of one training: started by insights.running, not by people."""

import contextlib
import errno
import os
import sys
import threading
import traceback

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from customers.patience import wait_long
from insights.models import TrainingRun
from insights.running import AGAIN, DISK_FULL

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Command(BaseCommand):
    help = "Carries out a training that has been taken up. Use `retrain` instead."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("run_id", type=int)

    def handle(self, *args, run_id: int, **options) -> None:
        threading.Thread(target=end_with_parent, daemon=True).start()
        wait_long()
        from insights.training import Ended, retrain

        try:
            retrain(TrainingRun.objects.get(pk=run_id, status=TrainingRun.Status.RUNNING))
        except (Ended, TrainingRun.DoesNotExist):
            sys.exit("The run was ended from outside.")
        except (InterfaceError, OperationalError) as error:
            traceback.print_exc()
            sys.exit(DISK_FULL if "disk" in str(error) and "full" in str(error) else AGAIN)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            with contextlib.suppress(OSError):  # there may be no room for words either
                traceback.print_exc()
            os._exit(DISK_FULL)  # an ordinary end would try to write the rest of them


def end_with_parent() -> None:
    """Our standard input is held open by the process that watches us; when it closes, nobody does any more.

    Read below Python's own buffers: a thread that waits inside those makes an ordinary end a fatal error.
    """
    while os.read(0, 1):
        pass
    os._exit(1)
