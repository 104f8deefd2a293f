"""An administrator adds a field to a module on the screen, finds it at once in lists, and is told who would miss it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server
from tests.browser.test_editing import choose


def test_a_field_is_added_named_by_its_label_and_shown_in_the_list(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    page.goto(f"{server.url}/console/")
    page.get_by_role("link", name="Campos").click()
    expect(page.get_by_role("heading", name="Campos")).to_be_visible()
    expect(page.get_by_text("leadsource")).to_be_visible()
    page.get_by_role("button", name="Añadir campo").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Etiqueta en español").fill("Email")
    expect(dialog.locator("[name=field]")).to_have_value("email")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog.locator("[name=field]")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Etiqueta en español").fill("Talla de pié")
    expect(dialog.locator("[name=field]")).to_have_value("talla_de_pie")
    choose(page, "Tipo", "Lista de opciones")
    for size in ("S", "M"):
        dialog.get_by_role("combobox", name="Opciones").fill(size)
        dialog.get_by_role("combobox", name="Opciones").press("Enter")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_be_hidden()
    assert api.calls[-1] == (
        "POST",
        "/v1/fields/contacts",
        {
            "field": "talla_de_pie",
            "type": "picklist",
            "label": {"es": "Talla de pié", "en": ""},
            "required": False,
            "list_column": True,
            "options": ["S", "M"],
        },
    )
    expect(page.get_by_role("row", name=re.compile("talla_de_pie.*Propio"))).to_be_visible()
    page.get_by_role("link", name="Contactos", exact=True).click()
    expect(page.get_by_role("columnheader", name="Talla de pié")).to_be_visible()


def test_who_uses_a_field_is_told_before_it_is_deleted(console_page: Page, server: Server, api: FakeApi) -> None:
    label = {"es": "Talla", "en": "Size"}
    body = {"field": "talla", "type": "text", "label": label, "required": False, "list_column": True}
    api.add_field("contacts", body)
    api.uses = [{"kind": "workflows", "id": "w-1", "name": "Una más"}]
    page = console_page
    page.goto(f"{server.url}/console/fields/contacts")
    page.get_by_role("button", name="Eliminar: Talla").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Flujo de trabajo: Una más")
    dialog.get_by_role("button", name="Cancelar").click()
    api.uses = []
    page.get_by_role("button", name="Eliminar: Talla").click()
    expect(dialog).to_contain_text("Nada más lo usa.")
    dialog.get_by_role("button", name="Eliminar", exact=True).click()
    expect(page.get_by_role("button", name="Eliminar: Talla")).to_be_hidden()
    assert api.calls[-1] == ("DELETE", "/v1/fields/contacts/talla", None)


def test_contacts_are_linked_to_a_campaign_and_let_go(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/campaigns/cam-355?tab=contacts")
    page.get_by_role("button", name="Relacionar Contacto").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Añadir").click()
    expect(dialog).to_be_hidden()
    (linked,) = api.linked
    remove = page.get_by_role("button", name="Quitar la relación")
    expect(remove).to_have_count(1)
    remove.click()
    dialog.get_by_role("button", name="Quitar la relación").click()
    expect(remove).to_have_count(0)
    assert api.calls[-1] == ("DELETE", "/v1/records/campaigns/cam-355/linked/contacts", {"ids": [linked]})
