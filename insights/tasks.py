"""Celery's side: ids in, one call; the outcome stands on a row of the database.

Messages only wake: what they ask for stands in the database, and the sweep asks again. So those that score are
acknowledged before the work: input that kills a worker is tried every half minute, not over and over.
"""

from celery import shared_task


@shared_task
def run_training(run_id: int) -> None:
    from insights.models import TopicSearch
    from insights.running import run

    if TopicSearch.waiting().exists():  # it does not wait until every training has had its turn
        find_topics()
    run(run_id)


@shared_task
def train_on_schedule(kind: str) -> None:
    from insights.requesting import request_scheduled_training

    request_scheduled_training(kind)


@shared_task(acks_late=False)
def score_stale() -> None:
    from insights.refreshing import refresh_stale

    refresh_stale()


@shared_task(acks_late=False)
def read_messages() -> None:
    from insights.reading import read_unread

    read_unread()


@shared_task(acks_late=False)
def read_words(number: int, user_id: int) -> None:
    from insights.analysing import answer

    answer(number, user_id)


@shared_task(acks_late=False)
def score_everyone() -> None:
    from insights.everyone import score_some_of_everyone

    score_some_of_everyone()


@shared_task
def score_nightly() -> None:
    from insights.requesting import request_full_scoring
    from insights.voice_days import outdate_all

    outdate_all()

    request_full_scoring()


@shared_task
def find_topics() -> None:
    from insights.topics import search

    search()


@shared_task
def find_topics_nightly() -> None:
    from insights.requesting import request_topics

    request_topics()


@shared_task
def publish_version(request_id: int) -> None:
    from insights.republishing import republish

    republish(request_id)


@shared_task
def sweep() -> None:
    from insights.sweeping import sweep

    sweep()


@shared_task
def remove_demo_data() -> None:
    from insights.demo.removing import remove_demo

    remove_demo()
