import time

from django.core.management.base import BaseCommand, CommandError

from insights.models import Kind, TrainingRun
from insights.requesting import request_training


class Command(BaseCommand):
    help = (
        "Trains a model and publishes it if it is better than the plain rule:"
        " here and now, or with --queue in the trainer."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(Kind.values))
        parser.add_argument("--all", action="store_true", help="all kinds")
        parser.add_argument("--first", action="store_true", help="only what was never trained")
        parser.add_argument("--queue", action="store_true", help="leave it to the trainer")
        parser.add_argument("--wait", action="store_true", help="with --queue: until it has ended")

    def handle(self, *args, kinds, queue, wait, first, **options) -> None:
        wanted = self.wanted(kinds, options["all"])
        if first:
            known = set(TrainingRun.objects.values_list("kind", flat=True))
            wanted = [kind for kind in wanted if kind not in known]
        origin = TrainingRun.Origin.FIRST if first else TrainingRun.Origin.COMMAND
        runs = [request_training(kind, origin, send=queue) for kind in wanted]
        for run in runs:
            if queue:
                self.stdout.write(f"{run.get_kind_display()}: {run.get_status_display()}")
            else:
                self.train(run)
        if queue and wait:
            self.follow(runs)

    def wanted(self, kinds: list[str], everything: bool) -> list[str]:
        names = ", ".join(Kind.values)
        if everything == bool(kinds):
            raise CommandError(f"Name the kinds to train ({names}), or --all.")
        if unknown := set(kinds) - set(Kind.values):
            raise CommandError(f"Unknown: {', '.join(sorted(unknown))}. There are {names}.")
        return Kind.values if everything else kinds

    def train(self, run: TrainingRun) -> None:
        from insights import running

        self.stdout.write(f"{run.get_kind_display()} …")
        running.run(run.pk)
        self.follow([run])

    def follow(self, runs: list[TrainingRun]) -> None:
        for run in runs:
            run.refresh_from_db()
            while run.is_active:
                time.sleep(1)
                run.refresh_from_db()
            self.stdout.write(self.describe(run))
        if any(run.status != TrainingRun.Status.DONE for run in runs):
            raise CommandError("Not every training came to its end.")

    def describe(self, run: TrainingRun) -> str:
        words = [f"{run.get_kind_display()}: {run.get_status_display()}"]
        if run.outcome:
            words.append(str(run.get_outcome_display()))
        if run.facts:
            words.append(", ".join(f"{name}: {value}" for name, value in run.facts.items()))
        words += [f"{step['code']} {step['seconds']} s" for step in run.steps]
        return " · ".join(words) + (f"\n{run.error}" if run.error else "")
