"""Fields that several kinds of rows declare."""

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from customers import product_names
from customers.api.texts import TextField
from customers.moments import not_in_the_future
from customers.money import Rates


class MomentField(serializers.DateTimeField):
    """When something happened: not in the future, and in a century that calendars agree on."""

    def __init__(self, **kwargs):
        super().__init__(validators=[not_in_the_future, not_before_1900], **kwargs)


def not_before_1900(value) -> None:
    if value and value.year < 1900:
        raise serializers.ValidationError(_("This lies before the year 1900."), "too_early")


class ArchivedField(serializers.BooleanField):
    def __init__(self, **kwargs):
        words = "True archives; what is archived stays so since when it was. False brings back."
        super().__init__(required=False, help_text=words, **kwargs)


def with_archived(fields: dict) -> dict:
    """``archived`` as a record holds it."""
    if "archived" in fields:
        fields["archived_at"] = timezone.now() if fields.pop("archived") else None
    return fields


class CurrencyField(TextField):
    def __init__(self, **kwargs):
        super().__init__(min_length=3, max_length=3, **kwargs)

    def to_internal_value(self, data) -> str:
        code = super().to_internal_value(data).upper()
        if not code.isascii() or not code.isalpha():
            raise serializers.ValidationError(_("A currency is three letters, such as EUR."))
        return code


@extend_schema_field({"type": "string", "maxLength": 3, "pattern": "^([A-Za-z]{3})?$"})
class PriceCurrencyField(CurrencyField):
    """Empty where there is no price."""

    def __init__(self, **kwargs):
        words = "Of the price: the company's own, which it is when left out, or one that has an exchange rate."
        super().__init__(allow_blank=True, required=False, help_text=words, **kwargs)


def missing_rate(code: str, rates: Rates) -> ErrorDetail:
    return ErrorDetail(rates.no_rate_of(code), "missing_rate")


NAMES = {
    "type": "array",
    "maxItems": product_names.MOST,
    "items": {
        "type": "string",
        "maxLength": product_names.LONGEST,
        # Something beside spaces, and no control characters.
        "pattern": r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*[^\s\u0000-\u001f\u007f-\u009f]"
        r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$",
    },
}


@extend_schema_field(NAMES)
class NamesField(serializers.ListField):
    """Other names of a product; kept as a text with one a line."""

    def __init__(self, **kwargs):
        super().__init__(
            child=TextField(max_length=product_names.LONGEST),
            help_text="Other names, such as the one in another language; messages that say one of them are about the "
            "product. Each is kept once, whatever its case.",
            **kwargs,
        )

    def to_internal_value(self, data) -> str:
        try:
            return product_names.as_text(super().to_internal_value(data))
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, error.code) from error

    def to_representation(self, data: str) -> list[str]:
        return product_names.as_lines(data)


class SourceField(TextField):
    def __init__(self, **kwargs):
        super().__init__(
            max_length=50, help_text="The system that the row's own id comes from.", **kwargs
        )
