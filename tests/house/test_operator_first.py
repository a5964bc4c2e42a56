"""Whatever answers a person or a program reaches rows of operators by the operator first.

Looked for in the source of pages, API, register, tiles and reports: every `Model.objects` of a model that is an
operator's. The question must name the operator (`.of`, `.visible_to`, `operator=…`), or begin at an object that was
found so (`lot=lot`, `pk=upload.pk`); an id as it stands in an address is no such object. Flows and tasks take ids
from the queue and work for all operators; tests/tenancy looks at what they tell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.house.test_operator_leads import BY_THEIR_LOT, BY_THEIR_PARENT, UNDER_ANOTHER, names_operator
from tests.house.tree import ROOT, modules, shown

DOORS = re.compile(
    r"config/|(fleet|risk|vendors|ledger)/(api/|api\.py|admin\.py|dashboard/|reports/(?!mailing|tasks|writing))"
)
NARROWING = {"of", "visible_to", "none", "open_to"}
NAMES_OPERATOR = re.compile(r"(^|__)operator(_id|__in)?$|^endpoint__operator")
# The one row above, which was found by its operator.
PARENTS = re.compile(
    r"^(lot|lots|lot_before|lot_after|rig|upload|receipt|edit|evidence|endpoint|vendor|hit|run|schedule)(_id|__in)?$"
)
BY_KEY = re.compile(r"^(pk|id)(__in)?$")
LEDGER = {"AuditEntry", "OutboxEvent", "IdempotencyKey"}

# Questions whose narrowing stands elsewhere, each with where.
EXCEPTIONS = {
    "risk/dashboard/rig_pages.py": "cells are holdings that RigView.cells found by the operator",
    "risk/dashboard/alert_list.py": "`own` is the question after the operator, widened for who keeps the register",
    "risk/dashboard/runs.py": "a run is about lots of many operators; whose steps it has is asked by the operator",
    "fleet/api/callers.py": "a key is found by its prefix and opened by its secret, and says then whose it is",
    "vendors/dashboard/record.py": "`kept` is the question after the operator",
    "config/pages/screening.py": "alerts of the register, for who keeps it",
    "ledger/api/idempotency.py": "rows whose claim this request holds",
    "config/pages/audit.py": "the whole audit, for who may read it, but for what operators keep to themselves",
    "config/watching/figures.py": "sums over all operators that name none, for who runs the product",
    "risk/dashboard/attention.py": "the number of hits of the register, for who keeps it",
}


def owned_models() -> set[str]:
    """The names of the models whose rows are an operator's."""
    labels = {*BY_THEIR_PARENT, *BY_THEIR_LOT, *UNDER_ANOTHER}
    own = {model._meta.object_name for model in apps.get_models() if names_operator(model)}
    return own | {label.partition(".")[2] for label in labels} | LEDGER - {"Vendor"}


def questions(tree: ast.AST, owned: set[str]) -> Iterator[tuple[ast.AST, str, list[ast.Call]]]:
    """Each `Model.objects`, with the calls that hang on it."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)
        ):
            continue
        if node.value.id not in owned:
            continue
        calls, here = [], above[node]
        while isinstance(here, ast.Attribute | ast.Call):
            calls += [here] if isinstance(here, ast.Call) else []
            here = above[here]
        yield node, node.value.id, calls


def is_narrowed(calls: list[ast.Call], parameters: set[str]) -> bool:
    """Whether some call of the question names the operator, or an object that was found by it."""
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in NARROWING:
            return True
        inside = [node for part in [*call.args, *call.keywords] for node in ast.walk(part)]
        for keyword in [node for node in inside if isinstance(node, ast.keyword)]:
            name = keyword.arg or ""
            if NAMES_OPERATOR.search(name) or PARENTS.search(name):
                return True
            if BY_KEY.search(name) and not _is_of_an_address(keyword.value, parameters):
                return True
    return False


def _is_of_an_address(value: ast.expr, parameters: set[str]) -> bool:
    """Whether a key is a number that the function was given, as views are given those of their addresses."""
    return isinstance(value, ast.Name) and value.id in parameters


def numbers_given(tree: ast.AST) -> dict[ast.AST, set[str]]:
    """For every node the parameters of its functions that are plain numbers or texts."""
    told: dict[ast.AST, set[str]] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            every = [*function.args.args, *function.args.kwonlyargs]
            plain = {each.arg for each in every if _is_plain(each.annotation)}
            for node in ast.walk(function):
                told.setdefault(node, set()).update(plain)
    return told


def _is_plain(annotation: ast.expr | None) -> bool:
    return annotation is None or ast.unparse(annotation).startswith(("int", "str", "Any"))


def unnarrowed(text: str, owned: set[str]) -> Iterator[tuple[int, str]]:
    """Line and model of every question that names no operator."""
    tree = ast.parse(text)
    given = numbers_given(tree)
    for node, model, calls in questions(tree, owned):
        if not is_narrowed(calls, given.get(node, set())):
            yield node.lineno, model


def at_the_doors() -> list[Path]:
    return [path for path in modules() if DOORS.match(shown(path))]


def test_whatever_answers_asks_for_rows_of_operators_by_the_operator():
    owned = owned_models() - {"Membership", "Vendor"}  # found by the person; the register that all share
    faults = [
        f"{shown(path)}:{line}: {model}.objects names no operator"
        for path in at_the_doors()
        if shown(path) not in EXCEPTIONS
        for line, model in unnarrowed(path.read_text(), owned)
    ]
    assert not faults, "\n".join(faults)


def test_the_exceptions_are_still_needed():
    owned = owned_models()
    needless = [name for name in EXCEPTIONS if not list(unnarrowed((ROOT / name).read_text(), owned))]
    assert not needless


def test_a_question_that_forgets_the_operator_is_seen():
    owned = {"Rig", "Upload"}
    forgotten = (
        "def page(visit, rig_id: int): return Rig.objects.all()",
        "def page(visit, upload_id: int): return Upload.objects.filter(pk=upload_id).first()",
        "def page(visit, upload_id: int): return Upload.objects.select_related('x').get(pk=upload_id)",
        "def page(visit): return Rig.objects.filter(Q(rack='1') | Q(site='x')).count()",
    )
    kept = (
        "def page(visit): return Rig.objects.of(visit.operator)",
        "def page(visit, rig_id: int): return Rig.objects.only('x').of(visit.operator).get(pk=rig_id)",
        "def page(visit): return Rig.objects.filter(operator_id=visit.operator.pk)",
        "def page(upload: Upload): return Upload.objects.get(pk=upload.pk)",
        "def page(lot: Lot): return Rig.objects.filter(lot=lot)",
    )
    assert all(list(unnarrowed(text, owned)) for text in forgotten)
    assert not any(list(unnarrowed(text, owned)) for text in kept)
