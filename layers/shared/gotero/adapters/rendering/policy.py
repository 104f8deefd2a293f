"""What a template may say. Judged on its syntax tree before it ever runs, so that a bomb is refused, not outlived.

No calls, no macros, no imports, no blocks, no attributes of anything but plain data: what is left can read values,
compare them, choose, and repeat a bounded number of times.
"""

from collections.abc import Iterable, Iterator

from jinja2 import nodes
from jinja2.environment import Environment

ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.If,
    nodes.For,
    nodes.Assign,
    nodes.Filter,
    nodes.FilterBlock,
    nodes.Keyword,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Neg,
    nodes.Pos,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
)
#: `{% set a = a ~ a %}`, often enough, doubles a letter into all the memory there is.
_GROWING: tuple[type[nodes.Node], ...] = (nodes.Concat, nodes.List, nodes.Tuple)
_GROWING_FILTERS = frozenset({"replace", "join", "escape", "e", "urlencode"})
_RESERVED_NAMES = frozenset({"self", "super", "caller", "varargs", "kwargs"})
_NODE_LIMIT = 20_000
_SET_LIMIT = 100
LOOP_FILTER = "each of a loop"  # spaces: no template can spell it


class RefusedError(Exception):
    """The template says something that templates may not say."""


def judge(tree: nodes.Template) -> None:
    """Raise RefusedError unless everything in `tree` is allowed; put every loop on its budget."""
    everything = list(_walk(tree))
    if len(everything) > _NODE_LIMIT:
        raise RefusedError("too long")
    if sum(isinstance(node, nodes.Assign) for node in everything) > _SET_LIMIT:
        raise RefusedError(f"more than {_SET_LIMIT} set")
    for node in everything:
        _judge_node(node)
    for loop in [node for node in everything if isinstance(node, nodes.For)]:
        weight = nodes.Const(1 + sum(1 for _ in _walk(loop)))
        loop.iter = nodes.Filter(loop.iter, LOOP_FILTER, [weight], [], None, None, lineno=loop.lineno)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _judge_node(node: nodes.Node) -> None:
    if type(node) not in ALLOWED:
        raise RefusedError(f"line {node.lineno}: {type(node).__name__.lower()}")
    if isinstance(node, nodes.Name) and (node.name.startswith("_") or node.name in _RESERVED_NAMES):
        raise RefusedError(f"line {node.lineno}: {node.name}")
    if isinstance(node, nodes.For) and node.recursive:
        raise RefusedError(f"line {node.lineno}: recursive")
    if isinstance(node, nodes.Assign):
        for part in _walk(node.node):
            if isinstance(part, _GROWING) or (isinstance(part, nodes.Filter) and part.name in _GROWING_FILTERS):
                raise RefusedError(f"line {node.lineno}: set may name a value, not build one")


def fields_of(tree: nodes.Template) -> set[str]:
    """The values that the merge tags read, as dotted paths; names that loops and `set` introduce are not among them."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"} | {"loop"}
    found: set[str] = set()
    _gather(tree, own, found)
    return found


def bare_fields_of(tree: nodes.Template) -> set[str]:
    """The values that are printed without a fallback, and outside of any `if` that asks for them first."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"} | {"loop"}
    found: set[str] = set()
    _gather_bare(tree, own, frozenset(), found)
    return found


def _gather_bare(node: nodes.Node, own: set[str], asked: frozenset[str], found: set[str]) -> None:
    path = _path(node)
    if path:
        if path[0] not in own and ".".join(path) not in asked:
            found.add(".".join(path))
        return
    if isinstance(node, nodes.Filter) and node.name in ("default", "d"):
        return
    if isinstance(node, nodes.If | nodes.CondExpr):
        tested: set[str] = set()
        _gather(node.test, own, tested)
        asked = asked | tested
    if isinstance(node, nodes.For):
        _gather_bare_of(node.body, own, asked, found)  # an empty list prints nothing
        return
    _gather_bare_of([n for n in node.iter_child_nodes() if n is not getattr(node, "test", None)], own, asked, found)


def _gather_bare_of(among: Iterable[nodes.Node], own: set[str], asked: frozenset[str], found: set[str]) -> None:
    for node in among:
        _gather_bare(node, own, asked, found)


def _gather(node: nodes.Node, own: set[str], found: set[str]) -> None:
    path = _path(node)
    if path:
        if path[0] not in own:
            found.add(".".join(path))
        return
    for child in node.iter_child_nodes():
        _gather(child, own, found)


def _path(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Name):
        return [node.name] if node.ctx == "load" else []
    if isinstance(node, nodes.Getattr):
        before = _path(node.node)
        return [*before, node.attr] if before else []
    return []


def parse(environment: Environment, source: str) -> nodes.Template:
    """The judged tree of `source`, ready to be compiled."""
    tree = environment.parse(source)
    judge(tree)
    tree.set_environment(environment)
    return tree
