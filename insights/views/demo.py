"""The demo company in the settings page: whether it is there, and taking it out again."""

import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers.access import role_required
from customers.models import ChangeSet, Customer, User
from insights.requesting import wake

ASKED = "removal_asked"
# A removal that has not come to an end after this long is offered again.
PATIENCE = datetime.timedelta(minutes=10)


def demo_context() -> dict:
    loads = list(ChangeSet.objects.filter(source=ChangeSet.Source.DEMO))
    asked = [parse_datetime(load.counts[ASKED]) for load in loads if ASKED in load.counts]
    removing = any(timezone.now() - moment < PATIENCE for moment in asked)
    customers = Customer.objects.filter(recorded_in__in=loads).count() if loads else 0
    return {
        "is_there": bool(loads),
        "removing": removing,
        "customers": customers,
        "tick": int(timezone.now().timestamp() * 1000),
    }


@require_safe
@role_required(User.Role.ADMIN)
def demo_status(request) -> HttpResponse:
    return render(request, "insights/_demo.html", demo_context())


@require_POST
@role_required(User.Role.ADMIN)
def demo_remove(request) -> HttpResponse:
    """Noted on the demo company's own change sets, which go with it; a worker does the work."""
    from insights.tasks import remove_demo_data

    now = timezone.now().isoformat()
    with transaction.atomic():
        for load in ChangeSet.objects.filter(source=ChangeSet.Source.DEMO):
            load.counts[ASKED] = now
            load.save(update_fields=["counts"])
        transaction.on_commit(lambda: wake(remove_demo_data))
    messages.success(request, _("The demo data is being removed. Your own records stay."))
    return redirect("settings")
