"""`make drill`: kills, outages, full disks, doubles and a moving clock against an instance of its own.

make drill ARGS="--seed 1 --only worker,redis --times 50 --engine sqlite --short"
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time

from crm.setup.running import stop_by_signal
from crm.setup.steps import say
from tests.drills.instance import Instance
from tests.drills.report import Report, Row
from tests.drills.services import Missing


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill")
    parser.add_argument("--seed", type=int, default=1, help="what happens when")
    parser.add_argument("--only", default="", help="names of drills, with commas between them")
    parser.add_argument("--times", type=int, help="repetitions of each")
    parser.add_argument("--minutes", type=float, help="begin no repetition after so many")
    parser.add_argument("--engine", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument(
        "--without", choices=["sweep", "commits"], default="",
        help="remove a guard, to see that the drill fails: the sweep, or commits that wait for the disk",
    )  # fmt: skip
    parser.add_argument("--short", action="store_true", help="a few of each, in a few minutes")
    return parser.parse_args()


def main() -> int:
    words = arguments()
    clock = words.only == "clock"
    instance = Instance(words.engine, with_clock=clock, without=words.without)
    os.environ.update(instance.environment())
    report = Report(words.seed, words.engine)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_by_signal)
    began = time.monotonic()
    if words.minutes:
        report.deadline = began + 60 * words.minutes
    try:
        say(f"→ Starting an instance of the drill's own in {instance.home}")
        instance.start()
        carry_out(instance, words, report)
    except KeyboardInterrupt:
        say("\nStopped by hand; what there is until now:")
        report.wrong.append("stopped before the end: scores were not compared")
    except Missing as missing:
        say(f"\n{missing}")
        return 2
    finally:
        instance.stop()
    say(f"→ {time.monotonic() - began:.0f} s")
    report.show()
    return int(report.fails)


def carry_out(instance: Instance, words: argparse.Namespace, report: Report) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    from tests.drills import running
    from tests.drills.plan import DRILLS

    wanted = [name for name in words.only.split(",") if name] or list(DRILLS)
    if unknown := set(wanted) - set(DRILLS):
        raise Missing(f"Unknown: {', '.join(unknown)}. There are {', '.join(DRILLS)}")
    plan = {}
    for name in wanted:
        times = words.times or (DRILLS[name].short if words.short else DRILLS[name].times)
        if DRILLS[name].postgres_only and words.engine != "postgres":
            continue
        if DRILLS[name].needs_small_disks and not instance.has_small_disks:
            say(
                f"→ Left out: {name}. Filling a disk takes a small one of its own, which needs root"
            )
            continue
        if times:
            plan[name] = times
    apart = plan.pop("clock", 0) if words.only != "clock" else 0
    if plan:
        running.run(instance, plan, report, 20 if words.short else 80)
    if apart:
        report.rows.append(with_a_clock_of_its_own(words, apart))


def with_a_clock_of_its_own(words: argparse.Namespace, times: int) -> Row:
    """Processes whose clock can be moved are started otherwise: an instance apart."""
    command = [sys.executable, "-m", "tests.drills", "--only", "clock", "--times", str(times)]
    command += ["--seed", str(words.seed), "--engine", words.engine]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
    say(done.stdout)
    row = Row("clock")
    try:
        figures = json.loads(done.stdout.splitlines()[-1])["rows"][0]
    except (ValueError, IndexError, KeyError):
        row.stuck += 1
        return row
    row.seconds = [figures["median_s"]] * (figures["repetitions"] - 1) + [figures["max_s"]]
    row.lost, row.doubled = figures["lost"], figures["doubled"]
    row.stuck, row.mixed = figures["stuck"] + (done.returncode != 0), figures["mixed"]
    return row


if __name__ == "__main__":
    sys.exit(main())
