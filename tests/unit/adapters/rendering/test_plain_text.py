"""The derived text part reads like the mail."""

import pytest

from gotero.adapters.rendering.plain_text import derive
from tests.unit.adapters.rendering.mails import mjml, rendered, template


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Hola</h1><p>Uno\n  dos</p><p>tres</p>", "Hola\n\nUno dos\n\ntres\n"),
        ("a<br>b<br/>c", "a\nb\nc\n"),
        ("<ul><li>uno</li><li>dos</li></ul>", "- uno\n- dos\n"),
        ('<a href="https://x.example/">Aquí</a>.', "Aquí (https://x.example/).\n"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/\n"),
        ('<a href="mailto:a@example.com">Escríbenos</a>', "Escríbenos (a@example.com)\n"),
        ('<a href="https://x.example/"><img src="l.png" alt="Logo"></a>', "Logo (https://x.example/)\n"),
        ('<a href="https://x.example/"><img src="l.png" alt=""></a>', "https://x.example/\n"),
        ("<head><title>t</title><style>p{}</style></head><script>x</script>y", "y\n"),
        ('<div style="display:none">antes<div>x</div></div>después', "después\n"),
        ("<!--[if mso]>Outlook<![endif]--><!--[if !mso]><!-->todos<!--<![endif]-->", "todos\n"),
        ("a<hr>b", "a\n---\nb\n"),
        ("R&amp;D &lt;3 &nbsp; x", "R&D <3 x\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
    ],
)
def test_derive(html: str, text: str) -> None:
    assert derive(html) == text


def test_written_text_part_wins() -> None:
    assert rendered(template("<p>html</p>", text="a mano")).text.startswith("a mano\n")


def test_of_mjml_keeps_the_words_and_the_links() -> None:
    source = mjml('<mj-text><p>Hola {{ x }}</p></mj-text><mj-button href="https://x.example/">Seguir</mj-button>')

    assert rendered(template(mjml=source), {"x": "Lía"}).text.startswith("Hola Lía\n\nSeguir (https://mails.example/c/")
