"""Jinja2 for mails: the sandbox of Jinja2, hardened, because on its own it stops escapes and no bombs."""

from functools import lru_cache
from typing import Any, NoReturn

from jinja2 import ChainableUndefined, Template
from jinja2.exceptions import TemplateError, TemplateRuntimeError
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from gotero.adapters.rendering.filters import BUDGET, FILTERS, LANGUAGE, LINKS
from gotero.adapters.rendering.policy import RefusedError, bare_fields_of, fields_of, parse
from gotero.domain.mail_links import MailLinks
from gotero.domain.template import MAIL_LIMIT

OUTPUT_LIMIT = MAIL_LIMIT
#: Nodes of the syntax tree that all loops of one mail may visit together.
LOOP_BUDGET = 50_000
_NUMBER_LIMIT = 10**15
_LOOP_ATTRIBUTES = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth"})
_TESTS = (
    *("defined", "undefined", "none", "string", "number", "boolean", "integer", "float", "mapping", "sequence"),
    *("iterable", "true", "false", "odd", "even", "divisibleby", "in", "lower", "upper", "==", "!=", "<", "<=", ">"),
    *(">=", "eq", "equalto", "ne", "lt", "lessthan", "le", "gt", "greaterthan", "ge"),
)


class GrownError(TemplateRuntimeError):
    """The output goes beyond OUTPUT_LIMIT."""


class Missing(ChainableUndefined):
    """A missing field: empty, as is a field of a missing record; and neither more nor less than anything."""

    __slots__ = ()

    def _no(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _no  # type: ignore[assignment]  # the base class says that they never answer


class MailEnvironment(ImmutableSandboxedEnvironment):
    """No globals, few filters, no attributes, numbers that stay small, nothing that grows without end."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, *, autoescape: bool) -> None:
        super().__init__(
            autoescape=autoescape,
            undefined=Missing,
            finalize=_printed,
            # CSS says `{#` and means no comment; comments are taken out before.
            comment_start_string="{##",
            comment_end_string="##}",
            keep_trailing_newline=True,
        )
        self.globals = {}
        self.filters = dict(FILTERS)
        self.tests = {name: TESTS[name] for name in _TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`a.b` is the item b of plain data: a field called `items` is the field, and nothing has attributes."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP_ATTRIBUTES:
            return getattr(obj, attribute)
        return obj if isinstance(obj, Undefined) else self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, str | list | tuple | dict):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return self.undefined(obj=obj, name=argument)
        return obj if isinstance(obj, Undefined) else self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        for operand in (left, right):
            if operand is None or isinstance(operand, Undefined):
                return self.undefined(name=operator)
            if not isinstance(operand, int | float) or abs(operand) > _NUMBER_LIMIT:
                raise TemplateRuntimeError("arithmetic is for numbers")
        return super().call_binop(context, operator, left, right)

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def call(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TemplateRuntimeError("nothing may be called")


def _printed(value: Any) -> Any:
    """What `{{ … }}` prints: nothing for nothing, a list by its items, and never a whole record."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value if isinstance(part, str | int | float))
    return value


_HTML = MailEnvironment(autoescape=True)
_TEXT = MailEnvironment(autoescape=False)


def fields(source: str) -> set[str]:
    """The values that the merge tags of `source` read; TemplateError or RefusedError if it may not run."""
    try:
        _compiled(source, html=True)
        return fields_of(_HTML.parse(source))
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
        raise RefusedError(type(error).__name__) from error


def bare_fields(source: str) -> set[str]:
    """Those that are printed without a fallback; of a source that `fields` has taken."""
    return bare_fields_of(_HTML.parse(source))


@lru_cache(maxsize=256)
def _compiled(source: str, *, html: bool) -> Template:
    """Compiling takes milliseconds, rendering a tenth of one: a sender meets the same few sources again and again."""
    environment = _HTML if html else _TEXT
    return environment.from_string(parse(environment, source))


def render(source: str, context: dict[str, Any], links: MailLinks, language: str, *, html: bool) -> str:
    """`source` with the values of `context`; TemplateError when it cannot be, or goes beyond its limits."""
    values = {**context, LINKS: links, BUDGET: [LOOP_BUDGET], LANGUAGE: language}
    parts: list[str] = []
    size = 0
    try:
        for part in _compiled(source, html=html).generate(values):
            size += len(part)
            if size > OUTPUT_LIMIT:
                raise GrownError
            parts.append(part)
    except TemplateError:
        raise
    except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError, MemoryError) as error:
        raise TemplateRuntimeError(type(error).__name__) from error
    return "".join(parts)
