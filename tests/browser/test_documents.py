"""A document is uploaded; a document template is written, shown as a PDF, and chosen for a send beside the document."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server

USER = "lucia@huertaturia.example"
PDF = b"%PDF-1.4 tarifas"


def test_a_file_is_uploaded_looked_at_and_downloaded(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/documents")
    page.get_by_role("link", name="Subir un documento").click()
    disguised = {"name": "malo.pdf", "mimeType": "application/pdf", "buffer": b"MZ no"}
    page.locator("input[type=file]").set_input_files(disguised)  # type: ignore[arg-type]  # a file that lies in memory
    page.get_by_role("button", name="Subir el fichero").click()
    expect(page.get_by_role("alert")).to_be_visible()
    file = {"name": "Tarifas 2028.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("Nombre").fill("Precios")
    page.get_by_role("button", name="Subir el fichero").click()
    expect(page.get_by_role("heading", name="Precios")).to_be_visible()
    expect(page.get_by_text("DOC-000001")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Descargar").click()
    assert Path(saved.value.path()).read_bytes() == PDF
    page.get_by_role("link", name="Editar").click()
    page.get_by_label("Nombre").fill("Precios de otoño")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("heading", name="Precios de otoño")).to_be_visible()
    assert api.calls[-1][0::2] == ("PATCH", {"name": "Precios de otoño"})


def test_a_document_template_is_written_and_shown(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/document-templates/new")
    page.get_by_label("Nombre").fill("Factura")
    page.get_by_role("textbox", name="Texto").fill("Factura ")
    page.get_by_role("combobox", name="Insertar un dato").click()
    page.get_by_role("option", name="Nombre", exact=True).first.click()
    page.get_by_role("button", name="Añadir una parte").click()
    second = page.get_by_role("region", name="Parte 2")
    second.get_by_role("combobox", name="Tipo").click()
    page.get_by_role("option", name="Tabla de líneas").click()
    second.get_by_role("button", name="Añadir columna").click()
    second.get_by_label("Título de la columna 2").fill("Importe")
    second.get_by_label("Fila 1, columna 2").fill("{{ line.price }}")
    second.get_by_label("Repetir por cada elemento de").fill("data.lines")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("heading", name="Contenido del documento")).to_be_visible()
    title, lines = api.calls[-1][2]["parts"]
    assert re.fullmatch(r"Factura \{\{ contact\.\w+ \}\}", title["text"])
    assert lines == {
        "kind": "lines",
        "columns": [{"title": "", "align": "left"}, {"title": "Importe", "align": "left"}],
        "rows": [["", "{{ line.price }}"]],
        "each": "data.lines",
    }
    with page.expect_download() as saved:
        page.get_by_role("button", name="Descargar el PDF").click()
    assert saved.value.suggested_filename == "Carta de Lía.pdf"
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF")


def test_a_campaign_is_sent_with_both(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/records/campaigns/cam-355")
    page.get_by_role("button", name="Enviar", exact=True).click()
    dialog = page.get_by_role("dialog")
    for label, option in (
        ("Plantilla", "2-Column_1-Logo"),
        ("Adjuntar Documento", "Tarifas 2027"),
        ("Adjuntar Plantilla de Documento para Generar", "Carta de pago"),
    ):
        dialog.get_by_role("combobox", name=label, exact=True).click()
        page.get_by_role("option", name=option).click()
        page.keyboard.press("Tab")  # a list of several stays open until one leaves it
    expect(dialog.get_by_text("La plantilla ya lleva: Tarifas 2027.")).to_be_visible()
    expect(dialog.get_by_text("En total 1,5 MB de los 10 MB")).to_be_visible()
    dialog.get_by_role("button", name="Enviar prueba").click()
    expect(page.get_by_text("Prueba enviada")).to_be_visible()
    assert api.calls[-1][2] == {"to": USER, "documents": ["d-1"], "document_templates": ["dt-1"]}
    dialog.get_by_role("switch", name="A todos").check()
    dialog.get_by_role("button", name="Continuar").click()
    expect(dialog.get_by_text("Documentos adjuntos: Tarifas 2027")).to_be_visible()
    expect(dialog.get_by_text("Documentos que se generan para cada destinatario: Carta de pago")).to_be_visible()
    dialog.get_by_role("button", name="Enviar").click()
    expect(dialog).to_be_hidden()
    sent = next(body for _, path, body in api.calls if path.endswith("/send"))
    assert (sent["documents"], sent["document_templates"]) == (["d-1"], ["dt-1"])


def test_a_template_brings_documents_and_a_message_tells_what_went_along(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    api.uses = [{"kind": "templates", "id": "t-1", "name": "2-Column_1-Logo"}]
    page.goto(f"{server.url}/console/documents/d-1")
    page.get_by_role("region", name="Dónde se usa").get_by_role("link", name="2-Column_1-Logo").click()
    expect(page.get_by_role("list", name="Lleva adjunto").get_by_role("link", name="Tarifas 2027.pdf")).to_be_visible()
    page.get_by_role("link", name="Editar").click()
    page.get_by_role("combobox", name="Adjuntar Plantilla de Documento para Generar").click()
    page.get_by_role("option", name="Carta de pago").click()
    expect(page.get_by_text("En total 1,5 MB de los 10 MB")).to_be_visible()
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado")).to_be_visible()
    assert ("PATCH", "/v1/templates/t-1", {"document_templates": ["dt-1"]}) in api.calls
    page.goto(f"{server.url}/console/records/messages/m-2")
    along = page.get_by_role("region", name="Documentos adjuntos")
    expect(along.get_by_role("listitem")).to_have_count(2)
    assert [row.split("\n\n")[:2] for row in along.get_by_role("listitem").all_inner_texts()] == [
        ["Tarifas 2027.pdf", "482,1 kB · de la plantilla"],
        ["Carta de Iker.pdf", "generado con «Carta de pago»"],
    ]
    expect(along.get_by_role("link", name="Carta de Iker.pdf")).to_have_attribute(
        "href", "/console/document-templates/dt-1"
    )
    with page.expect_download() as saved:
        along.get_by_role("button", name="Volver a generarlo").click()
    assert Path(saved.value.path()).read_bytes() == b"%PDF-1.4 Iker"
