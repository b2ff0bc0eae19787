"""A list as a file: at once, or written by a worker where they are many."""

from django.db import transaction
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from customers.exporting import KINDS, Kind, table_file
from customers.list_exports import AT_ONCE, MOST, request_export
from customers.list_tables import OF, Table, table_of
from customers.models import ListExport
from customers.wording import amount

SHOWN = 20


def kind_of(query) -> Kind:
    return "xlsx" if query.get("as") == "xlsx" else "csv"


def is_long(table: Table) -> bool:
    return table.found.order_by().values("pk")[AT_ONCE : AT_ONCE + 1].exists()


@require_safe
def list_export(request, of: str):
    query = request.GET.copy()
    if of != "customers":
        query[OF] = of
    table = table_of(request.user, query)
    if is_long(table):
        return redirect(f"{reverse('list-exports')}?{query.urlencode()}")
    rows = table.rows(AT_ONCE)
    return table_file(table.name, table.title, table.head(), rows, kind_of(query))


@require_http_methods(["GET", "POST"])
def list_exports(request):
    """One's files: those that are ready for a day, those under way; and asking for the one of the address."""
    query = request.GET.copy()
    wanted = "all" in query or "id" in query or OF in query
    if request.method == "POST" and wanted:
        kind = kind_of(query)
        query.pop("as", None)
        with transaction.atomic():
            request_export(request.user, query.urlencode(), kind)
        return redirect("list-exports")
    mine = list(ListExport.objects.visible_to(request.user)[:SHOWN])
    for one in mine:
        one.sentence = table_of(request.user, QueryDict(one.query)).sentence()
    table = table_of(request.user, query)
    context = {
        "exports": mine,
        "under_way": any(one.status in ("queued", "running") for one in mine),
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "kind": kind_of(query).upper(),
        "at_once": amount(AT_ONCE),
        "most": amount(MOST),
        "sentence": table.sentence() if wanted else "",
        "back_url": reverse(table.page),
    }
    part = request.htmx and not request.htmx.history_restore_request
    page = "customers/_list_exports.html" if part else "customers/list_exports.html"
    return render(request, page, context)


@require_safe
def list_export_file(request, pk):
    """The file itself, while it is kept."""
    one = get_object_or_404(ListExport.objects.visible_to(request.user), pk=pk)
    if one.status != ListExport.Status.DONE or one.kind not in KINDS or not one.path.exists():
        raise Http404
    of = table_of(request.user, QueryDict(one.query)).name
    name = f"{of}-{timezone.localtime(one.ended_at).date().isoformat()}.{one.kind}"
    return FileResponse(one.path.open("rb"), as_attachment=True, filename=name)
