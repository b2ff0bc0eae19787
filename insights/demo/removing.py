"""Take the demo company out again, and leave everything else alone.

What people have added to demo customers themselves (notes, tasks, orders) goes with those customers. What they use
beyond them stays and becomes theirs: a demo product in a real order, a demo team with real members, the rates of a
currency that real orders are in, and the admin's account as long as nobody else could sign in as one.
"""

import json
from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from customers.attaching import remove_files_of
from customers.models import (
    Attachment,
    ChangeSet,
    Company,
    CustomAttribute,
    Customer,
    ExchangeRate,
    Interaction,
    Order,
    OrderLine,
    Product,
    SavedView,
    Tag,
    Team,
    User,
)
from customers.plans import look_at_what_grows
from customers.removing import delete
from customers.signals import announce
from insights.demo.forgetting import forget_what_was_learnt
from insights.voice_days import outdate_all

CHUNK = 2000
FINISHED = "finished"


def unfinished() -> bool:
    """A demo company whose loading was killed."""
    demo = ChangeSet.objects.filter(source=ChangeSet.Source.DEMO)
    return any(FINISHED not in counts for counts in demo.values_list("counts", flat=True))


def remove_demo(say=lambda line: None, keep_admin: bool = True) -> dict[str, int]:
    """Remove everything the demo company brought; returns how many rows of each model.

    In many short transactions, the change sets last: if it is interrupted, calling it again finishes it.
    Unless ``keep_admin`` is false, an installation is never left without an admin.
    """
    sets = list(ChangeSet.objects.filter(source=ChangeSet.Source.DEMO).order_by("pk"))
    if not sets:
        return {}
    removed: Counter = Counter()
    remove_customers(sets, removed, say)
    with transaction.atomic():
        delete(Interaction.objects.filter(recorded_in__in=sets, customer=None), removed)
        remove_products(sets, removed)
        remove_settings(sets, removed)
        remove_people(removed, keep_admin)
        forget_what_was_learnt(sets[0].at, removed)
        delete(ChangeSet.objects.filter(pk__in=[s.pk for s in sets]), removed)
        outdate_all()
        announce(None)
    remove_files()
    look_at_what_grows()
    return dict(removed)


def remove_customers(sets: list[ChangeSet], removed: Counter, say) -> None:
    demo = Customer.objects.filter(recorded_in__in=sets).order_by("pk")
    left = demo.count()
    while left:
        with transaction.atomic():
            # Locked, so that nobody writes about them meanwhile.
            keys = list(demo.select_for_update().values_list("pk", flat=True)[:CHUNK])
            chunk = Customer.objects.filter(pk__gte=keys[0], pk__lte=keys[-1], recorded_in__in=sets)
            remove_files_of(Attachment.objects.filter(interaction__customer__in=chunk))
            delete(chunk, removed)
        left = demo.count()
        say(f"  {left:,} demo customers left")


def remove_products(sets: list[ChangeSet], removed: Counter) -> None:
    """Products that somebody else has sold or written about stay."""
    ours = Product.objects.filter(recorded_in__in=sets)
    used = Exists(OrderLine.objects.filter(product=OuterRef("pk"))) | Exists(
        Interaction.objects.filter(product=OuterRef("pk"))
    )
    kept = list(ours.filter(used).values_list("pk", flat=True))
    Product.objects.filter(pk__in=kept).update(recorded_in=None)
    delete(Product.objects.filter(recorded_in__in=sets), removed)


def remove_settings(sets: list[ChangeSet], removed: Counter) -> None:
    """Custom attributes, rates, tags and the company's name, unless they are in use."""
    for attribute in CustomAttribute.objects.filter(is_demo=True):
        if Customer.objects.filter(attributes__has_key=attribute.name).exists():
            CustomAttribute.objects.filter(pk=attribute.pk).update(is_demo=False)
    delete(CustomAttribute.objects.filter(is_demo=True), removed)
    in_use = Order.objects.values("currency").distinct()
    ExchangeRate.objects.filter(is_demo=True, currency__in=in_use).update(is_demo=False)
    delete(ExchangeRate.objects.filter(is_demo=True), removed)
    own_tags = [pk for change_set in sets for pk in change_set.counts.get("own_tags", [])]
    delete(Tag.objects.filter(pk__in=own_tags, customers=None), removed)
    for change_set in reversed(sets):
        for change in change_set.changes.filter(model=Company._meta.model_name):
            rename(Company.current(), change.previous, change_set.counts.get("company", {}))


def rename(company: Company, previous: dict, given: dict) -> None:
    """Put back what was there before, where it is still as the demo company set it."""
    fields = [f for f in previous if getattr(company, f) == given.get(f)]
    for name in fields:
        setattr(company, name, previous[name])
    company.save(update_fields=fields)


def remove_people(removed: Counter, keep_admin: bool) -> None:
    staff = User.objects.filter(is_demo=True)
    others = User.objects.filter(is_demo=False, role=User.Role.ADMIN, is_active=True)
    if keep_admin and not others.exists():
        staff.filter(role=User.Role.ADMIN).update(is_demo=False)
    delete(SavedView.objects.filter(owner__is_demo=True), removed)
    real = Q(members__is_demo=False) | Q(customers__isnull=False)
    kept = list(Team.objects.filter(real, is_demo=True).values_list("pk", flat=True))
    Team.objects.filter(pk__in=kept).update(is_demo=False)
    delete(Team.objects.filter(is_demo=True), removed)
    delete(User.objects.filter(is_demo=True), removed)


def remove_files() -> None:
    """The truth goes; of the logins only one that still works is kept."""
    (settings.VAR_DIR / "demo" / "truth.csv").unlink(missing_ok=True)
    path = settings.VAR_DIR / "demo_logins.json"
    if not path.exists():
        return
    logins = json.loads(path.read_text())
    left = {
        role: login
        for role, login in logins.items()
        if User.objects.filter(username=login["username"]).exists()
    }
    path.write_text(json.dumps(left, indent=2)) if left else path.unlink()
