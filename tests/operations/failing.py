"""A task for the tests of the log, that fails with a person's data in what it says."""

from celery import shared_task


@shared_task(name="tests.fails")
def fails(number: int) -> None:
    raise ValueError("cannot write to Zwyrtek <Zwyrtek@example.com>")
