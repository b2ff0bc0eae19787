from rest_framework.permissions import SAFE_METHODS, BasePermission

from customers.models import User


class ManagersOnly(BasePermission):
    """Managers and admins, for reading and for writing."""

    def has_permission(self, request, view) -> bool:
        return request.user.role in (User.Role.MANAGER, User.Role.ADMIN)


class ManagersReadAdminsAct(BasePermission):
    """What the models are worth is for managers; training and publishing for admins."""

    def has_permission(self, request, view) -> bool:
        reading = request.method in SAFE_METHODS
        return request.user.role == User.Role.ADMIN or (
            reading and request.user.role == User.Role.MANAGER
        )
