"""manage.py remove_demo: take the demo company out again."""

from django.core.management.base import BaseCommand

from insights.demo.removing import remove_demo


class Command(BaseCommand):
    help = "Remove the demo company. Your own records stay, except what hangs on demo customers."

    def handle(self, *args, **options):
        removed = remove_demo(say=self.stdout.write)
        words = ", ".join(f"{count:,} {name}" for name, count in removed.items() if count)
        self.stdout.write(f"Removed: {words}" if words else "There is no demo company here.")
