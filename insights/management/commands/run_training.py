"""The inside of one training: started by insights.running, not by people."""

import os
import sys
import threading

from django.core.management.base import BaseCommand

from insights.models import TrainingRun


class Command(BaseCommand):
    help = "Carries out a training that has been taken up. Use `retrain` instead."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("run_id", type=int)

    def handle(self, *args, run_id: int, **options) -> None:
        threading.Thread(target=end_with_parent, daemon=True).start()
        from insights.training import Ended, retrain

        try:
            retrain(TrainingRun.objects.get(pk=run_id, status=TrainingRun.Status.RUNNING))
        except (Ended, TrainingRun.DoesNotExist):
            sys.exit("The run was ended from outside.")


def end_with_parent() -> None:
    """Our standard input is held open by the process that watches us; when it closes, nobody does any more.

    Read below Python's own buffers: a thread that waits inside those makes an ordinary end a fatal error.
    """
    while os.read(0, 1):
        pass
    os._exit(1)
