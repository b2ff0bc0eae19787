from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.models import Customer
from insights.models import FullScoring
from insights.requesting import request_full_scoring


class Command(BaseCommand):
    help = "Scores customers as of now with the published models: everyone, or those named."

    def add_arguments(self, parser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID")
        parser.add_argument("--queue", action="store_true", help="everyone, in the workers")

    def handle(self, *args, ids, queue, **options) -> None:
        if queue:
            request_full_scoring()
            self.stdout.write("Everyone will be scored.")
            return
        from insights.everyone import score_everyone
        from insights.scoring import score_customers

        if ids:
            self.stdout.write(f"Scored: {score_customers(ids, timezone.now())}")
            return
        request_full_scoring(send=False)
        score_everyone()
        row = FullScoring.row().get()
        served = f"{row.served_at:%Y-%m-%d %H:%M:%S}" if row.served_at else "never"
        self.stdout.write(f"Customers: {Customer.objects.count()}; everyone was scored: {served}")
