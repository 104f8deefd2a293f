"""What a template brings and what a send has chosen beside it: together they are one mail's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.document import GENERATED_BYTES, MAIL_BYTES, MOST, NOTHING, Enclosed
from gotero.domain.enclosure import ANYTHING, Known, Purpose, enclosed_things, enclosure_errors, joined

KINDS = ("documents", "document_templates")
IDS = st.lists(st.sampled_from("abcdefghijklmn"), unique=True, max_size=MOST).map(tuple)
CHOSEN = st.builds(Enclosed, IDS, IDS)
CAMPAIGN = Purpose("campaigns")


def told(*given: object) -> list[tuple[str, str]]:
    return [(e.path, e.rule) for e in enclosure_errors(*given)]  # type: ignore[arg-type]  # as the rule takes them


@settings(max_examples=60)
@given(CHOSEN, CHOSEN, st.dictionaries(st.sampled_from("abcdefghijklmn"), st.integers(1, MAIL_BYTES)))
def test_each_goes_along_once_and_together_they_fit(brought: Enclosed, chosen: Enclosed, sizes: dict[str, int]) -> None:
    together = list(enclosed_things(joined(brought, chosen)))
    assert sorted(together) == sorted({*enclosed_things(brought), *enclosed_things(chosen)})
    assert list(enclosed_things(joined(joined(brought, chosen), chosen))) == together
    known = {("documents", id): Known(id, sizes.get(id, 1)) for id in "abcdefghijklmn"}
    known |= {("document_templates", id): Known(id, GENERATED_BYTES, "contacts") for id in "abcdefghijklmn"}
    heavy = sum(known[named].size for named in together) > MAIL_BYTES
    many = [kind for kind in KINDS if sum(named[0] == kind for named in together) > MOST]
    rules = [rule for _, rule in told(chosen, known, CAMPAIGN, brought)]
    assert rules.count("mail_files_too_many") == len(many)
    assert any(rule.startswith("mail_files_too_large") for rule in rules) == heavy


def test_what_is_wrong_is_told_by_who_named_it() -> None:
    letter, dunning = Known("Carta", GENERATED_BYTES, "contacts"), Known("Reclamación", GENERATED_BYTES, "invoices")
    known = {
        ("documents", "d1"): Known("Tarifas", 9),
        **{("document_templates", n): k for n, k in (("c", letter), ("r", dunning))},
    }
    brought = Enclosed(("d1", "gone"), ("r",))
    chosen = Enclosed(("d1", "lost"), ("c", "r"))
    assert told(chosen, known, CAMPAIGN, brought) == [
        ("documents[1]", "not_found"),
        ("document_templates[1]", "document_module"),
        ("template_id", "template_not_found"),
        ("template_id", "template_document_module"),
    ]
    (named,) = enclosure_errors(NOTHING, known, CAMPAIGN, Enclosed((), ("r",)))
    assert named.values == (("name", "Reclamación"),)
    for purpose in (ANYTHING, Purpose("invoices")):
        assert told(Enclosed(("d1",), ("c", "r")), known, purpose, Enclosed((), ("r",))) == []


@pytest.mark.parametrize(
    ("brought", "chosen", "error"),
    [
        (("large",), ("more",), ("documents", "mail_files_too_large_together")),
        (("large", "more"), (), ("template_id", "mail_files_too_large_together")),
        ((), ("large", "more"), ("documents", "mail_files_too_large")),
    ],
)
def test_too_much_is_told_where_it_can_be_changed(
    brought: tuple[str, ...], chosen: tuple[str, ...], error: tuple[str, str]
) -> None:
    known = {("documents", "large"): Known("a", MAIL_BYTES), ("documents", "more"): Known("b", 1)}
    assert told(Enclosed(chosen), known, CAMPAIGN, Enclosed(brought)) == [error]
    assert told(Enclosed(("large",)), known, CAMPAIGN, Enclosed(("large",))) == []
