"""The rights of a person, on their own page: what is kept of them, the end of it; and why they were in a list then."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.fake_api import FakeApi, Server
from tests.browser.test_import import violations


def test_somebody_is_erased_after_their_name_was_typed(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts/c-1")
    page.get_by_role("button", name="Más acciones").click()
    page.get_by_role("menuitem", name="Borrar para siempre").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 listas de segmentación en las que está")
    expect(dialog).to_contain_text("una huella de su dirección que no se puede leer")
    erase = dialog.get_by_role("button", name="Borrar para siempre")
    dialog.get_by_label("Escribe").fill("Lía")
    expect(erase).to_be_disabled()
    dialog.get_by_label("Escribe").fill("lía núñez ")
    expect(page.locator("[data-menu-dropdown]")).to_have_count(0)  # it fades out, without its entries
    assert violations(page) == []
    erase.click()
    # The job does it, and its page shows how far it is.
    expect(page.get_by_text("Terminado", exact=True).first).to_be_visible()
    assert "/jobs/" in page.url
    sent = [body for _, path, body in api.calls if path == "/v1/records/contacts/c-1/erase"]
    assert sent == [{"preview": True}, {"confirm": "CON-000002"}]


def test_everything_about_somebody_leaves_as_a_file(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/leads/l-1")
    page.get_by_role("button", name="Más acciones").click()
    page.get_by_role("menuitem", name="Exportar todo sobre esta persona").click()
    expect(page.get_by_text("Listo: un fichero JSON")).to_be_visible()
    with page.expect_download():
        page.get_by_role("button", name="Descargar").click()
    assert sum(path == "/v1/records/leads/l-1/export" for _, path, _ in api.calls) == 1


def test_who_is_no_administrator_erases_nobody(browser: Browser, server: Server, api: FakeApi) -> None:
    api.meta["user"]["role"] = "marketer"
    page = browser.new_page(locale="es-ES")
    page.goto(f"{server.url}/console/records/contacts/c-0")
    page.get_by_role("button", name="Más acciones").click()
    expect(page.get_by_role("menuitem", name="Exportar todo")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Borrar")).to_have_count(0)
    page.close()


def test_why_somebody_was_in_a_list_at_an_instant(console_page: Page, server: Server) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts/c-0?tab=memberships")
    page.get_by_role("button", name="¿Y en otra fecha?").click()
    page.get_by_role("button", name="Cómo estaba en esta fecha").click()
    with page.expect_request("**/why/contacts/c-0?at=*") as asked:
        page.get_by_role("dialog").get_by_role("button", name="1 noviembre").first.click()
    assert "at=20" in asked.value.url
    then = page.get_by_role("status", name="Cómo estaba en esta fecha")
    expect(then).to_contain_text("estaba en la lista")
    expect(then).to_contain_text("Entró el 19 nov 2026")
    expect(then).to_contain_text("El filtro de hoy lo habría incluido")
    expect(then).to_contain_text("cuyo pasado no se guarda")
