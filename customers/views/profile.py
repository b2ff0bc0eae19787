"""Each person's own page: language, clock, theme, what they are told of, and the address of their calendar."""

from django.conf import settings
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from customers.clocks import company_zone
from customers.models import User
from customers.profile_forms import PasswordForm, ProfileForm
from customers.reminding import move_reminders
from customers.views.actions import INVALID
from customers.views.calendar import SHOWN_ONCE
from customers.views.toasts import say


@require_http_methods(["GET", "POST"])
def profile(request):
    me = User.objects.get(pk=request.user.pk)
    zone_before = me.time_zone
    form = ProfileForm(
        request.POST or None, instance=me, company_zone=company_zone(), auto_id="profile-%s"
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            User.objects.select_for_update().get(pk=me.pk)
            form.save(commit=False)
            me.save(update_fields=["language", "time_zone", "theme", "told"])
            if me.time_zone != zone_before:
                move_reminders(me)
        with override(me.language or request.LANGUAGE_CODE):
            say(request, _("Profile saved"))
        return redirect("profile")
    key = request.session.pop(SHOWN_ONCE, "")
    feed = request.build_absolute_uri(reverse("calendar-feed", args=[key])) if key else ""
    context = {
        "form": form, "feed": feed, "has_feed": bool(me.calendar_digest),
        "mail_is_set_up": bool(settings.EMAIL_HOST),
    }  # fmt: skip
    status = INVALID if request.method == "POST" else 200
    return render(request, "customers/profile.html", context, status=status)


class PasswordPage(PasswordChangeView):
    """One's own password; whoever has forgotten theirs asks an admin for a link."""

    form_class = PasswordForm
    template_name = "customers/password.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form):
        say(self.request, _("Password changed"))
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=INVALID)
