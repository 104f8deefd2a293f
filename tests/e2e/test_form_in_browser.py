"""Story step 2 with a real browser: the HTML stands in a page of another origin; a visitor fills it in and lands."""

import pytest
from playwright.sync_api import Page, expect

from infra.local.demo.desk import Desk
from infra.local.demo.website import Website
from infra.local.stack import wait_until
from tests.e2e.evidence import MARC_FROM, Form

pytestmark = [pytest.mark.e2e, pytest.mark.browser]


def test_a_visitor_fills_in_the_pasted_form_and_is_answered(
    desk: Desk, form: Form, site: Website, twitter: str, page: Page
) -> None:
    page.goto(site.contact_page)
    page.get_by_label("Nombre", exact=True).fill("Lía")
    page.get_by_label("Apellidos *").fill("Núñez")
    page.get_by_label("Email").fill("lia.nunez@correo.example")
    page.get_by_role("button", name="Enviar").click()

    page.wait_for_url(site.thanks_page)
    expect(page.get_by_role("heading", name="Gracias")).to_be_visible()
    lia = wait_until(lambda: desk.find("contacts", email="lia.nunez@correo.example"), 300, "Lía")
    assert lia["values"]["leadsource"] == "Twitter"
    wait_until(lambda: desk.sources(twitter, "contacts", lia["id"]), 300, "Lía in the segment")
    mail = desk.stack.mailbox.wait_for(to="lia.nunez@correo.example", subject="Hemos recibido tu mensaje, Lía")
    assert mail["from"] == MARC_FROM


def test_a_broken_address_brings_the_visitor_back_with_the_field_named(form: Form, site: Website, page: Page) -> None:
    page.goto(site.contact_page)
    page.locator("form").evaluate("form => { form.noValidate = true }")
    page.get_by_label("Nombre", exact=True).fill("Ona")
    page.get_by_label("Apellidos *").fill("Puig")
    page.get_by_label("Email").fill("ona@puig")
    page.get_by_role("button", name="Enviar").click()

    email = page.get_by_label("Email")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Nombre", exact=True)).to_have_value("Ona")
    email.fill("ona@puig.example")
    page.get_by_role("button").click()
    page.wait_for_url(site.thanks_page)
