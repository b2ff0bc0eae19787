"""The system page: how the installation is, and what to do about what is not well. For admins."""

import hashlib

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_celery_beat.models import PeriodicTask

from crm.operations.backups.making import BACKUP_TASK
from crm.operations.overview import overview
from crm.operations.tasks import back_up
from customers.access import role_required
from customers.models import User
from insights.requesting import wake


def live(request) -> dict:
    """The part that changes, and a stamp that changes with it: both are made of the same words."""
    words = render_to_string("operations/_system.html", overview(), request)
    stamp = hashlib.sha256(words.encode()).hexdigest()[:16]
    return {"live": mark_safe(words), "stamp": stamp}  # from a template, which has escaped it


@require_safe
@role_required(User.Role.ADMIN)
def system(request):
    return render(request, "operations/system.html", live(request))


@require_safe
@role_required(User.Role.ADMIN)
def system_live(request):
    """What is new since the stamp; 204, at which the page stays as it is, where nothing is."""
    context = live(request)
    if request.GET.get("stamp") == context["stamp"]:
        return HttpResponse(status=204)
    return render(request, "operations/_system_live.html", context)


@require_POST
@role_required(User.Role.ADMIN)
def system_backup(request):
    """Ask a worker for a backup now."""
    if wake(back_up):
        messages.success(request, _("A backup is being made. It shows here when it is done."))
    else:
        messages.error(
            request, _("The broker does not answer, so no worker can be asked. Nothing was made.")
        )
    return redirect("system")


@require_POST
@role_required(User.Role.ADMIN)
def system_backup_nightly(request):
    """Switch the nightly backup on or off."""
    job = PeriodicTask.objects.filter(task=BACKUP_TASK).first()
    if job:
        job.enabled = not job.enabled
        job.save()
        words = (
            _("A backup is made every night; the newest seven are kept.")
            if job.enabled
            else _("No backup is made at night any more.")
        )
        messages.success(request, words)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("system")})
    return redirect("system")
