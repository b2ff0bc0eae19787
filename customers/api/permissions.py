from rest_framework.permissions import SAFE_METHODS, BasePermission

from customers.models import User


class ManagersWrite(BasePermission):
    """Everybody reads; managers and admins write."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or request.user.role in (
            User.Role.MANAGER,
            User.Role.ADMIN,
        )
