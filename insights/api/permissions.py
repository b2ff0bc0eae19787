from rest_framework.permissions import SAFE_METHODS, BasePermission

from customers.models import User


class ManagersReadAdminsAct(BasePermission):
    """What the models are worth is for managers; training and publishing for admins."""

    def has_permission(self, request, view) -> bool:
        reading = request.method in SAFE_METHODS
        return request.user.role == User.Role.ADMIN or (
            reading and request.user.role == User.Role.MANAGER
        )
