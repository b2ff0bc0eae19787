"""What each person sets for themselves: language and theme. Kept on the user, and in the browser for the login page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from customers.models import User

YEAR = 365 * 24 * 3600


def own_address(request, address: str | None) -> str:
    """The address if it is one of ours, else the home page: no link may lead people elsewhere."""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and allowed else reverse("home")


@login_not_required
@require_POST
def set_language(request):
    language = request.POST.get("language")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = HttpResponseRedirect(own_address(request, request.POST.get("next")))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_POST
def set_theme(request):
    theme = request.POST.get("theme")
    if theme not in User.Theme.values:
        return HttpResponseBadRequest()
    User.objects.filter(pk=request.user.pk).update(theme=theme)
    return HttpResponse(status=204)
