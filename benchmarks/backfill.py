"""A long story of messages read at once, as after an import: wall, processor time and memory of a worker.

Everything a worker does with a message is in it: language, feeling with its evidence, concern, entities against the
company's own tables, urgency, storing, the days' sums. The database's part is `database_cpu_s` (that of the whole
server, so nothing else should use it).

make bench NAME=backfill ARGS='--customers 400000 --messages 1000000 --keep NAME'
"""

import sys
import time

from benchmarks.common import arguments, company, finish, measured, say, throwaway, with_company
from benchmarks.million import database

TOLD = 50_000


def main() -> None:
    parser = with_company(arguments(__doc__ or ""), 20_000)
    parser.add_argument("--messages", type=int, default=0, help="so many at least; else all")
    options = parser.parse_args()
    with throwaway(options.engine, options.keep) as folder:
        company(folder, options)
        from customers.models import Interaction, MessageReading

        waiting = MessageReading.objects.unread()
        unread = waiting.count()
        wanted = min(options.messages or unread, unread)
        figures: dict = {"engine": options.engine, "waiting": unread}
        with database(figures, "read"), measured(f"read {wanted:,} of {unread:,} messages") as step:
            done = read(wanted)
        from_customers = Interaction.objects.filter(
            reading__read_at__isnull=False, direction="in"
        ).exclude(text="")
        figures |= {
            "read": done,
            "with_words_of_customers": from_customers.count(),
            **step.figures(),
            "minutes_a_million": round(step.wall_s / done * 1e6 / 60, 1),
            "cpu_minutes_a_million": round(step.cpu_s / done * 1e6 / 60, 1),
            "a_cpu_second": round(done / step.cpu_s),
            "tensorflow_loaded": "tensorflow" in sys.modules,
        }
        finish("backfill", figures)


def read(wanted: int) -> int:
    from insights.reading import read_unread

    done, told, began = 0, 0, time.monotonic()
    while done < wanted:
        done += read_unread()
        if done - told >= TOLD:
            told = done
            say(f"  {done:,} in {time.monotonic() - began:.0f} s")
    return done


if __name__ == "__main__":
    main()
