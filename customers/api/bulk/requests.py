"""What a request of many rows asks for."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from customers.api.bulk.answers import MOST_ROWS


def rows_of(data) -> list:
    """The rows of a request's body; raises ValidationError."""
    if not isinstance(data, list):
        raise ValidationError([ErrorDetail(_("Send a list of rows."), "not_a_list")])
    if len(data) > MOST_ROWS:
        message = _("At most %(n)s rows fit into one request.") % {"n": f"{MOST_ROWS:,}"}
        raise ValidationError([ErrorDetail(message, "max_length")])
    return data


def is_atomic(request) -> bool:
    """``?atomic=true``; raises ValidationError for other words than true and false."""
    try:
        return serializers.BooleanField().run_validation(request.query_params.get("atomic", False))
    except ValidationError as error:
        raise ValidationError({"atomic": error.detail}) from error
