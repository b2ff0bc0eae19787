from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from customers.models import ApiToken, User

READ, WRITE = (ApiToken.Scope.READ.value,), (ApiToken.Scope.WRITE.value,)
# Any of them is enough.
ADD_FACTS = (ApiToken.Scope.INGEST.value, ApiToken.Scope.WRITE.value)
TRAIN = (ApiToken.Scope.TRAIN.value,)


class MissingScope(PermissionDenied):
    """Says which scope the token lacks; the name of the error is RFC 6750's."""

    default_code = "insufficient_scope"

    def __init__(self, scope: str):
        super().__init__(_("This token lacks the scope “%(scope)s”.") % {"scope": scope})
        self.scope = scope
        self.auth_header = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
        self.fields = [{"field": "scope", "code": scope, "message": str(self.detail)}]


def scopes_of(view, method: str) -> tuple[str, ...]:
    """The scopes of which a token needs one: a view names what its POST asks for in ``post_scopes``."""
    if method in SAFE_METHODS:
        return READ
    return getattr(view, "post_scopes", WRITE) if method == "POST" else WRITE


class HasScope(BasePermission):
    """A token does what its scopes name; somebody who signed in on the pages is not bound by any."""

    def has_permission(self, request, view) -> bool:
        if isinstance(request.auth, ApiToken):
            needed = scopes_of(view, request.method)
            if not set(needed) & set(request.auth.scopes):
                raise MissingScope(needed[0])
        return True


class AdminsDelete(BasePermission):
    """What is deleted cannot be brought back."""

    def has_permission(self, request, view) -> bool:
        return request.method != "DELETE" or request.user.role == User.Role.ADMIN


class AdminsWrite(BasePermission):
    """Everybody reads; admins write."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or request.user.role == User.Role.ADMIN


class ManagersWrite(BasePermission):
    """Everybody reads; managers and admins write."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or request.user.role in (
            User.Role.MANAGER,
            User.Role.ADMIN,
        )
