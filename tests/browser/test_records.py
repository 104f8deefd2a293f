import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser import sample_modules
from tests.browser.fake_api import FakeApi, Server


def test_a_module_nobody_told_the_console_about_has_menu_list_page_and_form(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Huertas").click()
    console_page.get_by_role("link", name="ORC-000001").click()
    expect(console_page.locator("[data-field=hectares]")).to_contain_text("12,5")
    # The harvest is at 07:00 UTC; the company's clocks say eight.
    expect(console_page.locator("[data-field=harvest_at]")).to_contain_text("1 dic 2026, 8:00")
    expect(console_page.locator("[data-field=fruits]")).to_contain_text("Naranja")
    console_page.get_by_role("link", name="Editar").click()
    console_page.get_by_label("Hectáreas").fill("13,25")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.locator("[data-field=hectares]")).to_contain_text("13,25")
    # Only what was changed travels.
    assert api.calls[-1] == ("PATCH", "/v1/records/orchards/o-1", {"values": {"hectares": 13.25}})


def test_a_field_added_to_the_declaration_appears_without_a_change_of_the_console(
    console_page: Page, api: FakeApi
) -> None:
    contacts = api.meta["modules"][0]
    contacts["fields"].append(sample_modules.field("shoe_size", "Número de pie", "Shoe size", "integer"))
    contacts["sections"][0]["fields"].append("shoe_size")
    contacts["list_columns"].append("shoe_size")
    api.records["contacts"][0]["values"]["shoe_size"] = 42
    console_page.reload()
    console_page.get_by_role("link", name="Contactos", exact=True).click()
    expect(console_page.get_by_role("columnheader", name=re.compile("Número de pie"))).to_be_visible()
    console_page.get_by_role("link", name="CON-000001").click()
    expect(console_page.locator("[data-field=shoe_size]")).to_contain_text("42")
    console_page.get_by_role("link", name="Editar").click()
    expect(console_page.get_by_label("Número de pie")).to_have_value("42")


def test_the_list_searches_sorts_filters_and_pages_in_the_address(console_page: Page) -> None:
    console_page.get_by_role("link", name="Contactos", exact=True).click()
    expect(console_page.get_by_text("60 registros")).to_be_visible()
    console_page.get_by_role("button", name="Siguiente").click()
    expect(console_page.get_by_role("link", name="CON-000026")).to_be_visible()
    console_page.get_by_role("button", name="Anterior").click()
    console_page.get_by_role("button", name="Apellidos, sin ordenar").click()
    expect(console_page).to_have_url(re.compile("sort=lastname"))
    console_page.get_by_label("Buscar").fill("Ferrandis")
    expect(console_page.get_by_role("link", name="CON-000001")).to_have_count(0)
    expect(console_page.get_by_role("link", name="CON-000004")).to_be_visible()
    console_page.get_by_role("button", name="Filtrar").click()
    console_page.get_by_role("combobox", name="Campo").click()
    console_page.get_by_role("option", name="Origen de Pre-Contacto").click()
    console_page.get_by_role("combobox", name="Valor").click()
    console_page.get_by_role("option", name="Feria").click()
    console_page.get_by_role("button", name="Aplicar").click()
    expect(console_page.get_by_text("No se ha encontrado nada")).to_be_visible()
    asked = parse_qs(urlsplit(console_page.url).query)
    assert asked["filter"] == ['{"all":[{"field":"leadsource","op":"is","value":"Trade Show"}]}']
    expect(console_page.get_by_text("Origen de Pre-Contacto es «Feria»")).to_be_visible()
    console_page.get_by_label("Buscar").clear()
    expect(console_page.get_by_text("12 registros")).to_be_visible()
    expect(console_page.get_by_role("link", name="CON-000003")).to_be_visible()
    console_page.get_by_role("button", name="Quitar filtro").click()
    expect(console_page.get_by_text("60 registros")).to_be_visible()


def test_a_refusal_stands_at_its_field_and_nothing_is_lost(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Contactos", exact=True).click()
    # The list of another module has the same button.
    expect(console_page.get_by_role("heading", name="Contactos")).to_be_visible()
    console_page.get_by_role("link", name="Crear").click()
    console_page.get_by_role("textbox", name="Nombre").fill("Lía")
    console_page.get_by_role("button", name="Guardar").click()
    surname = console_page.get_by_label("Apellidos")
    expect(surname).to_be_focused()
    expect(surname).to_have_attribute("aria-invalid", "true")
    expect(console_page.get_by_text("Este campo es obligatorio.")).to_be_visible()
    surname.fill("Núñez")
    console_page.get_by_role("textbox", name="Email").fill("nada")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.get_by_text("No es una dirección de correo válida.")).to_be_visible()
    expect(console_page.get_by_role("textbox", name="Email")).to_be_focused()
    expect(console_page.get_by_role("textbox", name="Nombre")).to_have_value("Lía")
    console_page.get_by_role("textbox", name="Email").fill("lia@example.com")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.get_by_role("heading", name="Lía Núñez")).to_be_visible()
    method, path, body = api.calls[-1]
    assert (method, path) == ("POST", "/v1/records/contacts")
    assert body["values"] == {"firstname": "Lía", "lastname": "Núñez", "email": "lia@example.com"}
    assert body["owner"] == "u-lucia"


def test_a_relation_is_picked_by_typing_a_part_of_its_name(console_page: Page, api: FakeApi, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/contacts/new")
    console_page.get_by_label("Apellidos").fill("Prueba")
    console_page.get_by_label("Cuenta").fill("carpin")
    console_page.get_by_role("option", name="Carpintería Roig, S.L.").click()
    expect(console_page.get_by_label("Cuenta")).to_have_value("Carpintería Roig, S.L.")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.get_by_role("heading", name="Prueba")).to_be_visible()
    assert api.calls[-1][2]["values"]["account"] == "a-1"


def test_the_timeline_says_what_put_somebody_into_a_list(console_page: Page, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/contacts/c-0?tab=timeline")
    expect(
        console_page.get_by_text("Entra en «twitter» por el flujo «Añadir contacto a la lista twitter»")
    ).to_be_visible()
    expect(console_page.get_by_text("Origen de Pre-Contacto: Feria → Twitter")).to_be_visible()


def test_deleting_asks_first(console_page: Page, api: FakeApi, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/contacts/c-2")
    console_page.get_by_role("button", name="Eliminar").click()
    dialog = console_page.get_by_role("dialog")
    expect(dialog).to_contain_text("«Carme Roig» irá a la papelera")
    dialog.get_by_role("button", name="Cancelar").click()
    expect(dialog).to_have_count(0)
    assert [call for call in api.calls if call[0] == "DELETE"] == []
    console_page.get_by_role("button", name="Eliminar").click()
    dialog.get_by_role("button", name="Eliminar").click()
    expect(console_page.get_by_role("heading", name="Contactos")).to_be_visible()
    assert api.calls[-1] == ("DELETE", "/v1/records/contacts/c-2", None)


def test_what_does_not_exist_says_so(console_page: Page, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/contacts/nobody")
    expect(console_page.get_by_text("No existe, o no tienes permiso para verlo.")).to_be_visible()
    console_page.goto(f"{server.url}/console/records/unicorns")
    expect(console_page.get_by_text("Esta página no existe")).to_be_visible()


def test_tabs_stand_in_one_line_and_those_out_of_sight_are_named_by_a_menu(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts/c-0")
    tabs = page.get_by_role("tablist").get_by_role("tab")
    expect(tabs.first).to_be_visible()
    expect(page.get_by_role("button", name="Todas")).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    assert len({tab.bounding_box()["y"] for tab in tabs.all()}) == 1  # type: ignore[index]  # all of them are drawn
    page.get_by_role("button", name="Todas").focus()
    page.keyboard.press("Enter")
    last = tabs.last.inner_text()
    page.get_by_role("menuitem", name=last).focus()
    page.keyboard.press("Enter")
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    expect(tabs.last).to_be_in_viewport()
