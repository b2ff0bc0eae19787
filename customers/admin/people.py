"""Who may sign in, and in which team."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers import models
from customers.admin.base import ADMIN, stored_fields
from customers.changing import open_change_set, previous_values, record_changes
from customers.defining import put_into_teams

admin.site.unregister(Group)  # rights follow the role


@admin.register(models.Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ["name", "shares_customers"]
    list_filter = ["shares_customers"]
    search_fields = ["name"]


@admin.register(models.User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "email", "role", "is_active"]
    list_filter = ["role", "teams", "is_active"]
    autocomplete_fields = ["teams"]
    filter_horizontal: list[str] = []
    readonly_fields = ["last_login", "date_joined"]
    # Rights follow the role, so the groups and permissions of Django are not shown.
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "time_zone"]}),
        (_("Rights"), {"fields": ["role", "teams", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Rights"), {"fields": ["role", "teams"]}),
    ]

    @transaction.atomic
    def save_model(self, request, user, form, change):
        fields = stored_fields(form)
        if "role" in fields:
            user.take_rights_of_role()
            fields += models.User.OF_ROLE
        if change and fields:
            before = {user.pk: previous_values(user, fields)}
            record_changes(open_change_set(ADMIN, request.user), models.User, before)
        super().save_model(request, user, form, change)

    @transaction.atomic
    def save_related(self, request, form, formsets, change):
        if change and "teams" in form.changed_data:
            teams = [team.pk for team in form.cleaned_data["teams"]]
            put_into_teams(form.instance, teams, open_change_set(ADMIN, request.user))
        super().save_related(request, form, formsets, change)
