"""No mouse: a list, a record's form, the tabs of a segment, the import of a file; a window gives the focus back."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_api import FakeApi, Server
from tests.browser.test_import import FILE

FAR = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """By Tab alone, as far as it takes: what cannot be reached is not there for whoever has no mouse."""
    expect(wanted).to_be_visible()
    for _ in range(FAR):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_a_list_is_searched_sorted_ticked_and_paged(console_page: Page, server: Server) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts")
    expect(page.get_by_text("60 registros")).to_be_visible()
    # Past the menu in one step.
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ir al contenido")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name=re.compile("^R ")))
    expect(page).to_have_url(re.compile("letter=R"))
    press(page, page.get_by_role("button", name=re.compile("^Apellidos,")))
    expect(page).to_have_url(re.compile("sort=lastname"))
    press(page, page.get_by_role("checkbox", name="Marcar Carme Roig", exact=True), "Space")
    expect(page.get_by_role("region", name="Varios registros")).to_contain_text("1 seleccionado")
    press(page, page.get_by_role("link", name="CON-000003"))
    expect(page.get_by_role("heading", name="Carme Roig")).to_be_visible()


def test_a_record_is_made(console_page: Page, server: Server, api: FakeApi) -> None:
    page, key = console_page, console_page.keyboard
    page.goto(f"{server.url}/console/records/contacts/new")
    tab_to(page, page.get_by_label("Apellidos"))
    key.type("Núñez")
    tab_to(page, page.get_by_label("Cuenta"))
    key.type("carpin")
    expect(page.get_by_role("option", name="Carpintería Roig, S.L.")).to_be_visible()
    key.press("ArrowDown")
    key.press("Enter")
    tab_to(page, page.get_by_role("combobox", name="Origen de Pre-Contacto"))
    key.press("ArrowDown")
    key.press("ArrowDown")
    key.press("Enter")
    press(page, page.get_by_label("No enviar email"), "Space")
    press(page, page.get_by_role("button", name="Guardar"))
    expect(page.get_by_role("heading", name="Núñez")).to_be_visible()
    values = api.calls[-1][2]["values"]
    assert (values["lastname"], values["account"], values["do_not_email"]) == ("Núñez", "a-1", True)
    assert values["leadsource"]


def test_a_segment_is_filled_from_its_tabs(console_page: Page, server: Server, api: FakeApi) -> None:
    page, key = console_page, console_page.keyboard
    page.goto(f"{server.url}/console/segments/s-prueba?tab=contacts")
    tab_to(page, page.get_by_role("tab", name=re.compile("^Contactos")))
    key.press("ArrowRight")
    expect(page.get_by_role("tab", name="Cuentas")).to_have_attribute("aria-selected", "true")
    key.press("ArrowLeft")
    opener = page.get_by_role("button", name="Seleccionar Contacto")
    press(page, opener)
    dialog = page.get_by_role("dialog")
    tab_to(page, dialog.get_by_role("checkbox").first)
    key.press("Space")
    press(page, dialog.get_by_role("button", name="Añadir"))
    expect(dialog).to_be_hidden()
    assert api.calls[-1][1] == "/v1/segments/s-prueba/members"
    expect(opener).to_be_focused()
    # A window that is left gives the focus back to the button that opened it.
    edit = page.get_by_role("button", name="Editar")
    edit.focus()
    key.press("Enter")
    expect(page.get_by_label("Nombre Segmento")).to_be_focused()
    key.press("Escape")
    expect(edit).to_be_focused()


def test_a_file_is_imported(console_page: Page, server: Server, api: FakeApi) -> None:
    page, key = console_page, console_page.keyboard
    page.goto(f"{server.url}/console/records/contacts/import")
    with page.expect_file_chooser() as chooser:
        press(page, page.get_by_role("button", name="Fichero CSV"))
    file = {"name": "clientes.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    chooser.value.set_files(file)  # type: ignore[arg-type]  # a file that lies in memory
    press(page, page.get_by_role("button", name="Subir el fichero"))
    expect(page.get_by_role("heading", name="Importar: clientes.csv")).to_be_visible()
    mode = page.get_by_role("combobox", name="Qué hacer")
    tab_to(page, mode)
    key.press("ArrowDown")
    key.press("ArrowDown")
    key.press("Enter")
    expect(mode).to_have_value("Solo crear")
    start = page.get_by_role("button", name="Importar", exact=True)
    expect(start).to_be_enabled()
    press(page, start)
    press(page, page.get_by_role("dialog").get_by_role("button", name="Importar"))
    with page.expect_download():
        press(page, page.get_by_role("button", name=re.compile("Descargar las 2 filas rechazadas")))
    assert len(api.exchange.world.all()) == 2
