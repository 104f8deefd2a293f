"""A visitor of the web site: a real browser where there is one, else the same requests without it."""

from dataclasses import dataclass

from infra.local import chromium
from infra.local.demo.website import Website, fill_in

BY_HTTP = "por HTTP, como lo enviaría un navegador"


@dataclass(frozen=True)
class Visit:
    landed: str
    by: str  # how it was done, as the story tells it
    advice: str = ""  # what would make it a real browser


def fill_in_as_a_visitor(site: Website, typed: dict[str, str]) -> Visit:
    browser = chromium.path()
    if browser is None:
        return _by_http(site, typed, f"sin navegador en esta máquina; para verlo con uno: {chromium.INSTALL}")
    from playwright.sync_api import Error, sync_playwright  # a third of a second, and only needed here

    with sync_playwright() as play:
        try:
            opened = play.chromium.launch(executable_path=browser, args=chromium.ARGUMENTS)
        except Error as error:  # a path that leads to nothing that runs
            return _by_http(site, typed, f"{browser} no arranca: {error.message.splitlines()[0]}")
        page = opened.new_page(locale="es-ES")
        page.goto(site.contact_page)
        for name, value in typed.items():
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button").click()
        page.wait_for_url(f"{site.thanks_page}*")
        visit = Visit(page.url, "con Chromium")
        opened.close()
    return visit


def _by_http(site: Website, typed: dict[str, str], advice: str) -> Visit:
    answer = fill_in(site.contact_page, typed)
    return Visit(
        answer.headers.get("location", f"({answer.status})"), "por HTTP, como lo enviaría un navegador", advice
    )
