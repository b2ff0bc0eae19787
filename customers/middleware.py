"""Each person's own language and time zone."""

import zoneinfo

from django.conf import settings
from django.utils import timezone, translation


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
            if user.time_zone in zoneinfo.available_timezones():
                timezone.activate(user.time_zone)
        response = self.get_response(request)
        timezone.deactivate()
        return response
