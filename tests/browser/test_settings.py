"""Filters, users, groups and webhooks are kept on pages of their own; a segment's members leave as a file."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server
from tests.browser.test_editing import choose


def test_a_filter_of_the_product_is_copied_changed_and_deleted(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    page.goto(f"{server.url}/console/filters")
    page.get_by_role("link", name="Sin email").click()
    expect(page.get_by_text("Nada más lo usa.")).to_be_visible()
    expect(page.get_by_role("link", name="Editar")).to_have_count(0)
    page.get_by_role("link", name="Copiar").click()
    expect(page.get_by_label("Nombre")).to_have_value("Copia de Sin email")
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"Lo cumplen? \d+ registros?"))
    page.get_by_role("button", name="Condición", exact=True).click()
    page.get_by_role("textbox", name="Valor").fill("Iker")
    expect(page.locator("[data-count]")).to_have_text("Lo cumplen 0 registros")
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.get_by_role("heading", name="Copia de Sin email")).to_be_visible()
    method, path, body = api.calls[-1]
    assert (method, path, body["module"]) == ("POST", "/v1/filters", "contacts")
    leaf = {"field": "firstname", "op": "is", "value": "Iker"}
    assert body["condition"] == {"all": [{"field": "email", "op": "is_empty"}, leaf]}
    api.uses = [{"kind": "segments", "id": "s-twitter", "name": "Twitter"}]
    page.reload()
    expect(page.get_by_text("Lista de Segmentación: Twitter")).to_be_visible()
    page.get_by_role("button", name="Eliminar").click()
    page.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(page.get_by_role("heading", name="Filtros")).to_be_visible()
    expect(page.get_by_role("link", name="Copia de Sin email")).to_have_count(0)


def test_users_are_invited_disabled_and_the_last_administrator_stays(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    page.goto(f"{server.url}/console/users")
    page.get_by_role("button", name="Invitar usuario").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill("eva@huertaturia.example")
    dialog.get_by_label("Nombre").fill("Eva Roig")
    choose(page, "Rol", "Solo lectura")
    dialog.get_by_role("button", name="Invitar usuario").click()
    expect(page.get_by_role("row", name=re.compile("Eva Roig.*Solo lectura"))).to_be_visible()
    assert api.calls[-1][2] == {
        "name": "Eva Roig",
        "email": "eva@huertaturia.example",
        "role": "viewer",
        "language": "es",
        "groups": [],
    }
    page.get_by_role("button", name="Editar usuario: Lucía Ferrer").click()
    choose(page, "Rol", "Marketing")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog.get_by_text("Tiene que quedar al menos un administrador.").first).to_be_visible()
    dialog.get_by_role("button", name="Cancelar").click()
    page.get_by_role("button", name="Desactivar: Marc Soler").click()
    dialog.get_by_role("button", name="Desactivar", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Marc Soler.*Desactivado"))).to_be_visible()
    assert api.calls[-1] == ("PATCH", "/v1/users/u-marc", {"disabled": True})
    page.get_by_role("button", name="Qué ha hecho: Marc Soler").click()
    dialog.get_by_role("link", name="Trabajos que ha empezado").click()
    expect(page.get_by_text("Empezados por Marc Soler")).to_be_visible()


def test_what_somebody_has_is_handed_over(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/users")
    page.get_by_role("button", name="Traspasar: Marc Soler").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Contactos: 60")
    expect(dialog).to_contain_text("Formularios: 1")
    expect(dialog.get_by_role("button", name="Traspasar")).to_be_disabled()
    choose(page, "A quién", "Comerciales")
    dialog.get_by_role("button", name="Traspasar").click()
    expect(page.get_by_text("Traspasado", exact=True)).to_be_visible()
    condition = {"all": [{"field": "owner", "op": "is", "value": "u-marc"}]}
    sent = ("POST", "/v1/records/contacts/mass-edit", {"condition": condition, "owner": "g-sales"})
    assert sent in api.calls
    assert ("PATCH", "/v1/forms/f-1", {"owner": "g-sales"}) in api.calls
    assert {row["owner"] for rows in api.records.values() for row in rows if row["module"] != "messages"} == {"g-sales"}
    page.get_by_role("tab", name="Grupos").click()
    page.get_by_role("button", name="Eliminar: Comerciales").click()
    expect(dialog).to_contain_text("Contactos: 60")
    expect(dialog.get_by_role("button", name="Eliminar")).to_be_disabled()
    dialog.get_by_role("button", name="Traspasar").click()
    expect(page.get_by_role("dialog", name="Traspasar lo de Comerciales")).to_contain_text("Contactos: 60")


def test_a_group_is_made_and_renamed(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/users?tab=groups")
    expect(page.get_by_role("row", name=re.compile("Comerciales.*Lucía Ferrer"))).to_be_visible()
    page.get_by_role("button", name="Nuevo grupo").click()
    page.get_by_role("dialog").get_by_label("Nombre del grupo").fill("Feria")
    page.get_by_role("dialog").get_by_role("button", name="Guardar").click()
    page.get_by_role("button", name="Cambiar nombre: Feria").click()
    page.get_by_role("dialog").get_by_label("Nombre del grupo").fill("Ferias")
    page.get_by_role("dialog").get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("button", name="Cambiar nombre: Ferias")).to_be_visible()
    page.get_by_role("button", name="Eliminar: Ferias").click()
    page.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(page.get_by_role("button", name="Cambiar nombre: Ferias")).to_have_count(0)
    assert api.calls[-1] == ("DELETE", "/v1/groups/new-1", None)


def test_a_webhook_is_added_with_the_proofs_its_provider_gives_and_removed(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    page = console_page
    page.goto(f"{server.url}/console/webhooks")
    expect(page.get_by_text("firma: …sendgrid-key")).to_be_visible()
    page.get_by_role("button", name="Añadir webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nombre").fill("Postmark")
    choose(page, "Proveedor", "Postmark")
    expect(dialog.get_by_label("ARN de la clave de firma")).to_have_count(0)
    arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/gotero/webhooks/postmark"
    dialog.get_by_label("ARN del secreto de autorización").fill(arn)
    dialog.get_by_label("ARN del secreto de autorización").press("Enter")
    api.refused = [("authorization[0]", "No es un identificador válido.")]
    dialog.get_by_role("button", name="Añadir").click()
    expect(dialog.get_by_text("No es un identificador válido.").first).to_be_visible()
    api.refused = []
    dialog.get_by_role("button", name="Añadir").click()
    expect(dialog).to_be_hidden()
    sent = {"name": "Postmark", "provider": "postmark", "authorization": [arn]}
    assert api.calls[-1] == ("POST", "/v1/webhooks", sent)
    page.get_by_role("button", name="Eliminar: SendGrid de la casa").click()
    dialog.get_by_role("button", name="Eliminar").click()
    expect(page.get_by_text("SendGrid de la casa")).to_have_count(0)


def test_the_members_of_a_segment_are_exported(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    page.goto(f"{server.url}/console/segments/s-twitter?tab=contacts")
    page.get_by_role("button", name="Exportar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Exportar").click()
    expect(dialog.get_by_role("button", name="Descargar")).to_be_enabled()
    sent = next(body for _, path, body in api.calls if path == "/v1/exports")
    assert (sent["module"], sent["segment"], "condition" in sent) == ("contacts", "s-twitter", False)
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Descargar").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
