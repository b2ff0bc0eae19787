"""Which columns of the customers' list fit on which screen."""

import re

from django.conf import settings

from customers import columns as cols
from customers.models import CustomAttribute
from customers.order_listing import ORDERS
from customers.talk_listing import INTERACTIONS


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


def keys(count: int) -> list[str]:
    return list(cols.COLUMNS)[:count]


def test_up_to_sixteen_columns_are_chosen_and_of_ten_on_none_is_left_out():
    assert len(cols.chosen(keys(20), cols.COLUMNS)) == 16
    nine, ten = ([cols.COLUMNS[key] for key in keys(n)] for n in (9, 10))
    assert any(cols.fitting(nine)) and not cols.room_of(nine)
    assert not any(cols.fitting(ten))
    assert cols.room_of(ten) == "c-room-15"  # 44 pixels for the boxes, 1,414 for the columns


def test_the_chooser_offers_more_until_there_are_sixteen():
    for count, offered in ((9, True), (15, True), (16, False)):
        menu = cols.menu_of(tuple(keys(count)), cols.COLUMNS, ",".join)
        assert bool(menu["columns_left"]) == offered
        assert (menu["columns_left_out"] == "") == (count > 9)


def test_there_is_a_width_for_every_choice_of_columns():
    """From the narrowest ten to the widest sixteen, of customers, orders and conversations."""
    css = (settings.BASE_DIR / "static/css/customers.css").read_text()
    styled = dict(re.findall(r"\.(c-room-\d+) \{ min-width: (\d+)px; \}", css))
    assert all(width == f"{name.removeprefix('c-room-')}00" for name, width in styled.items())
    for known in (cols.COLUMNS, ORDERS.columns, INTERACTIONS.columns):
        by_width = sorted(known.values(), key=lambda column: column.width)
        own = [cols.of_attribute(CustomAttribute(name="x"))] * 16
        narrow, wide = by_width[:10], by_width[-16:]
        for some in (narrow, wide, own):
            assert cols.room_of(some) in styled
