"""The one gate: which customers may this user see and change.

Everything that belongs to a customer (orders, interactions, events, tasks, scores) is reached through it, for
pages, API, admin actions and exports alike. Records without an owner are for managers and admins.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NOTHING = Q(pk__in=[])


def visible_customers(user, prefix: str = "") -> Q:
    """A condition on customers, or on a model whose customer stands behind ``prefix`` (``"customer__"``)."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.is_admin:
        return Q()
    teams = user.teams.all()
    if user.is_manager:
        return Q(**{f"{prefix}team__in": teams}) | Q(
            **{f"{prefix}team": None, f"{prefix}owner": None, f"{prefix}pk__isnull": False}
        )
    return Q(**{f"{prefix}owner": user}) | Q(
        **{
            f"{prefix}team__in": teams.filter(shares_customers=True),
            f"{prefix}owner__isnull": False,
        }
    )


OUT_OF_SIGHT = _("With this owner and team you would no longer see this customer yourself.")


def sees(user, teams: dict[int, bool], owner_id: int | None, team_id: int | None) -> bool:
    """The rule of :func:`visible_customers` for one customer; ``teams``: those of the user, and whether each shares."""
    if user.is_admin:
        return True
    if user.is_manager:
        return team_id in teams or (team_id is None and owner_id is None)
    return owner_id == user.pk or bool(owner_id and team_id and teams.get(team_id))


def would_see(user, owner, team) -> bool:
    """What :func:`visible_customers` will say of a customer with this owner and team, before it is stored."""
    if user.is_admin:
        return True
    teams = dict(user.teams.values_list("pk", "shares_customers"))
    return sees(user, teams, owner and owner.pk, team and team.pk)


def visible_facts(user, prefix: str = "customer__") -> Q:
    """A condition on facts about customers; those without a known customer are for managers and admins."""
    condition = visible_customers(user, prefix)
    if user.is_authenticated and user.is_manager:
        condition |= Q(**{prefix.removesuffix("__"): None})
    return condition


def sees_others(user) -> bool:
    """Whether colleagues' customers are among those that somebody sees."""
    if user.is_manager or user.is_admin:
        return True
    return user.teams.filter(shares_customers=True).exists()


def role_required(*roles):
    """View decorator: people of other roles get the 403 page, which says so in plain words."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
