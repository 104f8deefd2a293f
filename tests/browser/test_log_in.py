from playwright.sync_api import Browser, Page, expect

from tests.browser.fake_api import FakeApi, Server


def test_a_stranger_is_sent_to_log_in_and_comes_back_to_the_page_asked_for(
    server: Server, api: FakeApi, page: Page
) -> None:
    page.goto(f"{server.url}/console/records/contacts?search=Roig")
    expect(page.get_by_role("heading", name="Contactos")).to_be_visible()
    assert page.url == f"{server.url}/console/records/contacts?search=Roig"
    assert api.tokens


def test_no_token_is_kept_where_other_tabs_or_later_visits_find_it(server: Server, api: FakeApi, page: Page) -> None:
    page.goto(f"{server.url}/console/")
    expect(page.get_by_role("heading", name="Campañas")).to_be_visible()
    assert page.evaluate("JSON.stringify(localStorage)").count("refresh") == 0
    assert page.evaluate("sessionStorage['gotero.refresh']") == "refresh"
    assert "access" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_an_answer_that_nobody_asked_for_does_not_log_in(server: Server, api: FakeApi, page: Page) -> None:
    page.goto(f"{server.url}/console/callback?code=stolen&state=forged")
    expect(page.get_by_text("No se ha podido iniciar la sesión.")).to_be_visible()
    assert api.tokens == set()


def test_an_expired_token_is_renewed_unnoticed(console_page: Page, api: FakeApi) -> None:
    api.tokens.clear()
    console_page.get_by_role("link", name="Contactos", exact=True).click()
    expect(console_page.get_by_role("link", name="CON-000001")).to_be_visible()
    assert len(api.tokens) == 1


def test_logging_out_forgets_the_session(console_page: Page) -> None:
    console_page.get_by_role("button", name="Usuario: Lucía Ferrer").click()
    console_page.get_by_role("menuitem", name="Cerrar sesión").click()
    console_page.wait_for_url("**/pool/logout?**")
    assert console_page.evaluate("sessionStorage.getItem('gotero.refresh')") is None


def test_a_viewer_sees_and_cannot_change(browser: Browser, server: Server, api: FakeApi) -> None:
    api.meta["user"]["role"] = "viewer"
    page = browser.new_page(locale="es-ES")
    page.goto(f"{server.url}/console/records/contacts/c-0")
    expect(page.get_by_role("heading", name="Iker Goñi Etxeberria")).to_be_visible()
    expect(page.get_by_role("button", name="Eliminar")).to_have_count(0)
    expect(page.get_by_role("link", name="Editar")).to_have_count(0)
    page.close()
