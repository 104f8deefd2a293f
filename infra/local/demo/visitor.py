"""A visitor of the web site: a real browser where there is one, else the same requests without it."""

import shutil
from pathlib import Path

from infra.local.demo.website import Website, fill_in

#: A fresh browser would otherwise talk to its maker.
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


def fill_in_as_a_visitor(site: Website, typed: dict[str, str]) -> tuple[str, str]:
    """Where the visitor lands, and how it was done."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser:
        try:
            from playwright.sync_api import sync_playwright
        except ImportError:  # it comes with the tests' lock only
            browser = None
    if not browser:
        answer = fill_in(site.contact_page, typed)
        return answer.headers.get("location", f"({answer.status})"), "por HTTP, como lo enviaría un navegador"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(Path(browser)), args=_QUIET)
        page = chromium.new_page()
        page.goto(site.contact_page)
        for name, value in typed.items():
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button").click()
        page.wait_for_url(site.thanks_page)
        landed = page.url
        chromium.close()
    return landed, "con Chromium"
