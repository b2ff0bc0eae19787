"""The filters of the customers page. State lives in the address, so that a list can be sent, kept and come back to."""

import datetime

import django_filters
from django import forms
from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.countries import country_choices
from customers.groups import called
from customers.models import HIGH_RISK, MEDIUM_RISK, Customer, Segment, Tag, Team, User
from customers.striding import Narrowing

ME, NOBODY = "me", "none"
RISKS = (("high", _("High")), ("medium", _("Medium")), ("low", _("Low")), ("none", _("No score")))
BANDS = [(str(n), str(n)) for n in range(1, 6)]
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


def in_words(field, value) -> str:
    """A filter's value as its list shows it; records speak for themselves."""
    if not isinstance(value, str):
        return str(value)
    return str(dict(field.choices).get(value, value))


class CustomerFilter(django_filters.FilterSet):
    # Set by links from other pages; offered to nobody as a field of its own.
    RARE = ("recency", "frequency", "group", "was", "since")

    q = django_filters.CharFilter(method="search", label=_("Name, company, e-mail or phone"))
    segment = django_filters.MultipleChoiceFilter(
        choices=Segment.choices,
        field_name="score__segment",
        label=_("Segment"),
        distinct=False,  # a customer has one; to make sure of it, a database would read all that match
    )
    risk = django_filters.ChoiceFilter(choices=RISKS, method="by_risk", label=_("Churn risk"))
    expected = django_filters.NumberFilter(
        field_name="score__expected_value",
        lookup_expr="gte",
        label=_("Next 12 months, at least"),
        widget=forms.NumberInput(attrs={"class": "form-control c-field", "min": 0}),
    )
    owner = django_filters.ChoiceFilter(method="by_owner", label=_("Owner"))
    team = django_filters.ChoiceFilter(label=_("Team"))
    country = django_filters.ChoiceFilter(label=_("Country"))
    lifecycle = django_filters.ChoiceFilter(
        choices=Customer.Lifecycle.choices, label=_("Lifecycle")
    )
    tag = django_filters.ModelChoiceFilter(
        queryset=Tag.objects.all(), field_name="tags", label=_("Tag")
    )
    recency = django_filters.ChoiceFilter(
        choices=BANDS, field_name="score__recency_band", label=_("Recency band")
    )
    frequency = django_filters.ChoiceFilter(
        choices=BANDS, field_name="score__frequency_band", label=_("Frequency band")
    )
    group = django_filters.NumberFilter(
        field_name="score__cluster",
        label=_("Behaviour group"),
        widget=forms.NumberInput(attrs={"class": "form-control c-field", "min": 0}),
    )
    was = django_filters.ChoiceFilter(
        choices=Segment.choices, field_name="score__segment_before", label=_("Segment before")
    )
    since = django_filters.DateFilter(
        method="by_since",
        label=_("In this segment since, at the earliest"),
        widget=forms.DateInput(attrs={"class": "form-control c-field", "type": "date"}),
    )
    archived = django_filters.BooleanFilter(
        method="by_archived", label=_("Archived"), widget=forms.CheckboxInput
    )

    class Meta:
        model = Customer
        fields: list[str] = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        people = [(str(u.pk), str(u)) for u in colleagues_of(user)]
        self.filters["owner"].extra["choices"] = [
            (ME, _("me")),
            (NOBODY, _("nobody")),
            *people,
        ]
        self.teams = list(teams_of(user))
        self.filters["team"].extra["choices"] = [(str(one.pk), str(one)) for one in self.teams]
        self.filters["country"].extra["choices"] = country_choices(countries_of(user))
        for name, filter_ in self.filters.items():
            if name == "segment":
                filter_.extra["widget"] = forms.CheckboxSelectMultiple
            elif name not in ("q", "group", "since", "archived", "expected"):
                filter_.extra["widget"] = forms.Select({"class": "form-select c-field"})
                filter_.extra["empty_label"] = _("Any")

    def search(self, customers, name, value):
        return customers.search(value)

    def by_risk(self, customers, name, value):
        match value:
            case "high":
                return customers.filter(score__churn_risk__gte=HIGH_RISK)
            case "medium":
                return customers.filter(
                    score__churn_risk__gte=MEDIUM_RISK, score__churn_risk__lt=HIGH_RISK
                )
            case "low":
                return customers.filter(score__churn_risk__lt=MEDIUM_RISK)
        return customers.filter(Q(score=None) | Q(score__churn_risk=None))

    def by_owner(self, customers, name, value):
        if value == ME:
            return customers.filter(owner=self.user)
        if value == NOBODY:
            return customers.filter(owner=None)
        return customers.filter(owner_id=value)

    def by_since(self, customers, name, value):
        day = datetime.datetime.combine(value, datetime.time(), datetime.UTC)
        return customers.filter(score__segment_since__gte=day)

    def by_archived(self, customers, name, value):
        return customers

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        archived = self.form.cleaned_data.get("archived")
        return queryset.exclude(archived_at=None) if archived else queryset.active()

    def narrowing(self) -> Narrowing:
        """What follows from who is reading and from the filters for the copies beside the totals; and whether that
        says all of it."""
        chosen = {k: v for k, v in self.form.cleaned_data.items() if v not in (None, "", [], False)}
        near = {} if self.user.is_admin else near_to(self.user, self.teams)
        further = not self.user.is_admin and not near
        if owner := chosen.pop("owner", ""):
            keys = {ME: self.user.pk, NOBODY: 0}
            near["totals__owner_key"] = keys[owner] if owner in keys else int(owner)
        if team := chosen.pop("team", ""):
            near["totals__team_key"] = int(team)
        if lifecycle := chosen.pop("lifecycle", ""):
            near["totals__lifecycle"] = lifecycle
        if len(segments := chosen.get("segment", [])) == 1:
            near["score__segment"] = segments[0]
            del chosen["segment"]
        return Narrowing(near, further or bool(chosen))

    def chips(self) -> list[dict]:
        """The filters in force as short sentences: name, value in words, parameter."""
        found = []
        for name, value in self.form.cleaned_data.items():
            if name == "q" or value in (None, "", [], False):
                continue
            field = self.form.fields[name]
            values = value if isinstance(value, list) else [value]
            said = called(int(value)) if name == "group" else ""
            said = said or ", ".join(in_words(field, v) for v in values)
            found.append(
                {"name": name, "label": field.label, "value": "" if value is True else said}
            )
        return found
