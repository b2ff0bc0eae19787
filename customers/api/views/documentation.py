"""The page that describes the API: for people, so whoever comes without a session is led to the sign-in."""

from django.contrib.auth.views import redirect_to_login
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework.exceptions import NotAuthenticated


class DocumentationView(SpectacularSwaggerView):
    url_name = "api-schema"
    template_name = "api/docs.html"

    def handle_exception(self, exc: Exception):
        # A program, which does not ask for a page, is told in the shape of every error.
        if isinstance(exc, NotAuthenticated) and "text/html" in self.request.headers.get(
            "Accept", ""
        ):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)
