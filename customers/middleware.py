"""Each person's own language and time zone, else the company's; and parts of pages that no browser keeps as pages."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from customers.clocks import company_zone
from customers.moments import zone_of


class PreferencesMiddleware:
    """Activate the signed-in user's language and time zone; visitors keep what their browser asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated:
            if user.language in dict(settings.LANGUAGES):
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
            zone = zone_of(user.time_zone or company_zone())
            if zone:
                timezone.activate(zone)
        response = self.get_response(request)
        timezone.deactivate()
        return response


class FragmentMiddleware:
    """A page and its refresh share an address: without this, Back would show the bare refresh from the cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if "HX-Request" in request.headers:
            patch_cache_control(response, no_store=True)
        return response
