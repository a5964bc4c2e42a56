"""What the schema allows and what it does not, sent to objects that there are: all of it is answered as told."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from config.wsgi import application
from fleet.models.keys import Scope
from tests.api.programs import a_key
from tests.api.test_matrix import API, ID, Owner, PathOfSchema
from tests.api.test_schema import schema
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

FITS = ["response_schema_conformance", "status_code_conformance", "content_type_conformance"]
EXAMPLES = 4  # of each operation in each mode; the made-up cases are the same in every run
SHARED = {"models/{model_id}": 1}


@pytest.fixture
def owner(tmp_path, settings, one_transaction) -> Owner:
    """An operator with a fleet."""
    settings.API_REQUESTS_A_MINUTE = 10**6
    owner = Owner(operator=an_operator(), folder=tmp_path)
    a_fleet(tmp_path, owner.operator, [a_row(1), a_row(2)])
    return owner


def operations_of(owner: Owner) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every operation of the schema, with ids of the owner's for its address."""
    for found in schemathesis.openapi.from_dict(schema()).get_all_operations():
        operation = found.ok()
        place = operation.path.removeprefix(API)
        shared = next((each for each in SHARED if place.startswith(each)), None)
        path = PathOfSchema(template=operation.path, told={})
        yield operation, {ID.search(shared)[1]: SHARED[shared]} if shared else owner.ids_of(path)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_is_answered_as_the_schema_says(owner, mode):
    key, faults, seen = a_key(owner.operator, *Scope), [], set()
    for operation, ids in operations_of(owner):
        cases(operation, ids, mode, key, faults, seen)()
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:20]])
    if mode == GenerationMode.POSITIVE:
        assert not {label for label, _ in seen} - {label for label, status in seen if status != 404}


def served(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    """The application with a server's manners, which schemathesis has not: an answer is read and closed."""
    answer = application(environ, start_response)
    try:
        yield from answer
    finally:
        answer.close()


def cases(
    operation: Any,
    ids: dict[str, Any],
    mode: GenerationMode,
    key: str,
    faults: list[str],
    seen: set[tuple[str, int]],
) -> Any:
    """A test of one operation, which notes what it has seen and what is wrong with it."""
    checks = CHECKS.get_by_names(FITS)

    @how(
        max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case):
        # Of what is wrong, three in four are sent to an object that there is: else nothing would get past 404.
        is_real = (
            mode == GenerationMode.POSITIVE or zlib.crc32(repr(case.query).encode("utf-8", "replace")) % 4
        )
        if ids and is_real:
            case.path_parameters = dict(ids)
        with transaction.atomic():  # what one case has changed or removed, the next one finds as it was
            answer = case.call(app=served, headers={"Authorization": f"Bearer {key}"})
            transaction.set_rollback(True)
        seen.add((operation.label, answer.status_code))
        if answer.status_code >= 500:
            faults.append(f"{answer.status_code}: {case.as_curl_command()}")
            return
        try:
            case.validate_response(answer, checks=checks)
        except Exception as wrong:
            faults.append(str(wrong)[:2000])

    return tried
