"""What is edited in a cell of the list of customers: a field of the details, or the tags."""

from customers.details_form import DetailsForm
from customers.editing import edit_customer
from customers.models import ChangeSet
from customers.tags_form import TagsForm


def form_of(field: str, *args, **kwargs) -> "CellForm | TagsForm":
    """The form of a cell; ``keep(actor)`` stores what it holds."""
    if field == "tags":
        return TagsForm(*args, **kwargs)
    return CellForm(*args, field=field, **kwargs)


class CellForm(DetailsForm):
    """One field of the details, edited where it stands in a list; all others stay as they are."""

    def __init__(self, *args, field: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {field: self.fields[field]}
        self.attributes = [a for a in self.attributes if field == f"attribute-{a.name}"]

    def keep(self, actor) -> ChangeSet | None:
        return edit_customer(self.instance, self.changed_fields, actor)
