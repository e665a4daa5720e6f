"""Makes the mutants: one small change each in the body of a function.

Left out is the wording of messages, by one rule: a text with a letter and a blank in it is read by
people, and so is what is passed to an exception by position. Nothing in either is changed. What
is passed to an exception by name is data, and whether a text is there at all is behavior. Also left
out: docstrings, annotations, defaults, decorators, and what stands outside of functions.
"""

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Mutant(NamedTuple):
    """One change: `change` tells it, and with `function` it is found again after other edits."""

    module: str
    """Its path within the library, without the ending."""
    function: str
    change: str
    lines: range
    """The lines of the statement; a test that runs none of them cannot notice."""
    tree: ast.Module
    """The module, shared by all of its mutants."""
    holder: ast.AST
    field: str
    place: int | None
    """In the field, where that is a list."""
    new: ast.AST

    @property
    def name(self) -> str:
        return f"{self.function}: {self.change}"

    def apply(self) -> ast.Module:
        """The module with the change in it. It cannot be undone."""
        if self.place is None:
            setattr(self.holder, self.field, self.new)
        else:
            getattr(self.holder, self.field)[self.place] = self.new
        return ast.fix_missing_locations(self.tree)


def mutants(path: Path, module: str) -> list[Mutant]:
    """Every mutant of a module."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    tree = ast.parse(path.read_text("utf-8"))
    for name, function in functions(tree.body):
        for holder, field, place, node, lines in _places(function, range(0)):
            if isinstance(node, ast.FunctionDef):
                continue
            for change, new in _changes(node):
                seen[name, change] += 1
                again = seen[name, change]
                told = change if again == 1 else f"{change} ({again})"
                found.append(Mutant(module, name, told, lines, tree, holder, field, place, new))
    return found


# --- Where ----------------------------------------------------------------------------------------

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_NOT_RUN = {"annotation", "returns", "decorator_list", "type_params", "defaults", "kw_defaults"}


def functions(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, _Function]]:
    """The functions and methods of a module, by qualified name; those inside one belong to it."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield within + node.name, node
            case ast.ClassDef():
                yield from functions(node.body, f"{within}{node.name}.")
            case ast.If() if ast.unparse(node.test) == "TYPE_CHECKING":
                yield from functions(node.orelse, within)
            case ast.If():
                yield from functions([*node.body, *node.orelse], within)


_Place = tuple[ast.AST, str, int | None, ast.AST, range]


def _places(holder: ast.AST, lines: range) -> Iterator[_Place]:
    for field, value in ast.iter_fields(holder):
        if field in _NOT_RUN:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or is_wording(node):
                continue
            if field == "args" and _is_exception(holder):
                continue  # its message
            if isinstance(node, ast.stmt):
                lines = _head(node)
            yield holder, field, index, node, lines
            yield from _places(node, lines)


def _head(node: ast.stmt) -> range:
    """The lines of a statement, without those of the statements inside it."""
    body = getattr(node, "body", None)
    end = body[0].lineno - 1 if body else node.end_lineno
    return range(node.lineno, max(end or 0, node.lineno) + 1)


def is_wording(node: ast.AST) -> bool:
    """A text for people: with a letter and a blank in it. A docstring is one too."""
    match node:
        case ast.Constant(value=str(text)):
            return re.search(r"[^\W\d]", text) is not None and " " in text
        case ast.JoinedStr(values=values):
            text = "".join(str(v.value) for v in values if isinstance(v, ast.Constant))
            return " " in text
        case ast.Expr(value=ast.Constant()):
            return True
    return False


def _is_exception(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error")


# --- What -----------------------------------------------------------------------------------------

_Change = tuple[str, ast.AST]

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Div,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
    ast.USub: ast.UAdd,
    ast.Continue: ast.Break,
    ast.Break: ast.Continue,
}
_METHODS = [
    ("lower", "upper"),
    ("lstrip", "rstrip"),
    ("find", "rfind"),
    ("index", "rindex"),
    ("removeprefix", "removesuffix"),
    ("partition", "rpartition"),
    ("startswith", "endswith"),
    ("any", "all"),
    ("min", "max"),
    ("add", "discard"),
]
_OTHER_NAME = {**dict(_METHODS), **{new: old for old, new in _METHODS}}


def _changes(node: ast.AST) -> Iterator[_Change]:
    """The changes of one node. Each is made on a copy."""
    told = _short(node)
    for field, value in _conditions(node):
        new = copy.copy(node)
        setattr(new, field, ast.UnaryOp(ast.Not(), value))
        yield f"{field} of {told}: not", new
    match node:
        case ast.Constant():
            yield from ((f"{told} -> {one!r}", ast.Constant(one)) for one in _constants(node.value))
        case ast.JoinedStr():
            yield f"{told} -> 'XX'", ast.Constant("XX")
        case ast.Lambda():
            yield f"{told} -> None", ast.Lambda(node.args, ast.Constant(None))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"{told} -> without not", operand
        case ast.IfExp(body=body, orelse=orelse):
            yield f"{told} -> always", body
            yield f"{told} -> never", orelse
        case ast.Call():
            yield from _call(node)
        case ast.Continue() | ast.Break():
            swapped = _SWAPS[type(node)]()
            yield f"{told} -> {_short(swapped)}", swapped
        case ast.stmt():
            yield from _statement(node)
    for field in ("op", "ops"):
        yield from _swapped(node, field)


def _constants(value: object) -> list[bool | float | str]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str():
            return [f"XX{value}XX"]
    return []


def _statement(node: ast.stmt) -> Iterator[_Change]:
    told = _short(node)
    match node:
        case ast.Assign() | ast.AnnAssign() if node.value is not None:
            new = copy.copy(node)
            new.value = ast.Constant("" if _is_none(node.value) else None)
            yield f"{told} -> {ast.unparse(new.value)}", new
        case ast.AugAssign() if not is_wording(node.value):
            yield f"{told} -> =", ast.Assign([node.target], node.value)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield f"{told} -> None", ast.Return(ast.Constant(None))


def _conditions(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The conditions that no other change turns round."""
    turned = ast.Compare | ast.BoolOp | ast.UnaryOp
    if isinstance(node, ast.If | ast.While) and not isinstance(node.test, turned):
        yield "test", node.test


def _swapped(node: ast.AST, field: str) -> Iterator[_Change]:
    if isinstance(node, ast.AugAssign):
        return  # has a change of its own
    given = getattr(node, field, None)
    for at, operator in enumerate(given if isinstance(given, list) else [given]):
        if type(operator) in _SWAPS:
            new = copy.copy(node)
            swapped = _SWAPS[type(operator)]()
            whole = [*given[:at], swapped, *given[at + 1 :]] if isinstance(given, list) else swapped
            setattr(new, field, whole)
            yield f"{_short(node)} -> {_short(new)}", new


def _call(node: ast.Call) -> Iterator[_Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if name in _OTHER_NAME:
        other = _OTHER_NAME[name]
        new = copy.copy(node)
        if isinstance(node.func, ast.Attribute):
            new.func = ast.Attribute(node.func.value, other, ast.Load())
        else:
            new.func = ast.Name(other, ast.Load())
        yield f"{_short(node)} -> {other}", new
    given: list[ast.expr | ast.keyword] = [*node.keywords]
    if not _is_exception(node):
        given = [*node.args, *given]
    for argument in given:
        value = argument.value if isinstance(argument, ast.keyword) else argument
        if isinstance(value, ast.Starred) or _is_none(value):
            continue
        told = f"{_short(node.func)}(… {_short(argument)} …)"
        yield f"{told} -> None", _without(node, argument)


def _without(node: ast.Call, argument: ast.expr | ast.keyword) -> ast.Call:
    none = ast.Constant(None)
    return ast.Call(
        node.func,
        [none if one is argument else one for one in node.args],
        [ast.keyword(one.arg, none) if one is argument else one for one in node.keywords],
    )


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _short(node: ast.AST) -> str:
    told = " ".join(ast.unparse(node).split()) if not isinstance(node, ast.stmt) else _line(node)
    return told if len(told) <= 70 else f"{told[:50]} … {told[-17:]}"


def _line(node: ast.stmt) -> str:
    return ast.unparse(node).split("\n", 1)[0].strip()
