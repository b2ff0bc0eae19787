"""The admin site: for admins, to look things up and to keep what has no page of its own.

Orders, browsing, totals and scores are written by imports, the API and the models, so they are read here.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers.admin import (  # noqa: F401 - each registers its own
    changes,
    company,
    customers,
    interactions,
    orders,
    people,
    products,
    scores,
)

admin.site.site_header = admin.site.site_title = _("Perennial administration")
admin.site.index_title = _("Records and settings")
