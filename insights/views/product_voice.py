"""What is said about a product, as a part of its page."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from customers.models import Product
from insights.movements import last_days
from insights.product_voice import aspects_of, days_of, newest_and_worst, topics_of
from insights.views.voice import address, ready, table_links, unhappy_url
from insights.views.voice_drawing import band_of

DAYS = 365


@require_safe
def product_voice(request, pk):
    one = get_object_or_404(Product, pk=pk)
    span = last_days(DAYS)
    wanted = {"product": one.pk, "since": span.first, "until": span.last}
    newest, worst = newest_and_worst(request.user, one, span)
    ready([*newest, *worst])
    context = {
        "product": one,
        "span": span,
        "band": band_of(
            days_of(request.user, one, span), span,
            lambda first, last, label: address(wanted, since=first, until=last, label=label),
        ),
        "aspects": [
            {"aspect": side, "url": address(wanted, aspect=side.code)}
            for side in aspects_of(request.user, one, span)
        ],
        "topics": [
            topic | {"url": address(wanted, topic=topic["number"])}
            for topic in topics_of(request.user, one, span)
        ],
        "days_files": table_links("product-days", wanted),
        "aspects_files": table_links("product-aspects", wanted),
        "newest": newest,
        "worst": worst,
        "all_url": address(wanted),
        "unhappy_url": unhappy_url(wanted),
    }  # fmt: skip
    return render(request, "insights/_product_voice.html", context)
