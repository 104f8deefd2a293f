"""The company's settings, and the next numbers."""

from typing import Any

import pytest

from gotero.domain.errors import InvalidError
from gotero.domain.numbering import Numbering
from gotero.services.foresee_numbers import foresee_numbers
from gotero.services.save_segment import create_segment
from gotero.services.save_settings import read_settings, save_settings, usual_numbering
from tests.unit.services.office import BY_MARC, MARC, Office

COMPANY = {"name": "Huerta del Turia", "address": "Calle 1, València", "sender": "hola@huertaturia.example"}


def save(office: Office, id: str, data: Any) -> Any:
    return save_settings(office.definer, office.writer.numbers, id, data, cause=BY_MARC)


def test_what_is_saved_is_read_with_its_defaults() -> None:
    office = Office()
    save(office, "company", COMPANY)
    assert read_settings(office.definitions, "company")["zone"] == "Europe/Madrid"
    save(office, "company", {**COMPANY, "zone": "Atlantic/Canary"})
    assert read_settings(office.definitions, "company")["zone"] == "Atlantic/Canary"


@pytest.mark.parametrize("zone", ["Europe", "Mars/Base", "../etc/passwd", "/etc/localtime"])
def test_a_zone_is_one(zone: str) -> None:
    with pytest.raises(InvalidError) as refused:
        save(Office(), "company", {**COMPANY, "zone": zone})
    assert [(e.path, e.rule) for e in refused.value.errors] == [("zone", "zone")]


def test_numbers_go_on_from_what_is_said_and_nothing_else_moves() -> None:
    office = Office()
    assert save(office, "numbers", {"campaigns": 355, "contacts": None}) == {"campaigns": 355}
    assert office.writer.numbers.draw("campaigns", 1, Numbering("CAM")) == ["CAM355"]
    assert office.writer.numbers.draw("contacts", 1, Numbering("CON-")) == ["CON-1"]
    as_shown = {"segments": {"prefix": "LST/", "padding": 3, "next": 20}, "campaigns": {"prefix": "", "padding": 6}}
    assert save(office, "numbers", as_shown) == {
        "campaigns": {"prefix": "", "padding": 6, "next": None},
        "segments": {"prefix": "LST/", "padding": 3, "next": 20},
    }
    made = create_segment(office.definer, office.writer.numbers, {"name": "a"}, owner=MARC, cause=BY_MARC)
    assert made.data["number"] == "LST/020"
    assert office.writer.numbers.draw("campaigns", 1, Numbering("CAM")) == ["000356"]
    with pytest.raises(InvalidError):
        foresee_numbers(office.writer.numbers, {"campaigns": 0})
    with pytest.raises(InvalidError):
        save(office, "numbers", {"nothing": 1})


def test_the_next_number_is_the_one_that_will_be_drawn_now_and_once_the_settings_are_saved() -> None:
    office = Office()
    numbers = office.writer.numbers
    numbers.draw("contacts", 6, Numbering("CON-"))

    def foreseen(data: Any) -> dict[str, str]:
        return {each["kind"]: each["number"] for each in foresee_numbers(numbers, data)["items"]}

    now = foreseen({})
    assert (now["contacts"], now["campaigns"], now["segments"]) == ("CON-7", "CAM1", "SEGL-0000001")
    for settings in (
        {"contacts": {"next": 4}},
        {"contacts": {"prefix": "C/", "padding": 4}, "campaigns": 355},
        {"contacts": {"prefix": "C/", "padding": 4, "next": 20}},
        {"campaigns": {"prefix": "M-"}},
    ):
        before, told = foreseen({}), foreseen(settings)
        assert foreseen({}) == before  # asking changes nothing
        save(office, "numbers", settings)
        assert foreseen({}) == told
        for kind in ("contacts", "campaigns"):
            assert numbers.draw(kind, 1, usual_numbering()[kind]) == [told[kind]]


@pytest.mark.parametrize(
    "page",
    [
        "http://x.example",
        "https://",
        "https://u@x.example",
        "https://x.example\\@y.example",
        "javascript:alert(1)",
        "https://10.0.0.1/",
        "https://x.example/#a",
        "https://x.example:0/",
        "https://x .example",
        "https://x.example:99999",
    ],
)
def test_a_landing_page_is_one_that_every_browser_reads_the_same(page: str) -> None:
    with pytest.raises(InvalidError) as refused:
        save(
            Office(),
            "company",
            {**COMPANY, "landing_page": page, "unsubscribe_mail": "nobody", "seed_list": ["a@x.example", "x"]},
        )
    assert [(e.path, e.rule) for e in refused.value.errors] == [
        ("landing_page", "https"),
        ("unsubscribe_mail", "email"),
        ("seed_list[1]", "email"),
    ]
    save(
        Office(),
        "company",
        {**COMPANY, "landing_page": "https://www.x.example:8443/a?b=c", "unsubscribe_mail": "a@x.example"},
    )
