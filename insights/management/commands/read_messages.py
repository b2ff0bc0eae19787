"""manage.py read_messages: read what is unread, here and now; all of it once more with --again."""

import time

from django.core.management.base import BaseCommand

from customers.models import MessageReading
from insights.reading import read_unread
from insights.rereading import is_something_to_read


class Command(BaseCommand):
    help = "Read the messages that are new or have changed, as the workers do."

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="also those read already")

    def handle(self, *args, again, **options):
        if again:
            MessageReading.objects.exclude(read_at=None).update(read_at=None)
        start, done = time.monotonic(), 0
        while is_something_to_read():
            before, done = done, done + read_unread()
            self.stdout.write(f"{done:,} messages read in {time.monotonic() - start:.1f} s")
            if done == before:  # a worker is at it
                time.sleep(1)
