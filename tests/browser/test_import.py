"""A file is imported with its errors, which are downloaded; a list is exported. axe on each step."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server

FILE = (
    "Nombre;Apellidos;Correo;Origen;Baja\r\n"
    "Lía;Núñez;lia@correo.example;Feria;no\r\n"
    "Iker;Goñi;iker@correo.example;Twitter;no\r\n"
    "Ana;Rota;esto no es un correo;Feria;no\r\n"
    "Eva;=1+1;eva@correo.example;Luna;no\r\n"
)
AXE = Path(__file__).parents[2] / "functions/console/web/node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[str]:
    # By evaluation: the page's policy lets no script in from outside.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(r => r.violations)"
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def uploaded(page: Page, server: Server, text: str = FILE, encoding: str = "cp1252") -> None:
    page.goto(f"{server.url}/console/records/contacts")
    page.get_by_role("link", name="Importar").click()
    file = {"name": "clientes.csv", "mimeType": "text/csv", "buffer": text.encode(encoding)}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file that lies in memory
    page.get_by_role("button", name="Subir el fichero").click()
    expect(page.get_by_role("heading", name="Importar: clientes.csv")).to_be_visible()


def test_a_file_with_errors_is_imported_and_they_are_downloaded(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    uploaded(page, server)
    expect(page.get_by_role("combobox", name="Codificación")).to_have_value("Windows (1252)")
    expect(page.get_by_role("combobox", name="Separador")).to_have_value("Punto y coma (;)")
    expect(page.get_by_role("combobox", name="Qué es la columna «Correo»")).to_have_value("Email")
    expect(page.locator("[data-tile=Nuevas]").first).to_contain_text("2")
    expect(page.locator("[data-tile=Rechazadas]").first).to_contain_text("2")
    expect(page.get_by_text("Email: No es una dirección de email válida.")).to_be_visible()
    page.get_by_role("combobox", name="Qué es la columna «Origen»").click()
    page.get_by_role("combobox", name="Qué es la columna «Origen»").fill("Descripción")
    page.get_by_role("option", name="Descripción").click()
    expect(page.locator("[data-tile=Rechazadas]").first).to_contain_text("1")
    page.get_by_role("button", name="Importar", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Importar").click()
    expect(page.get_by_text("Terminado", exact=True).first).to_be_visible()
    expect(page.locator("[data-tile=Nuevas]")).to_contain_text("3")
    assert {r.values["email"] for r in api.exchange.world.all()} == {
        "lia@correo.example",
        "iker@correo.example",
        "eva@correo.example",
    }
    assert violations(page) == []
    with page.expect_download() as saved:
        page.get_by_role("button", name=re.compile("Descargar la fila rechazada")).click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0][-2:] == ["Línea", "Motivo"]
    assert rows[1][2:] == ["esto no es un correo", "Feria", "no", "4", "Email: No es una dirección de email válida."]


def test_what_was_chosen_outlives_a_reload_and_no_step_breaks_a_rule(console_page: Page, server: Server) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts/import")
    assert violations(page) == []
    uploaded(page, server)
    page.get_by_role("combobox", name="Qué hacer").click()
    page.get_by_role("option", name="Solo crear").click()
    expect(page.get_by_role("combobox", name="Qué hacer")).to_have_value("Solo crear")
    page.reload()
    expect(page.get_by_role("combobox", name="Qué hacer")).to_have_value("Solo crear")
    expect(page.get_by_text("Se ha recuperado lo que estaba a medio escribir.")).to_be_visible()
    assert violations(page) == []
    # The file is on the server: who left finds the way back to it where files are imported.
    page.goto(f"{server.url}/console/records/contacts/import")
    expect(page.get_by_text("«clientes.csv» ya está subido y sin importar.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Continuar").click()
    expect(page.get_by_role("combobox", name="Qué hacer")).to_have_value("Solo crear")
    page.get_by_role("button", name="Descartarlo").click()
    expect(page.get_by_role("combobox", name="Qué hacer")).to_have_value("Crear y actualizar")


def test_what_is_no_table_is_said_in_words(console_page: Page, server: Server) -> None:
    uploaded(console_page, server, "PK\x03\x04" + "x" * 200)
    expect(console_page.get_by_role("alert")).to_be_visible()


def test_a_list_is_exported_with_chosen_columns(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/contacts?search=lia")
    page.get_by_role("button", name="Exportar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Exportar").click()
    expect(dialog.get_by_role("button", name="Descargar")).to_be_enabled()
    sent = next(body for _, path, body in api.calls if path == "/v1/exports")
    assert (sent["module"], sent["search"], sent["separator"]) == ("contacts", "lia", ";")
    assert violations(page) == []
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Descargar").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
