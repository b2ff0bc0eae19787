"""Words and examples of the operations on models and segments, for the description of the API."""

from customers.api.describing import describe
from insights.api.examples import EXAMPLES
from insights.api.summaries import SUMMARIES


def complete(result: dict, generator, request, public) -> dict:
    return describe(result, SUMMARIES, EXAMPLES)
