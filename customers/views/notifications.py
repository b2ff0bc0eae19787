"""The bell, which every page shows, and the list behind it."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers.models import Notification
from customers.notification_words import said_of
from customers.paging import Sort, page_by
from customers.views.preferences import own_address

NEWEST = Sort("pk", True, int, ties_follow=True, nullable=False)
SIZE = 30
MOST_COUNTED = 99


def seen_by(user):
    rows = Notification.objects.visible_to(user)
    return rows.select_related("customer", "task", "interaction", "actor")


def unread_count(user) -> int:
    """How many are new; one more than are counted stands for more."""
    some = Notification.objects.visible_to(user).unread().values("pk")[: MOST_COUNTED + 1]
    return some.count()


@require_safe
def notifications_stamp(request):
    """304 while nothing has come or been read; asked now and then by every open page."""
    rows = Notification.objects.visible_to(request.user)
    newest = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    etag = f'"{newest}-{unread_count(request.user)}"'
    same = request.headers.get("If-None-Match") == etag
    response = HttpResponseNotModified() if same else HttpResponse(status=200)
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


@require_safe
def notifications_bell(request):
    count = unread_count(request.user)
    context = {"count": count, "most": MOST_COUNTED}
    return render(request, "components/_bell_count.html", context)


@require_safe
def notifications(request):
    page = page_by(
        seen_by(request.user), NEWEST, True, SIZE,
        request.GET.get("after", ""), request.GET.get("before", ""),
    )  # fmt: skip
    for one in page.rows:
        one.said = said_of(one)
    context = {
        "page": page,
        "rows": page.rows,
        "any_new": any(not one.read_at for one in page.rows),
    }
    return render(request, "customers/notifications.html", context)


@require_POST
def notifications_read(request):
    """Mark one as read and go where it leads, or mark all that there are."""
    rows = Notification.objects.visible_to(request.user)
    number = request.POST.get("id", "")
    if not number:
        upto = request.POST.get("upto", "")
        if not (upto.isascii() and upto.isdigit() and len(upto) < 19):
            raise BadRequest(_("Which ones?"))
        rows.unread().filter(pk__lte=int(upto)).update(read_at=timezone.now())
        return redirect("notifications")
    one = seen_by(request.user).filter(pk=int(number)).first() if number.isdecimal() else None
    if one is None:
        return redirect("notifications")
    rows.unread().filter(pk=one.pk).update(read_at=timezone.now())
    return redirect(own_address(request, said_of(one).address))
