"""Addresses of pages and parts of pages that another app makes; what leads there does without where it is not."""

from django.urls import NoReverseMatch, reverse


def elsewhere(name: str, *args) -> str:
    """The address, or an empty text."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
