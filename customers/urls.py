from django.contrib.auth.views import LoginView, LogoutView, PasswordResetConfirmView
from django.urls import path, reverse_lazy

from customers.views.access import access, access_revoke
from customers.views.actions import (
    customer_add,
    customer_archive,
    customer_details,
    talk_add,
    task_add,
    undo_change,
)
from customers.views.bulk import bulk, fact_bulk
from customers.views.calendar import calendar_feed, calendar_renew, task_calendar
from customers.views.cells import customer_cell
from customers.views.company import (
    KINDS,
    company_delete,
    company_edit,
    company_list,
    people_invite,
    tag_merge,
)
from customers.views.customer import (
    customer,
    customer_live,
    customer_stamp,
    customer_timeline,
)
from customers.views.customer_field import customer_find
from customers.views.erasing import customer_erase
from customers.views.export import list_export, list_export_file, list_exports
from customers.views.facts import interactions, orders
from customers.views.home import home, home_orders, home_stamp, home_team
from customers.views.list import customers, view
from customers.views.list_sums import list_sums
from customers.views.messages import message_assign, message_correct
from customers.views.notifications import (
    notifications,
    notifications_bell,
    notifications_read,
    notifications_stamp,
)
from customers.views.palette import palette
from customers.views.preferences import set_language, set_theme
from customers.views.product import product, products
from customers.views.profile import PasswordPage, profile
from customers.views.related import (
    attachment,
    customer_colleagues,
    customer_follow,
    customer_parent,
    customer_related,
)
from customers.views.saved import (
    view_add,
    view_counts,
    view_delete,
    view_duplicate,
    view_edit,
    view_save,
)
from customers.views.settings import settings
from customers.views.suggestions import suggestion_act
from customers.views.tasks import task, task_done, task_outcome, task_snooze, tasks, tasks_bulk
from customers.views.worse import worse

urlpatterns = [
    path("", home, name="home"),
    path("home/stamp/", home_stamp, name="home-stamp"),
    path("home/orders/", home_orders, name="home-orders"),
    path("home/team/", home_team, name="home-team"),
    path("customers/worse/", worse, name="worse"),
    path("palette/", palette, name="palette"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path(
        "invitation/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(
            template_name="registration/invitation.html", success_url=reverse_lazy("login")
        ),
        name="invitation",
    ),
    path("preferences/language/", set_language, name="set-language"),
    path("preferences/theme/", set_theme, name="set-theme"),
    path("customers/", customers, name="customers"),
    path("customers/sums/", list_sums, name="list-sums"),
    path("customers/export.csv", list_export, {"of": "customers"}, "customers-export"),
    path("customers/exports/", list_exports, name="list-exports"),
    path("customers/exports/<int:pk>/", list_export_file, name="list-export-file"),
    path("customers/bulk/", bulk, name="bulk"),
    path("customers/views/new/", view_add, name="view-add"),
    path("customers/views/counts/", view_counts, name="view-counts"),
    path("customers/views/<int:pk>/", view, name="view"),
    path("customers/views/<int:pk>/edit/", view_edit, name="view-edit"),
    path("customers/views/<int:pk>/save/", view_save, name="view-save"),
    path("customers/views/<int:pk>/duplicate/", view_duplicate, name="view-duplicate"),
    path("customers/views/<int:pk>/delete/", view_delete, name="view-delete"),
    path("customers/find/", customer_find, name="customer-find"),
    path("customers/new/", customer_add, name="customer-add"),
    path("customers/<int:pk>/", customer, name="customer"),
    path("customers/<int:pk>/live/", customer_live, name="customer-live"),
    path("customers/<int:pk>/stamp/", customer_stamp, name="customer-stamp"),
    path("customers/<int:pk>/timeline/", customer_timeline, name="customer-timeline"),
    path("customers/<int:pk>/interactions/", talk_add, name="talk-add"),
    path("customers/<int:pk>/tasks/", task_add, name="customer-task-add"),
    path("customers/<int:pk>/details/", customer_details, name="customer-details"),
    path("customers/<int:pk>/cell/", customer_cell, name="customer-cell"),
    path("customers/<int:pk>/archive/", customer_archive, name="customer-archive"),
    path("customers/<int:pk>/erase/", customer_erase, name="customer-erase"),
    path("customers/<int:pk>/related/", customer_related, name="customer-related"),
    path("customers/<int:pk>/parent/", customer_parent, name="customer-parent"),
    path("customers/<int:pk>/follow/", customer_follow, name="customer-follow"),
    path("customers/<int:pk>/colleagues/", customer_colleagues, name="customer-colleagues"),
    path("attachments/<int:pk>/", attachment, name="attachment"),
    path("customers/<int:pk>/suggestion/", suggestion_act, name="suggestion-act"),
    path("orders/", orders, name="orders"),
    path("orders/bulk/", fact_bulk, {"of": "orders"}, "orders-bulk"),
    path("orders/export.csv", list_export, {"of": "orders"}, "orders-export"),
    path("interactions/", interactions, name="interactions"),
    path("interactions/bulk/", fact_bulk, {"of": "interactions"}, "interactions-bulk"),
    path("interactions/export.csv", list_export, {"of": "interactions"}, "interactions-export"),
    path("tasks/", tasks, name="tasks"),
    path("tasks/new/", task_add, name="task-add"),
    path("tasks/bulk/", tasks_bulk, name="tasks-bulk"),
    path("tasks/calendar/", task_calendar, name="task-calendar"),
    path("tasks/<int:pk>/", task, name="task"),
    path("tasks/<int:pk>/done/", task_done, name="task-done"),
    path("tasks/<int:pk>/outcome/", task_outcome, name="task-outcome"),
    path("tasks/<int:pk>/snooze/", task_snooze, name="task-snooze"),
    path("calendar/<str:key>.ics", calendar_feed, name="calendar-feed"),
    path("notifications/", notifications, name="notifications"),
    path("notifications/read/", notifications_read, name="notifications-read"),
    path("notifications/bell/", notifications_bell, name="notifications-bell"),
    path("notifications/stamp/", notifications_stamp, name="notifications-stamp"),
    path("profile/", profile, name="profile"),
    path("profile/password/", PasswordPage.as_view(), name="password"),
    path("profile/calendar/", calendar_renew, name="calendar-renew"),
    path("changes/<int:pk>/undo/", undo_change, name="undo"),
    path("messages/<int:pk>/correct/", message_correct, name="message-correct"),
    path("messages/<int:pk>/assign/", message_assign, name="message-assign"),
    path("products/", products, name="products"),
    path("products/<int:pk>/", product, name="product"),
    path("settings/", settings, name="settings"),
    path("settings/access/", access, name="access"),
    path("settings/access/<int:pk>/revoke/", access_revoke, name="access-revoke"),
    path("settings/people/<int:pk>/invite/", people_invite, name="people-invite"),
    path("settings/tags/<int:pk>/merge/", tag_merge, name="tags-merge"),
    *(
        path(f"settings/{what}/{address}", view, {"what": what}, f"{what}-{name}")
        for what, kind in KINDS.items()
        for address, view, name in (
            ("", company_list, "list"),
            ("new/", company_edit, "add"),
            ("<int:pk>/", company_edit, "edit"),
            ("<int:pk>/delete/", company_delete, "delete"),
        )
        if name != "delete" or kind.gone
    ),
]
