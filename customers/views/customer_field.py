"""Whom to offer while somebody types a customer's name into a form."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from customers.customer_field import SHORTEST, customers_offered


@require_safe
def customer_find(request):
    typed = request.GET.get("customer", "").strip()
    context = {
        "found": customers_offered(typed, request.user), "name": "customer", "typed": typed,
        "is_none": len(typed) >= SHORTEST,
    }  # fmt: skip
    response = render(request, "customers/_customers_found.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
