"""Tell the person what has just happened, with a way back where there is one."""

from django.contrib import messages

from customers.models import ChangeSet


def say(request, text: str, undo: ChangeSet | None = None) -> None:
    messages.success(request, text, extra_tags=f"undo-{undo.pk}" if undo else "")
