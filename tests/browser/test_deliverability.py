"""The suppression list, the brake, and a job that the system has stopped."""

import re

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi


def test_an_address_is_found_added_and_taken_off_with_a_reason(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Lista de supresión").click()
    row = console_page.get_by_role("row", name=re.compile("ana.ferrandis"))
    expect(row).to_contain_text("Rebote permanente")
    expect(row.get_by_role("link", name="Un mensaje")).to_be_visible()
    console_page.get_by_role("searchbox").fill("zoe")
    expect(row).to_be_hidden()
    expect(console_page.get_by_role("row", name=re.compile("zoe@"))).to_contain_text("lo pidió por teléfono")
    console_page.get_by_role("searchbox").fill("")

    console_page.get_by_role("button", name="Añadir").click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_label("Dirección").fill("nadie")
    dialog.get_by_role("button", name="Añadir").click()
    expect(dialog.get_by_role("alert")).to_contain_text("No es una dirección de email válida")
    dialog.get_by_label("Dirección").fill("luis@correo.example")
    dialog.get_by_role("button", name="Añadir").click()
    expect(dialog).to_be_hidden()
    expect(console_page.get_by_role("row", name=re.compile("luis@"))).to_contain_text("Añadida a mano")

    row.get_by_role("button", name="Quitar de la lista").click()
    remove = dialog.get_by_role("button", name="Quitar de la lista")
    expect(dialog).to_contain_text("Se suprime la dirección por Marc")
    expect(remove).to_be_disabled()
    dialog.get_by_label("Por qué se quita").fill("cambió de servidor")
    remove.click()
    expect(row).to_be_hidden()
    assert api.calls[-1][1:] == (
        "/v1/suppressions/remove",
        {"address": "ana.ferrandis@correo.example", "note": "cambió de servidor"},
    )


def test_a_list_is_imported_and_says_what_it_could_not_read(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Lista de supresión").click()
    console_page.get_by_role("button", name="Importar").click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Lista").fill("a@b.example\nc@d.example\nmal")
    dialog.get_by_role("button", name="Importar").click()
    expect(dialog.get_by_role("status")).to_contain_text("Añadidas: 2. Ya estaban: 1. Líneas sin dirección: 3.")
    assert api.calls[-1][2]["text"].startswith("a@b.example")


def test_the_brake_names_what_is_wrong_and_is_let_go_of_by_a_person(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Entregabilidad").click()
    alert = console_page.get_by_role("alert")
    expect(alert).to_contain_text("no sale ninguna campaña")
    expect(alert).to_contain_text("Demasiados rebotes")
    expect(alert).to_contain_text("5 %")
    expect(console_page.locator("[data-tile='Rebotes permanentes']")).to_contain_text("60")
    alert.get_by_role("button", name="Soltar el freno").click()
    dialog = console_page.get_by_role("dialog")
    let_go = dialog.get_by_role("button", name="Soltar el freno")
    expect(let_go).to_be_disabled()
    dialog.get_by_label("Qué se ha revisado").fill("lista comprada, borrada")
    let_go.click()
    expect(console_page.get_by_text("El freno está suelto", exact=True)).to_be_visible()
    expect(console_page.get_by_text("lista comprada, borrada")).to_be_visible()


def test_a_job_that_the_system_stopped_says_why_and_is_resumed_after_asking(console_page: Page, api: FakeApi) -> None:
    api.send("cam-355")
    api.jobs[0] |= {"state": "paused", "stopped": "bounces", "parked_until": None}
    console_page.get_by_role("link", name="Trabajos programados").click()
    console_page.get_by_role("link", name=re.compile("Envío de campaña")).click()
    expect(console_page.get_by_role("alert")).to_contain_text("Demasiados rebotes: revise las direcciones.")
    console_page.get_by_role("button", name="Reanudar").click()
    dialog = console_page.get_by_role("dialog")
    expect(dialog).to_contain_text("Demasiados rebotes")
    assert api.calls == []
    dialog.get_by_role("button", name="Reanudar").click()
    expect(dialog).to_be_hidden()
    assert [path for _, path, _ in api.calls] == ["/v1/jobs/j-0/resume"]


def test_the_doctor_says_what_is_wrong_and_what_to_do(console_page: Page) -> None:
    console_page.get_by_role("link", name="Entregabilidad").click()
    doctor = console_page.get_by_role("region", name="Revisión de la entrega")
    checks = doctor.get_by_role("listitem")
    # The worst stands first.
    expect(checks).to_have_count(6)
    assert checks.evaluate_all("all => all.map(one => one.dataset.state)") == [
        "error",
        "warning",
        "warning",
        "unknown",
        "ok",
        "ok",
    ]
    expect(checks.first).to_contain_text("Firma DKIM · huertaturia.example — hay que arreglarlo")
    expect(checks.first).to_contain_text("Siguiente paso: En SES › Identities › huertaturia.example › DKIM")
    expect(checks.last).not_to_contain_text("Siguiente paso")
    console_page.get_by_text("en", exact=True).click()
    expect(console_page.get_by_role("region", name="Delivery check-up")).to_contain_text("press “Edit”")
