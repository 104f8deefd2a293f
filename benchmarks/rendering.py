"""What it costs to make one mail of a compiled template, and to compile one.

PYTHONPATH=layers/shared:. python benchmarks/rendering.py
"""

import json
import os
from collections.abc import Callable

from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.rendering.isolated import IsolatedRenderer
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.mail_context import EXAMPLE
from gotero.domain.mail_links import MailLinks, message_links
from gotero.domain.template import Template

#: DESIGN.md gives the sender 400 mails a second and process: rendering may take a small part of their 2.5 ms.
GOAL_MS = 0.2
SECTION = """<mj-section><mj-column><mj-image src="https://cdn.example/{n}.png" alt="Cesta {n}"/></mj-column>
<mj-column><mj-text><h2>Cesta {n}</h2><p>Hola {{{{ contact.firstname|default('hola') }}}}, esta semana en
{{{{ city|default('tu ciudad') }}}}: naranjas, mandarinas y kakis.</p></mj-text>
<mj-button href="https://huertaturia.example/cestas/{n}?a=1&amp;b=2">Ver</mj-button></mj-column></mj-section>"""


def the_template() -> Template:
    """A newsletter of about 15 KB with six counted links."""
    sections = "".join(SECTION.format(n=n) for n in range(4))
    social = '<mj-section><mj-column><mj-button href="https://twitter.com/huertaturia">Twitter</mj-button></mj-column></mj-section>'
    return Template("bench", "Hola {{ firstname }}", mjml=f"<mjml><mj-body>{sections}{social}</mj-body></mjml>")


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def milliseconds(count: int, work: Callable[[int], object]) -> float:
    """The median of five rounds, in time of this process and its children's: others may be busy."""
    rounds = []
    for _ in range(5):
        begin = _cpu()
        for number in range(count):
            work(number)
        rounds.append((_cpu() - begin) / count * 1000)
    return round(sorted(rounds)[2], 4)


def main() -> None:
    renderer, signer, template = TemplateRenderer(), MemorySigner(), the_template()
    compiled = renderer.compile(template)

    def links(number: int) -> MailLinks:
        return message_links("https://mails.example", signer.sign, f"contacts-{number:026}-job-{number:026}-1")

    figures = {
        "render": milliseconds(1000, lambda number: renderer.render(compiled, EXAMPLE, links(number))),
        "links only": milliseconds(1000, links),
        "compile": milliseconds(20, lambda _: renderer.compile(template)),
        "compile apart": milliseconds(2, lambda _: IsolatedRenderer().compile(template)),
    }
    print(f"one mail of {len(compiled.html) / 1000:.1f} KB with {len(compiled.links)} counted links")
    for name, value in figures.items():
        print(f"{name:16}{value:10.3f} ms")
    print(
        json.dumps(
            {"benchmark": "rendering", "ms": figures, "goal_ms": GOAL_MS, "kb": round(len(compiled.html) / 1000)}
        )
    )


if __name__ == "__main__":
    main()
