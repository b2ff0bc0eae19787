"""Whoever erases a customer types the name: a click alone would be too easily done."""

from django import forms
from django.utils.translation import gettext as _

from customers.forms import dress
from customers.models import Customer


def plain(name: str) -> str:
    return " ".join(name.split()).casefold()


class EraseForm(forms.Form):
    name = forms.CharField(strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, customer: Customer, **kwargs):
        super().__init__(*args, **kwargs)
        self.customer = customer
        words = _("To go on, type the name: %(name)s")
        self.fields["name"].label = words % {"name": " ".join(customer.name.split())}
        dress(self)

    def clean_name(self) -> str:
        if plain(self.cleaned_data["name"]) != plain(self.customer.name):
            raise forms.ValidationError(_("This is not the name. Nothing was erased."))
        return self.cleaned_data["name"]
