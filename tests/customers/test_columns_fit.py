"""Which columns of the customers' list fit on which screen."""

import re

from django.conf import settings

from customers import columns as cols


def shown_at(width: int) -> list[str]:
    columns = [cols.COLUMNS[key] for key in cols.USUAL]
    fits = zip(columns, cols.fitting(columns), strict=True)
    return [c.key for c, fit in fits if not fit or int(fit.removeprefix("c-from-")) <= width]


def test_the_owner_is_there_from_a_small_screen_on_and_all_usual_columns_on_a_middle_one():
    assert shown_at(800) == ["name", "seg", "risk", "value"]
    assert shown_at(1280) == ["name", "seg", "risk", "value", "expected", "last", "own"]
    assert shown_at(1440) == list(cols.USUAL)


def test_what_fits_on_a_screen_fits_on_every_wider_one():
    for width, wider in zip(cols.STEPS, cols.STEPS[1:], strict=False):
        assert set(shown_at(width)) <= set(shown_at(wider))


def test_cells_are_as_wide_as_their_columns_say():
    """Of the columns that have a style of their own, both where cells stand close and where they do not."""
    css = (settings.BASE_DIR / "static/css/customers.css").read_text()
    for key in (cols.STYLED | cols.WIDER) - {"name"}:
        style = "is" if key in cols.WIDER else "col"
        widths = re.findall(rf"th\.c-{style}-{key} {{ width: (\d+)px; }}", css)
        wide = cols.COLUMNS[key].width
        assert widths == [str(wide), str(wide - cols.CLOSER)], key
