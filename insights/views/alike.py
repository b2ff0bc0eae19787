"""Look-alikes: of a customer on their page, of a segment or a behaviour group on a page of its own."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.access import role_required
from customers.exporting import KINDS, file_links, table_file
from customers.likeness import alike, nearest_to
from customers.models import Behaviour, Company, Customer, Segment
from insights.groups import described, joined, short
from insights.naming import name_of_group, names_of_groups, published_groups
from insights.views.segments import READERS

SHOWN = 50


@require_safe
def customer_alike(request, pk):
    """The five most alike that the reader may see, with what they share."""
    visible = Customer.objects.visible_to(request.user)
    customer = get_object_or_404(visible.select_related("score"), pk=pk)
    others = [] if customer.profiling_refused or customer.archived_at else alike(customer, visible)
    for other in others:
        other.words = shared_words(other.shared)
    currency = Company.current().base_currency
    context = {
        "customer": customer,
        "others": others,
        "group": group_of(customer, currency),
        "by_story": others and others[0].behaviour.by_story,
        "currency": currency,
    }
    return render(request, "insights/_alike.html", context)


def shared_words(shared: list[tuple[str, str]]) -> str:
    if not shared:
        return _("Near the average in most things")
    return joined([short({"code": code, "direction": direction}) for code, direction in shared])


def group_of(customer: Customer, currency: str) -> dict | None:
    """Name and sentence of the customer's behaviour group."""
    score = getattr(customer, "score", None)
    if customer.profiling_refused or not score or score.cluster is None:
        return None
    published = published_groups()
    group = published.get(score.cluster)
    if not group or not group["traits"]:
        return None
    name = names_of_groups(published)[score.cluster]
    return {"name": name, "description": described(group, currency)}


@require_safe
@role_required(*READERS)
def segment_alike(request, segment):
    """Who is not in a segment, but nearest to it."""
    if segment not in Segment.values:
        raise Http404
    return nearest_page(request, Segment(segment).label, "segment", segment)


@require_safe
@role_required(*READERS)
def group_alike(request, number):
    """Who is not in a behaviour group, but nearest to it."""
    if number not in published_groups():
        raise Http404
    return nearest_page(request, name_of_group(number), "cluster", number)


def nearest_page(request, name: str, what: str, key):
    """``as=csv`` gives the list as a file."""
    rows = nearest_to(what, key, Customer.objects.visible_to(request.user))[:SHOWN]
    currency = Company.current().base_currency
    if (kind := request.GET.get("as")) in KINDS:
        return nearest_file(f"nearly-{what}-{key}", name, rows, currency, kind)
    context = {
        "name": name,
        "rows": rows,
        "files": file_links(request.path),
        "currency": currency,
        "learnt": Behaviour.objects.exists(),
    }
    return render(request, "insights/alike.html", context)


def nearest_file(file: str, name: str, rows, currency: str, kind):
    head = [_("Customer"), _("Now in"), _("Value so far"), _("Currency"), _("Churn risk, %")]
    cells = (
        [
            one.name, one.score.get_segment_display(), one.totals.value, currency,
            None if one.score.churn_risk is None else one.score.churn_risk * 100,
        ]
        for one in rows
    )  # fmt: skip
    return table_file(file, name, head, cells, kind)
