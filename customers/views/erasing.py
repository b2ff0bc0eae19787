"""Erase a customer for good: what goes, what stays, the name typed; and how far it is where there is very much."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.access import role_required
from customers.erasing import erase, told
from customers.erasing_form import EraseForm
from customers.models import Customer, Erasure, User
from customers.views.toasts import say

INVALID = 422


@require_http_methods(["GET", "POST"])
@role_required(User.Role.ADMIN)
def customer_erase(request, pk):
    person = Customer.objects.visible_to(request.user).filter(pk=pk).first()
    if person is None and request.htmx:  # the page was open while a worker erased them
        say(request, _("Erased for good"))
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("customers")})
    person = person or get_object_or_404(Customer, pk=pk)
    if asked := Erasure.objects.filter(pk=pk).first():
        page = "customers/_erasing.html" if request.htmx else "customers/erase.html"
        return render(request, page, {"customer": person, "asked": asked})
    form = EraseForm(request.POST or None, customer=person, auto_id="erase-%s")
    if request.method == "POST" and form.is_valid():
        if not erase(person, request.user):
            return redirect("customer-erase", pk=pk)
        say(request, _("Erased for good"))
        return redirect("customers")
    context = {"customer": person, "form": form, "told": told(person)}
    status = INVALID if form.is_bound else 200
    return render(request, "customers/erase.html", context, status=status)
