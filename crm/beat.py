"""The scheduler of django-celery-beat, at ease with a clock that is put back.

Its entries remember when they ran last; where that lies ahead, nothing would be due until the clock has come there
again: no sweep for an hour.
"""

import math
import time

from django_celery_beat.schedulers import DatabaseScheduler


class Scheduler(DatabaseScheduler):
    _last_tick = math.inf  # also at the start: what was stored may come from a clock that was ahead

    def tick(self, *args, **kwargs):
        now = time.time()
        if now < self._last_tick:
            self._forget_what_lies_ahead()
        self._last_tick = now
        return super().tick(*args, **kwargs)

    def _forget_what_lies_ahead(self) -> None:
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at and entry.last_run_at > now:
                entry.last_run_at = now
        self._heap = None  # in the order of the old clock; made anew by the tick
