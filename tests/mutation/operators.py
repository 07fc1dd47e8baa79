"""The six kinds of changes: comparison, boolean, arithmetic, constant, early return and deleted statement.

Left out are docstrings, texts of messages, annotations, decorators, asserts, `if TYPE_CHECKING`, and names of types,
because nothing decides there, and changes that every test would notice, such as the subtraction of two texts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KINDS = ("comparison", "boolean", "arithmetic", "constant", "early return", "deleted statement")

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_LOGIC: dict[type[ast.operator], type[ast.operator]] = {ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
# Calls whose arguments are texts for people, types, or only checks of what is certain.
_WITHOUT_DECISIONS = {"warn", "warn_user", "TypeVar", "cast", "suggest", "quote", "namedtuple", "NewType"}
_CHECKS_OF_ARGUMENTS = {"strict", "stacklevel", "maxsize"}
_LITERALS = (ast.List, ast.Tuple, ast.JoinedStr, ast.Dict, ast.Set, ast.ListComp)
_WITHOUT_EFFECT = (ast.Pass, ast.Import, ast.ImportFrom, ast.Assert)
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a source: the text between two positions (line and byte) is replaced.

    `lines` are those of the statement, `function_lines` those of the function, none in the body of a module or class,
    where `names` are assigned.
    """

    kind: str
    function: str
    line: int
    lines: range
    function_lines: range
    names: tuple[str, ...]
    start: Position
    end: Position
    before: str
    after: str
    text: str


def find_changes(tree: ast.Module) -> Iterator[Change]:
    """Yield each possible change of a module, in the order of the source."""
    yield from _Finder().block(tree.body)


class _Finder:
    """Walks through statements and expressions; holds the function and the statement it is in."""

    def __init__(self) -> None:
        self._scope: list[str] = []
        self._function: ast.FunctionDef | ast.AsyncFunctionDef | None = None
        self._lines = range(0)
        self._names: tuple[str, ...] = ()

    def block(self, body: Sequence[ast.stmt], *, nested: bool = False) -> Iterator[Change]:
        for number, statement in enumerate(body):
            self._lines = _header_lines(statement)
            self._names = () if self._function else (*_stored_names(statement),)
            if self._function and not _is_docstring(statement):
                if nested or number or _returns_none(self._function):
                    yield from self._return_before(statement)
                if _may_be_deleted(statement, self._function, nested=nested):
                    yield self._change("deleted statement", statement, "pass")
            yield from self._statement(statement)

    def _statement(self, statement: ast.stmt) -> Iterator[Change]:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                outer, self._function = self._function, statement
                self._lines = _all_lines(statement)
                self._scope.append(statement.name)
                yield from self._expressions([*statement.args.defaults, *filter(None, statement.args.kw_defaults)])
                yield from self.block(statement.body)
                self._scope.pop()
                self._function = outer
            case ast.ClassDef():
                outer, self._function = self._function, None
                self._scope.append(statement.name)
                yield from self.block(statement.body)
                self._scope.pop()
                self._function = outer
            case (
                ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assert() | ast.Raise() | ast.Import() | ast.ImportFrom()
            ):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("__"):
                pass
            case ast.AnnAssign():
                yield from self._expressions([statement.value] if statement.value else [])
            case ast.AugAssign():
                yield from self._augmented(statement)
                yield from self._expressions([statement.value])
            case _ if not _is_docstring(statement):
                if isinstance(statement, ast.If | ast.While):
                    for kind, original, other in _negated(statement.test):
                        yield self._change(kind, original, f"({ast.unparse(other)})")
                yield from self._parts(statement)

    def _parts(self, statement: ast.stmt) -> Iterator[Change]:
        """Yield the changes of the expressions of a statement, then those of the blocks in it."""
        blocks: list[list[ast.stmt]] = []
        for _, value in ast.iter_fields(statement):
            parts = value if isinstance(value, list) else [value]
            if parts and isinstance(parts[0], ast.stmt):
                blocks.append(parts)
                continue
            for part in parts:
                yield from self._expressions(_expressions_of(part))
                if isinstance(part, ast.ExceptHandler | ast.match_case):
                    blocks.append(part.body)
        for body in blocks:
            if isinstance(statement, ast.If) and _is_elif(statement, body[0]):
                self._lines = _header_lines(body[0])
                yield from self._statement(body[0])
            else:
                yield from self.block(body, nested=True)

    def _expressions(self, nodes: Sequence[ast.expr]) -> Iterator[Change]:
        for node in nodes:
            yield from self._expression(node)
            yield from self._expressions(_operands(node))

    def _expression(self, node: ast.expr) -> Iterator[Change]:
        for kind, original, other in _replacements(node):
            yield self._change(kind, original, f"({ast.unparse(other)})")

    def _augmented(self, statement: ast.AugAssign) -> Iterator[Change]:
        others = {**_ARITHMETIC, **_LOGIC}
        if (other := others.get(type(statement.op))) and not isinstance(statement.value, _LITERALS):
            kind = "boolean" if type(statement.op) in _LOGIC else "arithmetic"
            changed = ast.AugAssign(statement.target, other(), statement.value)
            yield self._change(kind, statement, ast.unparse(changed))

    def _return_before(self, statement: ast.stmt) -> Iterator[Change]:
        returns_nothing = isinstance(statement, ast.Return) and ast.unparse(statement) in {"return", "return None"}
        if returns_nothing or isinstance(statement, _WITHOUT_EFFECT) or getattr(statement, "decorator_list", None):
            return
        if isinstance(statement, ast.AnnAssign) and statement.value is None:
            return
        before = ast.unparse(statement).split("\n")[0]
        start = statement.lineno, statement.col_offset
        indent = "\n" + " " * statement.col_offset
        yield self._made("early return", start, start, before, f"return before: {before}", f"return{indent}")

    def _change(self, kind: str, node: ast.expr | ast.stmt, text: str) -> Change:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start, end = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
        return self._made(kind, start, end, ast.unparse(node), text, text)

    def _made(self, kind: str, start: Position, end: Position, before: str, after: str, text: str) -> Change:
        of_function = _all_lines(self._function) if self._function else range(0)
        scope = ".".join(self._scope)
        return Change(kind, scope, start[0], self._lines, of_function, self._names, start, end, before, after, text)


Replacement = tuple[str, ast.expr, ast.expr]


def _replacements(node: ast.expr) -> Iterator[Replacement]:
    """Yield a kind, an expression (the node or a part of it), and what replaces it."""
    match node:
        case ast.Compare(ops=[_]):
            yield from _compared(node)
        case ast.BoolOp():
            yield from _joined(node)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub() as operation, operand=operand):
            yield "arithmetic" if isinstance(operation, ast.USub) else "boolean", node, operand
        case ast.BinOp():
            yield from _binary(node)
        case ast.IfExp(test=test):
            yield from _negated(test)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for test in (test for generator in node.generators for test in generator.ifs):
                yield from _negated(test)
        case ast.Constant(value=bool() as value):
            yield "boolean", node, ast.Constant(not value)
        case ast.Constant(value=int() | float() as number):
            yield "constant", node, ast.Constant(number + 1)


def _compared(node: ast.Compare) -> Iterator[Replacement]:
    for other in _COMPARISONS[type(node.ops[0])]:
        yield "comparison", node, ast.Compare(node.left, [other()], node.comparators)
    constant = node.comparators[0]
    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
        yield "constant", constant, ast.Constant(constant.value + "x")


def _joined(node: ast.BoolOp) -> Iterator[Replacement]:
    """Yield the other operation, and the operation without each of its operands."""
    yield "boolean", node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for value in node.values:
        rest = [other for other in node.values if other is not value]
        yield "boolean", node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _negated(test: ast.expr) -> Iterator[Replacement]:
    """Yield the opposite of a condition that is not itself a comparison or a boolean operation."""
    if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr | ast.Subscript):
        yield "boolean", test, ast.UnaryOp(ast.Not(), test)


def _binary(node: ast.BinOp) -> Iterator[Replacement]:
    sides = (node.left, node.right)
    if any(isinstance(side, _LITERALS) or _is_text(side) for side in sides):
        return
    if arithmetic := _ARITHMETIC.get(type(node.op)):
        yield "arithmetic", node, ast.BinOp(node.left, arithmetic(), node.right)
    if (logic := _LOGIC.get(type(node.op))) and not any(map(_is_type, sides)):
        yield "boolean", node, ast.BinOp(node.left, logic(), node.right)


def _expressions_of(part: object) -> list[ast.expr]:
    """Return the expressions of a part of a statement that is not a block."""
    match part:
        case ast.expr():
            return [part]
        case ast.withitem():
            return [part.context_expr]
        case ast.match_case():
            return [part.guard] if part.guard else []
    return []


def _is_elif(statement: ast.If, inner: ast.stmt) -> bool:
    """Return whether the inner statement is the `elif` of an `if`, not a statement that can be replaced."""
    return isinstance(inner, ast.If) and inner.col_offset == statement.col_offset


def _operands(node: ast.expr) -> list[ast.expr]:
    """Return the expressions of an expression that may be changed."""
    operands = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    match node:
        case ast.JoinedStr() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            operands = []
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            arguments = [keyword.value for keyword in node.keywords if keyword.arg not in _CHECKS_OF_ARGUMENTS]
            is_message = name in _WITHOUT_DECISIONS or name.endswith(("Error", "Warning"))
            operands = [] if is_message else [node.func, *node.args, *arguments]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            operands += [part for generator in node.generators for part in (generator.iter, *generator.ifs)]
        case ast.Lambda():
            operands = [node.body]
    return operands


def _header_lines(statement: ast.stmt) -> range:
    """Return the lines of a statement; of one with a block, those before the block."""
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if not body:
        return _all_lines(statement)
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return range(statement.lineno, max(first, statement.lineno + 1))


def _all_lines(statement: ast.stmt) -> range:
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _is_type(node: ast.expr) -> bool:
    """Return whether an operand is None or looks like the name of a type."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    is_none = isinstance(node, ast.Constant) and node.value is None
    return is_none or name in {"int", "str", "float", "bool", "bytes", "list", "dict"} or name.istitle()


def _returns_none(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return isinstance(function.returns, ast.Constant) and function.returns.value is None


def _may_be_deleted(statement: ast.stmt, function: ast.FunctionDef | ast.AsyncFunctionDef, *, nested: bool) -> bool:
    """Return whether the function still runs to its end without the statement; unbound names prove nothing."""
    match statement:
        case ast.Expr() | ast.AugAssign() | ast.Continue() | ast.Break() | ast.For() | ast.Delete():
            return True
        case ast.Raise() | ast.Return():
            return nested
        case ast.If(orelse=[], test=test):
            return not (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING")
        case ast.Assign(targets=[ast.Name(id=name)]):
            return any(name == other for other in _names_before(function, statement.lineno))
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            return function.name != "__init__"
    return False


def _names_before(function: ast.FunctionDef | ast.AsyncFunctionDef, line: int) -> Iterator[str]:
    arguments = function.args
    yield from (argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
    yield from (name for name, stored_at in _stored(function) if stored_at < line)


def _stored_names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        yield from (name for name, _ in _stored(statement))


def _stored(node: ast.AST) -> Iterator[tuple[str, int]]:
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id, child.lineno
