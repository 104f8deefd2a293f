"""Which calls of DynamoDB the code of a function can make, read from the sources.

From the function's module every name that is used is followed: functions, classes, constants, through the wiring into
services and adapters. A method of a class that is reached counts as reached when anything that is reached names one
so. More is found than ever happens, and never less, but for names that are made up while it runs: there are none.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "layers/shared"
ADAPTERS = "gotero.adapters.dynamodb"
#: What pynamodb's models and transactions do, in the words of IAM.
_VERBS = {
    "get": {"GetItem"},
    "refresh": {"GetItem"},
    "batch_get": {"BatchGetItem"},
    "query": {"Query"},
    "scan": {"Scan"},
    "save": {"PutItem"},
    "update": {"UpdateItem"},
    "delete": {"DeleteItem"},
    "condition_check": {"ConditionCheckItem"},
    "batch_write": {"BatchWriteItem"},
}
Calls = set[tuple[str, str]]


@dataclass
class Module:
    name: str
    #: Name at module level -> what it stands for: a definition here, or (module, name) elsewhere.
    defined: dict[str, ast.AST] = field(default_factory=dict)
    imported: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    #: What is done when it is imported: routes are added, a handler is made.
    done: list[ast.AST] = field(default_factory=list)


@cache
def module(name: str) -> Module | None:
    path = PACKAGE / Path(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return read(name, file) if file.exists() else None


def read(name: str, file: Path) -> Module:
    found = Module(name)
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        found.imported.update(_imports(node))
    for node in tree.body:
        for target in _targets(node):
            found.defined[target] = node
        if isinstance(node, ast.Expr | ast.If | ast.For):
            found.done.append(node)
    return found


def _imports(node: ast.AST) -> Iterator[tuple[str, tuple[str, str | None]]]:
    if isinstance(node, ast.Import):
        yield from ((alias.asname or alias.name, (alias.name, None)) for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from ((alias.asname or alias.name, (node.module, alias.name)) for alias in node.names)


def _targets(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [t.id for t in node.targets if isinstance(t, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


class Reach:
    """Everything that the code behind a module can come to."""

    def __init__(self, start: Module) -> None:
        self._pending: list[tuple[Module, ast.AST]] = []
        self._seen: set[int] = set()
        self._asked: set[tuple[str, str]] = set()
        self.classes: list[tuple[Module, ast.ClassDef]] = []
        self.attributes: set[str] = set()
        self.bodies: list[tuple[Module, ast.AST]] = []
        for node in (*start.defined.values(), *start.done):
            self._follow(start, node)
        self._run()

    def _run(self) -> None:
        while True:
            while self._pending:
                self._read(*self._pending.pop())
            # Methods wait until somebody calls one of that name.
            for home, owner in self.classes:
                for method in owner.body:
                    if isinstance(method, ast.FunctionDef) and (
                        method.name in self.attributes or method.name.startswith("__")
                    ):
                        self._follow(home, method)
            if not self._pending:
                return

    def _follow(self, home: Module, node: ast.AST) -> None:
        if id(node) not in self._seen:
            self._seen.add(id(node))
            self._pending.append((home, node))
            # A router knows the functions that were registered at it: `@router.get("/v1/…")`.
            for target in _targets(node) if isinstance(node, ast.Assign | ast.AnnAssign) else ():
                for other in home.defined.values():
                    if isinstance(other, ast.FunctionDef) and target in _registered_at(other):
                        self._follow(home, other)

    def _read(self, home: Module, node: ast.AST) -> None:
        if isinstance(node, ast.ClassDef):
            self.classes.append((home, node))
            rest: Iterable[ast.AST] = [n for n in node.body if not isinstance(n, ast.FunctionDef)]
            rest = [*rest, *node.bases, *node.decorator_list]
        else:
            self.bodies.append((home, node))
            rest = [node]
        for part in rest:
            for used in ast.walk(part):
                if isinstance(used, ast.Name):
                    self._name(home, used.id)
                elif isinstance(used, ast.Attribute):
                    self.attributes.add(used.attr)
                    if isinstance(used.value, ast.Name):
                        self._member(home, used.value.id, used.attr)

    def _name(self, home: Module, name: str) -> None:
        if name in home.defined:
            self._follow(home, home.defined[name])
        elif name in home.imported:
            self._elsewhere(*home.imported[name])

    def _member(self, home: Module, name: str, attribute: str) -> None:
        """`wiring.records`: a name of a module that was imported whole."""
        where, what = home.imported.get(name, ("", None))
        inside = f"{where}.{what}" if what else where
        if where.startswith("gotero") and module(inside):
            self._elsewhere(inside, attribute)

    def _elsewhere(self, where: str, name: str | None) -> None:
        if not where.startswith("gotero") or name is None or (where, name) in self._asked:
            return
        self._asked.add((where, name))
        target = module(where)
        if target and name in target.defined:
            self._follow(target, target.defined[name])
        elif target and name in target.imported:
            self._elsewhere(*target.imported[name])


def _registered_at(function: ast.FunctionDef) -> set[str]:
    decorators = [d.func for d in function.decorator_list if isinstance(d, ast.Call)]
    return {d.value.id for d in decorators if isinstance(d, ast.Attribute) and isinstance(d.value, ast.Name)}


def calls(app: Path) -> Calls:
    """(table, action) of everything that the function can ask of DynamoDB."""
    reach = Reach(read(f"functions.{app.parent.name}", app))
    found: Calls = set()
    for home, body in reach.bodies:
        if home.name.startswith(ADAPTERS):
            found |= {(table, action) for table in _tables(home, body) for action in _actions(body)}
    return found


def _actions(body: ast.AST) -> set[str]:
    called = {n.func.attr for n in ast.walk(body) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
    return {action for verb in called & _VERBS.keys() for action in _VERBS[verb]}


def _tables(home: Module, body: ast.AST) -> set[str]:
    """Of the items that it names; of all items of its module when it is handed one."""
    named = {n.id for n in ast.walk(body) if isinstance(n, ast.Name)}
    items = _items(home)
    hit = {items[name] for name in named if name in items}
    return hit or set(items.values())


def _items(home: Module) -> dict[str, str]:
    """Name -> table of the items, and of the functions that make one, as this module knows them."""
    items: dict[str, str] = {}
    for name, node in home.defined.items():
        if isinstance(node, ast.ClassDef) and (table := _table(home, node)):
            items[name] = table
    for name, (where, what) in home.imported.items():
        other = module(where) if where.startswith(ADAPTERS) and where != home.name else None
        made = other.defined.get(what) if other and what else None
        if other and isinstance(made, ast.ClassDef) and (table := _table(other, made)):
            items[name] = table
        elif other and isinstance(made, ast.FunctionDef) and isinstance(made.returns, ast.Name):
            returned = other.defined.get(made.returns.id)
            if isinstance(returned, ast.ClassDef) and (table := _table(other, returned)):
                items[name] = table
    return items


def _table(home: Module, item: ast.ClassDef) -> str | None:
    """What stands in `FromEnv("…_TABLE")`, in the class or in what its Meta derives from."""
    for node in ast.walk(item):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FromEnv":
            return str(ast.literal_eval(node.args[0]))
        if isinstance(node, ast.ClassDef) and node is not item:
            for base in node.bases:
                parent = home.defined.get(base.id) if isinstance(base, ast.Name) else None
                if isinstance(parent, ast.ClassDef) and (table := _table(home, parent)):
                    return table
    return None
