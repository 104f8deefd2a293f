"""The console on the real stack: log-in at the user pool, a contact, a segment, a campaign sent, its results read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from infra.local.home import PROJECT
from infra.local.stack import Stack, wait_until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.browser,
    pytest.mark.skipif(
        not (PROJECT / "functions/console/app/static/index.html").exists(),
        reason="the console is not built; build it with: make console",
    ),
]
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>Hola {{ contact.firstname|default('hola') }}</mj-text>"
    "</mj-column></mj-section></mj-body></mjml>"
)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "es-ES", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def console(stack: Stack, page: Page) -> Iterator[Page]:
    """Signed in as the first administrator, by the user pool's own page."""
    reported: list[str] = []
    page.on("pageerror", lambda error: reported.append(str(error)))
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.goto(stack.console_url)
    page.locator("input[name=username]").fill(stack.outputs["admin_email"])
    if page.locator("input[name=password]").count() == 0:
        page.keyboard.press("Enter")
    page.locator("input[name=password]").fill(stack.outputs["admin_password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Campañas")).to_be_visible()
    yield page
    expect.set_options(timeout=5_000)
    assert reported == []


def test_from_a_contact_to_the_results_of_a_campaign(stack: Stack, console: Page) -> None:
    company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
    stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    stack.api("POST", "/v1/templates", {"name": "2-Column_1-Logo", "subject": "Fruta", "mjml": MJML}, expect=201)

    # A contact: refused at its field first, then written, then in the list.
    console.get_by_role("link", name="Contactos", exact=True).click()
    # Every list has such a button, and the one before stands until this one is there.
    expect(console.get_by_role("heading", name="Contactos")).to_be_visible()
    console.get_by_role("link", name="Crear").first.click()
    console.get_by_role("textbox", name="Nombre", exact=True).fill("Lía")
    console.get_by_role("textbox", name="Apellidos").fill("Núñez de la Consola")
    email = console.get_by_role("textbox", name="Email", exact=True)
    email.fill("lia@@example")
    console.get_by_role("combobox", name="Origen de Pre-Contacto").click()
    console.get_by_role("option", name="Twitter").click()
    console.get_by_role("button", name="Guardar").click()
    expect(email).to_have_attribute("aria-invalid", "true")
    email.fill("lia.consola@example.com")
    console.get_by_role("button", name="Guardar").click()
    expect(console.get_by_role("heading", name="Lía Núñez de la Consola")).to_be_visible()
    console.get_by_role("tab", name="Cronología").click()
    expect(console.get_by_text("Creado").first).to_be_visible()
    wait_until(lambda: stack.api("GET", "/v1/records/contacts")["items"], 300, "the contact in the lists")
    console.get_by_role("link", name="Contactos", exact=True).first.click()
    expect(console.get_by_role("row", name=re.compile("Núñez de la Consola"))).to_contain_text(
        "lia.consola@example.com"
    )

    # A segment with that contact in it, put there by hand.
    console.get_by_role("link", name="Lista de Segmentación").click()
    expect(console.get_by_role("heading", name="Lista de Segmentación")).to_be_visible()
    console.get_by_role("button", name="Crear").first.click()
    console.get_by_label("Nombre Segmento").fill("lista de la consola")
    console.get_by_role("button", name="Guardar").click()
    expect(console.get_by_role("heading", name="lista de la consola")).to_be_visible()
    console.get_by_role("button", name="Seleccionar Contacto").click()
    picker = console.get_by_role("dialog")
    picker.get_by_label("Buscar").fill("de la Consola")
    picker.get_by_role("checkbox", name=re.compile("Lía Núñez de la Consola")).check()
    picker.get_by_role("button", name="Añadir").click()
    expect(console.get_by_role("row", name=re.compile("Lía Núñez de la Consola"))).to_contain_text("A mano")

    # A campaign, sent after a look at who gets it; the job ends, the results are there.
    console.get_by_role("link", name="Campañas").click()
    expect(console.get_by_role("heading", name="Campañas")).to_be_visible()
    console.get_by_role("link", name="Crear").first.click()
    console.get_by_role("textbox", name="Nombre de Campaña").fill("Campaña de la consola")
    console.get_by_role("button", name="Guardar").click()
    console.get_by_role("button", name="Enviar").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Plantilla", exact=True).click()
    console.get_by_role("option", name="2-Column_1-Logo").click()
    dialog.get_by_role("combobox", name="Listas de segmentación").click()
    console.get_by_role("option", name=re.compile("lista de la consola")).click()
    dialog.get_by_role("heading").first.click()  # a long list of segments would lie over the button
    dialog.get_by_role("button", name="Continuar").click()
    expect(dialog).to_contain_text("Lo recibirá 1 persona")
    dialog.get_by_role("button", name="Enviar ahora").click()
    expect(console.get_by_role("progressbar").first).to_have_attribute("aria-valuenow", "100", timeout=120_000)
    stack.mailbox.wait_for(to="lia.consola@example.com", subject="Fruta")
    console.get_by_role("link", name="Campañas").first.click()
    console.get_by_role("row", name=re.compile("Campaña de la consola")).get_by_role("link").first.click()
    console.get_by_role("tab", name="Resultados").click()
    expect(console.locator("[data-tile=Enviados]")).to_contain_text("1")
    expect(console.get_by_role("img", name=re.compile("^Enviados: 1,"))).to_be_visible()
    console.get_by_role("tab", name="Mensajes").click()
    expect(console.get_by_role("row", name=re.compile("MSG-"))).to_contain_text("Lía Núñez de la Consola")

    # Its message tells what happened, and the campaign that it was sent.
    console.get_by_role("row", name=re.compile("MSG-")).get_by_role("link").first.click()
    expect(console.get_by_role("region", name="Historia del mensaje")).to_contain_text("Se le envía «2-Column_1-Logo»")
    outcome = console.get_by_role("region", name="Qué ha sido del mensaje")
    expect(outcome.get_by_role("link", name="2-Column_1-Logo")).to_be_visible()
    outcome.get_by_role("link", name="Campaña de la consola").click()
    console.get_by_role("tab", name="Cronología").click()
    expect(console.get_by_text("Termina el envío de «2-Column_1-Logo» (enviados: 1")).to_be_visible()
