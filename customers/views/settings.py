"""What an admin sets for the whole company."""

from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.access import role_required
from customers.changing import open_change_set, save_changed
from customers.forms import CompanyForm
from customers.models import ChangeSet, Company, User
from customers.views.company import KINDS
from customers.views.toasts import say


def demo_status() -> str:
    """Where the page asks about the demo data; "" where there is none, or nobody tells."""
    if not ChangeSet.objects.filter(source=ChangeSet.Source.DEMO).exists():
        return ""
    return address_of("demo-status")


def address_of(page: str) -> str:
    """Of a page of another app; "" where nobody has it."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "POST"])
@role_required(User.Role.ADMIN)
def settings(request):
    form = CompanyForm(request.POST or None, instance=Company.current(), auto_id="company-%s")
    if request.method == "POST" and form.is_valid():
        change_set = open_change_set(ChangeSet.Source.PAGE, request.user)
        if save_changed(form.instance, change_set, form.Meta.fields):
            say(request, _("Settings saved"), change_set)
        else:
            change_set.delete()
        return redirect("settings")
    context = {
        "form": form,
        "kinds": [
            {"title": kind.title, "icon": kind.icon, "url": reverse(f"{what}-list")}
            for what, kind in KINDS.items()
        ],
        "demo_status": demo_status(),
        "horizon_url": address_of("model-horizon"),
        "system_url": address_of("system"),
        "concerns_url": address_of("concerns"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/settings.html", context, status=status)
