"""Who asks: ``Authorization: Bearer prn_…`` (or ``Token …``, as before), checked against its hash."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from customers.models import ApiToken


class TokenAuthentication(BaseAuthentication):
    """``request.auth`` is the token; one query, and once a minute one more that notes the use."""

    def authenticate(self, request):
        scheme, *rest = get_authorization_header(request).split() or [b""]
        if scheme.lower() not in (b"bearer", b"token"):
            return None
        if len(rest) != 1:
            raise AuthenticationFailed(_("This is not a token."), "invalid_token")
        token = ApiToken.objects.of_secret(rest[0].decode("latin-1"))
        if token is None:
            raise AuthenticationFailed(_("There is no such token."), "invalid_token")
        if token.revoked_at:
            raise AuthenticationFailed(_("This token has been revoked."), "token_revoked")
        if token.has_expired:
            raise AuthenticationFailed(_("This token has expired."), "token_expired")
        if not token.user.is_active:
            raise AuthenticationFailed(_("This account is not active."), "user_inactive")
        token.note_use()
        return token.user, token

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made on the page “API access” or by POST /api/v1/token/. "
            "It sees what its person sees, and does what its scopes name: `read`, `write`, `ingest` "
            "(orders, interactions and events are added), `train`.",
        }
