"""What customers say, in both themes, languages and widths: no violation, nothing sideways, marks that lead on."""

import pytest

from customers.models import Concern, Interaction, MessageAssignment, Product
from insights.reading import read_unread
from tests.browser.test_every_page_is_usable import WIDTHS, in_every_mode, violations
from tests.customers.pages import ago

pytestmark = pytest.mark.slow

PAGES = [
    "/voice/",
    "/voice/?by=product&shown=yes",
    "/",
    "CUSTOMER",
    "PRODUCT",
    "/products/",
    "/voice/concerns/",
]


@pytest.fixture
def heard(customer):
    product = Product.objects.create(
        sku="H", name="House Espresso, a name that is rather long, 1 kg"
    )
    for days, channel, direction, text in (
        (
            0.1,
            "email",
            "in",
            "Terrible! The House Espresso arrived broken, I want a refund, my lawyer will write.",
        ),
        (3, "chat", "in", "物流太慢了，包装也破了，非常失望。"),
        (5, "review", "in", f"Wonderful coffee, thank you! {'Delicious again and again. ' * 30}"),
        (2, "email", "out", "We are sorry about the delay."),
        (40, "email", "in", "It was late, and nobody has told me why."),
        (20, "email", "out", "Here is what the courier says."),
        (9, "complaint", "in", "averyveryverylongwordthatdoesnotbreak" * 6 + " is bad"),
    ):
        Interaction.objects.create(
            customer=customer, channel=channel, direction=direction, text=text, occurred_at=ago(days),
            subject="Order", product=product,
        )  # fmt: skip
    assert read_unread() == 7
    return customer


def address(path, heard):
    if path == "PRODUCT":
        return f"/products/{Product.objects.get().pk}/"
    return heard.get_absolute_url() if path == "CUSTOMER" else path


def shown(page, path):
    """Until it is there; concerns and their forms are opened, and what is folded on a phone."""
    if path == "/voice/concerns/":
        for summary in page.locator("#concern-refund summary, #concern-damaged summary").all():
            summary.click()
        page.locator("#concern-damaged .c-feedback, #concern-refund .c-feedback").first.wait_for()
        return
    if path == "/products/":
        page.locator(".c-products-table").wait_for()
        return
    unfolds = page.locator("#home-feedback .c-fold-btn")
    if unfolds.is_visible():
        unfolds.click()
    page.locator("mark.c-felt").first.wait_for()
    for summary in page.locator(".c-said-more > summary").all():
        summary.click()
    if path == "CUSTOMER":
        page.locator(".c-felt-bars").wait_for()


@pytest.mark.parametrize(("path", "width", "theme", "language"), in_every_mode(PAGES))
def test_axe_finds_no_violation(open_page, admin, heard, path, width, theme, language):
    admin.language, admin.theme = language, theme
    admin.save()
    page = open_page(address(path, heard), user=admin, width=width, theme=theme, language=language)
    shown(page, path)
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_sideways_at_any_width(open_page, admin, heard, path):
    page = open_page(address(path, heard), user=admin)
    shown(page, path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_g_and_v_lead_there_and_a_mark_of_the_band_to_its_messages(open_page, admin, heard):
    page = open_page("/", user=admin)
    page.keyboard.press("g")
    page.keyboard.press("v")
    page.wait_for_url("**/voice/")
    page.locator(".c-band rect.c-bar-positive").first.click()
    page.wait_for_url("**label=positive**")
    assert page.locator(".c-said").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".c-said-more[open] .c-moods").wait_for()


def test_a_takes_on_the_message_of_the_row_and_undo_hands_it_back(open_page, admin, heard):
    page = open_page("/", user=admin)
    message = page.locator("#home-feedback .c-feedback").first
    message.locator("a").first.focus()
    page.keyboard.press("a")
    page.locator("h3", has_text="For you to answer").wait_for()
    assert MessageAssignment.objects.get().assignee == admin
    page.get_by_role("button", name="Undo").click()
    page.locator("h3", has_text="For you to answer").wait_for(state="detached")
    assert MessageAssignment.objects.get().assignee is None


def test_a_message_is_handed_to_a_colleague_by_the_list(open_page, admin, owner, heard):
    page = open_page("/", user=admin)
    page.locator("#home-feedback .c-assignee select").first.select_option(str(owner.pk))
    page.locator("[data-toast]", has_text="Assigned to").wait_for()
    assert MessageAssignment.objects.get().assignee == owner


def test_a_concern_is_merged_and_undo_brings_it_apart_on_the_open_page(open_page, admin, heard):
    page = open_page("/voice/concerns/", user=admin)
    row = page.locator("#concern-refund")
    row.locator("summary", has_text="Edit").click()
    row.locator("select[name=into]").select_option("return")
    row.get_by_role("button", name="Merge").click()
    row.get_by_text("counts as “Return”").wait_for()
    page.get_by_role("button", name="Undo").click()
    row.get_by_text("counts as “Return”").wait_for(state="detached")
    assert Concern.objects.get(code="refund").merged_into is None
