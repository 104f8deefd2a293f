"""Many records at once: ticked, changed, undone, deleted, taken out of the bin, merged; a list by group and letter."""

import re

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server


def contacts(page: Page) -> None:
    page.get_by_role("link", name="Contactos", exact=True).click()
    expect(page.get_by_role("heading", name="Contactos")).to_be_visible()


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=f"Marcar {name}", exact=True).check()


def test_ticked_records_are_changed_and_laid_back(console_page: Page, api: FakeApi) -> None:
    contacts(console_page)
    first, second = (f"{row['values']['firstname']} {row['values']['lastname']}" for row in api.records["contacts"][:2])
    before = [row["values"]["leadsource"] for row in api.records["contacts"][:2]]
    tick(console_page, first, second)
    expect(console_page.get_by_text("2 seleccionados")).to_be_visible()
    console_page.get_by_role("button", name="Cambiar").click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Campo").click()
    console_page.get_by_role("option", name="Origen de Pre-Contacto").click()
    dialog.get_by_role("combobox", name="Origen de Pre-Contacto").click()
    console_page.get_by_role("option", name="Twitter").click()
    dialog.get_by_role("button", name="Cambiar 2").click()
    expect(console_page.get_by_text("Cambiados: 2.")).to_be_visible()
    assert api.calls[-1] == (
        "POST",
        "/v1/records/contacts/mass-edit",
        {"ids": [row["id"] for row in api.records["contacts"][:2]], "values": {"leadsource": "Twitter"}},
    )
    console_page.get_by_role("button", name="Deshacer").click()
    expect(console_page.get_by_text(re.compile("Deshecho en"))).to_be_visible()
    assert [row["values"]["leadsource"] for row in api.records["contacts"][:2]] == before


def test_deleted_records_lie_in_the_bin_and_come_back(console_page: Page, api: FakeApi) -> None:
    contacts(console_page)
    row = api.records["contacts"][0]
    name = f"{row['values']['firstname']} {row['values']['lastname']}"
    tick(console_page, name)
    console_page.get_by_role("button", name="Eliminar").click()
    console_page.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(console_page.get_by_text("Eliminados: 1.")).to_be_visible()
    console_page.get_by_role("link", name="Papelera").click()
    expect(console_page.get_by_role("heading", name="Papelera de Contactos")).to_be_visible()
    console_page.get_by_role("button", name=f"Recuperar: {name}").click()
    expect(console_page.get_by_text(f"Recuperado: {name}")).to_be_visible()
    assert api.calls[-1][:2] == ("POST", f"/v1/records/contacts/{row['id']}/restore")
    expect(console_page.get_by_text("La papelera está vacía")).to_be_visible()


def test_two_are_merged_side_by_side(console_page: Page, api: FakeApi) -> None:
    contacts(console_page)
    first, second = api.records["contacts"][:2]
    names = [f"{row['values']['firstname']} {row['values']['lastname']}" for row in (first, second)]
    tick(console_page, *names)
    console_page.get_by_role("button", name="Unir").click()
    expect(console_page.get_by_role("heading", name="Unir registros")).to_be_visible()
    expect(console_page.get_by_text("Pasan a él: 2 registros relacionados, 1 lista.")).to_be_visible()
    email = console_page.get_by_role("radio", name=f"Email: {second['values']['lastname']}", exact=True)
    email.click()
    expect(email).to_be_checked()
    console_page.get_by_role("button", name="Unir los 2").click()
    expect(console_page.get_by_text("Unidos.")).to_be_visible()
    body = {"others": [second["id"]], "choices": {"email": second["id"]}}
    assert ("POST", f"/v1/records/contacts/{first['id']}/merge", body) in api.calls
    expect(console_page.locator("[data-field=email]")).to_contain_text(second["values"]["email"])


def test_a_list_by_group_by_letter_and_in_ones_own_columns(console_page: Page, api: FakeApi, server: Server) -> None:
    contacts(console_page)
    console_page.get_by_role("combobox", name="Agrupar por").click()
    console_page.get_by_role("option", name="Origen de Pre-Contacto").click()
    groups = console_page.get_by_role("group", name="Agrupar por")
    groups.get_by_role("button", name="Feria").click()
    expect(console_page.get_by_text("12 registros")).to_be_visible()
    console_page.goto(f"{server.url}/console/records/contacts?letter=R")
    expect(console_page.get_by_role("button", name=re.compile("^R"))).to_have_attribute("aria-pressed", "true")
    console_page.get_by_role("button", name="Columnas").click()
    console_page.get_by_role("checkbox", name="Tel. Móvil").click()
    expect(console_page.get_by_role("button", name=re.compile("^Tel. Móvil,"))).to_be_visible()
    assert api.chosen["contacts"][-1] == "mobile"


def test_on_a_phone_cards_are_ticked_by_keyboard_and_what_is_ticked_is_deleted(
    console_page: Page, api: FakeApi
) -> None:
    page = console_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Menú").click()
    contacts(page)
    expect(page.get_by_role("list", name="Contactos")).to_be_visible()
    for name in ("Iker Goñi Etxeberria", "Lía Núñez"):
        page.get_by_role("checkbox", name=f"Marcar {name}", exact=True).focus()
        page.keyboard.press("Space")
    expect(page.get_by_text("2 seleccionados")).to_be_visible()
    page.get_by_role("checkbox", name="Marcar todos").check()
    expect(page.get_by_text("25 seleccionados")).to_be_visible()
    page.get_by_role("checkbox", name="Marcar todos").uncheck()
    expect(page.get_by_role("region", name="Varios registros")).to_have_count(0)
    page.get_by_role("checkbox", name="Marcar Iker Goñi Etxeberria", exact=True).check()
    page.get_by_role("button", name="Añadir a una lista").click()
    page.get_by_role("dialog").get_by_role("combobox", name="Lista de Segmentación").click()
    page.get_by_role("option", name="twitter").click()
    page.get_by_role("dialog").get_by_role("button", name="Añadir").click()
    expect(page.get_by_text("Añadido a la lista")).to_be_visible()
    assert api.calls[-1][1] == "/v1/segments/s-twitter/members"
    assert api.calls[-1][2]["items"] == [{"module": "contacts", "id": "c-0"}]
    page.get_by_role("checkbox", name="Marcar Iker Goñi Etxeberria", exact=True).check()
    page.get_by_role("button", name="Eliminar").click()
    page.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(page.get_by_text("Eliminados: 1.")).to_be_visible()
    assert api.calls[-1][2] == {"ids": ["c-0"]}
