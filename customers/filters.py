"""Whom and what a person's filters are about: colleagues, teams, the countries of their customers."""

from django.core.cache import cache
from django.db.models import Q

from customers.models import Customer, Team, User

COUNTRIES_KEPT = 600  # seconds


def countries_of(user) -> list[str]:
    """Countries of the customers this user may see; asked for once in a while, since it reads them all."""
    key = f"countries:{user.pk}"
    found = cache.get(key)
    if found is None:
        rows = Customer.objects.visible_to(user).active().exclude(country="").order_by("country")
        found = list(rows.values_list("country", flat=True).distinct())
        cache.set(key, found, COUNTRIES_KEPT)
    return found


def colleagues_of(user):
    """Oneself and the people of one's teams; for admins everyone."""
    people = User.objects.filter(is_active=True)
    if user.is_admin:
        return people
    return people.filter(Q(pk=user.pk) | Q(teams__in=user.teams.all())).distinct()


def teams_of(user):
    return Team.objects.all() if user.is_admin else user.teams.all()


def near_to(user, teams: list[Team]) -> dict:
    """A condition on the copies beside the totals that holds for all customers of :func:`visible_customers`."""
    if user.is_manager:
        return {"totals__team_key__in": [0, *(team.pk for team in teams)]}
    return {} if any(team.shares_customers for team in teams) else {"totals__owner_key": user.pk}


def near_facts(user) -> Q:
    """A condition on facts that holds for all of :func:`visible_facts`, and whose share of them PostgreSQL estimates:
    of teams that are looked up within a query it takes half of all customers to belong to them."""
    if user.is_admin:
        return Q()
    teams = list(user.teams.all())
    if user.is_manager:
        return Q(customer__team__in=teams) | Q(customer__team=None)
    sharing = [team for team in teams if team.shares_customers]
    return Q(customer__owner=user) | Q(customer__team__in=sharing)
