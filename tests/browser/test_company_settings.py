"""The settings of the house: read, changed, refused with the field named, kept."""

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi


def _save(page: Page) -> None:
    save = page.get_by_role("button", name="Guardar")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        save.click()
    expect(save).to_be_enabled()


def test_the_company_is_changed_and_what_is_wrong_is_named(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Ajustes").click()
    delay = console_page.get_by_label("Minutos de espera antes de enviar")
    expect(delay).to_have_value("5")
    delay.fill("15")
    domains = console_page.get_by_role("combobox", name="Dominios verificados")
    domains.fill("huerta.es")
    domains.press("Enter")
    page = console_page.get_by_label("Página de baja propia")
    page.fill("http://huerta.es/baja")
    api.refused = [("landing_page", "Tiene que empezar por https.")]
    console_page.get_by_role("button", name="Guardar").click()
    expect(page).to_have_attribute("aria-invalid", "true")
    expect(page).to_be_focused()
    api.refused = []
    page.fill("https://huerta.es/baja")
    _save(console_page)
    expect(console_page.get_by_text("Guardado")).to_be_visible()
    sent = api.settings["company"]
    assert (sent["send_delay_minutes"], sent["landing_page"]) == (15, "https://huerta.es/baja")
    assert sent["verified_domains"] == ["huertaturia.example", "huerta.es"]
    # What the page does not show stays.
    assert sent["seed_list"] == ["control@huertaturia.example"]


def test_numbers_limits_and_shares_are_written_as_the_api_reads_them(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Ajustes").click()

    console_page.get_by_role("tab", name="Numeración").click()
    campaigns = console_page.get_by_role("group", name="Campañas")
    contacts = console_page.get_by_role("group", name="Contactos", exact=True)
    expect(contacts).to_contain_text("El próximo: CON-000121")
    # What was once set and has been reached says nothing any more.
    expect(contacts.get_by_label("Siguiente")).to_have_value("")
    campaigns.get_by_label("Prefijo").fill("MAIL-")
    campaigns.get_by_label("Siguiente").fill("400")
    expect(campaigns).to_contain_text("→ al guardar: MAIL-400")
    _save(console_page)
    assert api.settings["numbers"] == {
        "contacts": {"prefix": "CON-", "padding": 6, "next": 120},
        "campaigns": {"prefix": "MAIL-", "next": 400},
    }

    console_page.get_by_role("tab", name="Entregabilidad").click()
    console_page.get_by_label("Límite de rebotes permanentes").fill("3,5")
    _save(console_page)

    assert api.settings["deliverability"]["bounce_limit"] == 0.035
    console_page.get_by_role("tab", name="Proveedores").click()
    console_page.get_by_role("switch", name="Usar SendGrid").click()
    console_page.get_by_label("Referencia de la clave").fill("arn:aws:ssm:eu-west-1:123456789012:parameter/x")
    _save(console_page)
    assert api.settings["transports"]["sendgrid"]["region"] == "global"

    console_page.get_by_role("tab", name="Visibilidad").click()
    expect(console_page.get_by_role("group", name="Compartido 1")).to_be_visible()
    console_page.get_by_role("button", name="Quitar 1").click()
    _save(console_page)
    assert api.settings["visibility"] == {"private": ["leads"], "shares": []}
    assert [path for _, path, _ in api.calls] == [
        f"/v1/settings/{id}" for id in ("numbers", "deliverability", "transports", "visibility")
    ]
