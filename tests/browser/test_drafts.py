"""What is half typed outlives a reload, until it is saved, discarded or left; and it stays in its tab."""

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server
from tests.browser.test_look import GO

RECOVERED = "Se ha recuperado lo que estaba a medio escribir."


def reload(page: Page) -> None:
    """The browser asks before it goes: yes."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('gotero.draft.'))")
    assert page.evaluate("JSON.stringify(localStorage)").count("draft") == 0
    return found


def test_a_record(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts/c-0/edit")
    page.get_by_label("Apellidos").fill("Goñi")
    reload(page)
    expect(page.get_by_text(RECOVERED)).to_be_visible()
    expect(page.get_by_label("Apellidos")).to_have_value("Goñi")
    page.get_by_role("button", name="Descartarlo").click()
    expect(page.get_by_label("Apellidos")).to_have_value("Goñi Etxeberria")
    assert kept(page) == []
    page.goto(f"{server.url}/console/records/contacts/new")
    page.get_by_label("Apellidos").fill("Roig")
    reload(page)
    expect(page.get_by_label("Apellidos")).to_have_value("Roig")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("heading", name="Roig")).to_be_visible()
    assert api.calls[-1][2]["values"] == {"lastname": "Roig"}
    assert kept(page) == []


def test_a_segment_and_a_filter(console_page: Page, server: Server) -> None:
    page = console_page
    page.goto(f"{server.url}/console/segments")
    page.get_by_role("button", name="Crear").click()
    page.get_by_label("Nombre Segmento").fill("a medias")
    page.reload()
    expect(page.get_by_text(RECOVERED)).to_be_visible()
    expect(page.get_by_label("Nombre Segmento")).to_have_value("a medias")
    page.get_by_role("dialog").get_by_role("button", name="Cancelar").click()
    assert kept(page) == []
    page.goto(f"{server.url}/console/filters/flt-twitter/edit")
    page.get_by_label("Nombre").fill("Otro nombre")
    reload(page)
    expect(page.get_by_label("Nombre")).to_have_value("Otro nombre")
    page.get_by_role("link", name="Campañas").click()
    page.get_by_role("button", name="Salir sin guardar").click()
    expect(page.get_by_role("heading", name="Campañas")).to_be_visible()
    assert kept(page) == []


def test_a_filter_that_is_being_built_on_a_list(console_page: Page, server: Server) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts")
    page.get_by_role("button", name="Filtrar").click()
    page.get_by_role("textbox", name="Valor").fill("Iker")
    page.reload()
    expect(page.get_by_role("textbox", name="Valor")).to_have_value("Iker")
    expect(page.locator("[data-count]")).to_have_text("Lo cumplen 12 registros")
    page.get_by_role("button", name="Aplicar").click()
    expect(page.get_by_text("12 registros")).to_be_visible()
    assert kept(page) == []


def test_a_page_of_settings(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/settings/company")
    page.get_by_label("Minutos de espera antes de enviar").fill("15")
    page.get_by_label("Página de baja propia").fill("https://huerta.es/baja")
    api.settings["company"]["name"] = "Huerta Nueva, S.L."
    reload(page)
    expect(page.get_by_text(RECOVERED)).to_be_visible()
    expect(page.get_by_label("Minutos de espera antes de enviar")).to_have_value("15")
    expect(page.get_by_label("Nombre")).to_have_value("Huerta Nueva, S.L.")  # what somebody else changed meanwhile
    page.get_by_role("tab", name="Numeración").click()
    page.get_by_role("button", name="Seguir editando").click()
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.get_by_text("Guardado")).to_be_visible()
    assert api.settings["company"]["landing_page"] == "https://huerta.es/baja"
    assert kept(page) == []


#: Page, button that opens its window, input, its save.
WINDOWS = [
    ("users", "Invitar usuario", "Email", "eva@huerta.example"),
    ("users", "Editar usuario: Marc Soler", "Nombre", "Marc S."),
    ("users?tab=groups", "Nuevo grupo", "Nombre del grupo", "Feria"),
    ("fields/contacts", "Añadir campo", "Etiqueta en español", "Talla"),
    ("webhooks", "Añadir webhook", "Nombre", "Postmark"),
]
EDITORS = [
    ("plans/new", "Nuevo plan de marketing"),
    ("forms/new", "Nuevo formulario"),
    ("document-templates/new", "Nueva plantilla de documento"),
]
#: Somebody pastes the secret where its reference belongs.
SECRET = "pasted-secret"
STORED = "JSON.stringify([{ ...sessionStorage }, { ...localStorage }])"


def test_windows_editors_and_no_secret(console_page: Page, api: FakeApi) -> None:
    page = console_page
    for path, opening, label, typed in WINDOWS:
        page.evaluate(GO, path)
        page.get_by_role("button", name=opening).click()
        window = page.get_by_role("dialog")
        written = window.get_by_role("textbox", name=label, exact=True)
        before = written.input_value()
        written.fill(typed)
        if path == "webhooks":
            window.get_by_label("ARN de la clave de firma").fill(SECRET)
            window.get_by_label("ARN de la clave de firma").press("Enter")
            expect(window.get_by_text(SECRET)).to_be_visible()
        page.mouse.click(5, 5)  # beside it: half of it is written, so it stays
        assert SECRET not in page.evaluate(STORED)
        page.reload()
        expect(window.get_by_text(RECOVERED)).to_be_visible()
        expect(written).to_have_value(typed)
        window.get_by_role("button", name="Descartarlo").click()
        expect(written).to_have_value(before)
        assert kept(page) == []
        written.fill(typed)
        if path == "users?tab=groups":
            window.get_by_role("button", name="Guardar").click()
        else:
            window.get_by_role("button", name="Cancelar").click()
        expect(window).to_have_count(0)
        assert kept(page) == []
    assert [(path, body) for _, path, body in api.calls] == [("/v1/groups", {"name": "Feria"})]
    for path, heading in EDITORS:
        page.evaluate(GO, path)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        name = page.get_by_role("textbox", name="Nombre", exact=True)
        name.fill("A medias")
        reload(page)
        expect(page.get_by_text(RECOVERED)).to_be_visible()
        expect(name).to_have_value("A medias")
        page.get_by_role("button", name="Descartarlo").click()
    page.evaluate(GO, "settings/transports")
    page.get_by_role("switch", name="Usar SendGrid").click()
    page.get_by_label("Referencia de la clave").fill(SECRET)
    assert SECRET not in page.evaluate(STORED)
    reload(page)
    expect(page.get_by_text("Las referencias a claves no se guardan")).to_be_visible()
    expect(page.get_by_label("Referencia de la clave")).to_have_value("")
