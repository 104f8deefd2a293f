"""Compiling in a child process with little time, little memory and none of our credentials.

What people write reaches two parsers here. policy.py refuses the bombs that are known; a source nested so deeply that
the MJML compiler overruns its stack would still end the process it runs in. So it ends this one.
"""

import json
import os
import subprocess
import sys
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.mail_links import MailLinks
from gotero.domain.template import CompiledTemplate, MailContent, Template

CPU_SECONDS = 5
MEMORY_BYTES = 768 * 1024 * 1024
_WALL_SECONDS = 12


class IsolatedRenderer:
    """Compiles apart from this process, and renders in it."""

    def compile(self, template: Template) -> CompiledTemplate:
        answer = _ask(template)
        if "errors" in answer:
            raise InvalidError(*(FieldError(path, rule, tuple(map(tuple, v))) for path, rule, v in answer["errors"]))
        return CompiledTemplate.from_json(answer["compiled"])

    def render(self, compiled: CompiledTemplate, context: dict[str, Any], links: MailLinks) -> MailContent:
        from gotero.adapters.rendering.renderer import TemplateRenderer

        return TemplateRenderer().render(compiled, context, links)


def _ask(template: Template) -> dict[str, Any]:
    command = [sys.executable, "-m", "gotero.adapters.rendering.isolated"]
    # Where modules are found, and nothing else of the environment.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            command,
            input=json.dumps(template.to_json()).encode(),
            capture_output=True,
            timeout=_WALL_SECONDS,
            env=environment,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        reason = "too much time or memory"
        raise InvalidError(FieldError(template.body_key, "template", (("reason", reason),))) from error
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _answer(data: dict[str, Any]) -> dict[str, Any]:
    from gotero.adapters.rendering.renderer import TemplateRenderer

    try:
        return {"compiled": TemplateRenderer().compile(Template.from_json(data)).to_json()}
    except InvalidError as error:
        return {"errors": [[e.path, e.rule, [list(v) for v in e.values]] for e in error.errors]}


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit()
    json.dump(_answer(json.load(sys.stdin)), sys.stdout)
