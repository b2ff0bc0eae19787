"""Make a token good for nothing: recorded, and on the page taken back like any other change."""

from django.db import transaction
from django.utils import timezone

from customers.changing import open_change_set, save_changed
from customers.models import ApiToken, ChangeSet


@transaction.atomic
def revoke(token: ApiToken, actor, source: str = ChangeSet.Source.PAGE) -> ChangeSet | None:
    """None where it was revoked before."""
    if token.revoked_at is not None:
        return None
    token.revoked_at = timezone.now()
    change_set = open_change_set(source, actor)
    save_changed(token, change_set, ["revoked_at"])
    return change_set
