"""manage.py demo_company: fill the database with a believable company."""

from django.core.management.base import BaseCommand, CommandError

from insights.demo.company import NotEmpty, build, truth_path
from insights.demo.staff import logins_path


class Command(BaseCommand):
    help = "Fill the database with a demo company: customers, orders, visits, conversations, staff."

    def add_arguments(self, parser):
        parser.add_argument("--customers", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--add", action="store_true", help="also when there are customers already"
        )

    def handle(self, *args, customers, seed, add, **options):
        if customers < 1:
            raise CommandError("--customers must be at least 1.")
        if seed < 0:
            raise CommandError("--seed must not be negative.")
        try:
            build(customers, seed, add=add, say=self.say)
        except NotEmpty as error:
            raise CommandError(str(error)) from error
        self.say(f"Logins: {logins_path()}   What drives each customer: {truth_path()}")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
