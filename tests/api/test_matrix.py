"""Every path of the schema, every verb: who is not let in, what a key may not do, and whose objects do not exist.

A new path is in the matrix by itself. A new kind of id needs one line in MAKERS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fleet.models import ApiKey, Lot, Operator, Rig, Site
from fleet.models.keys import Scope
from ledger.api.problems import PROBLEM_JSON
from ledger.models import IdempotencyKey
from tests.api.programs import UPLOADS, Program, a_key, a_program, work
from tests.api.test_schema import operations, schema
from tests.console.visitors import a_fleet, an_operator
from tests.receipts import an_order, ordered
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

API = "/api/v1/"
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
ID = re.compile(r"\{(\w+)\}")
NO_SUCH_NUMBER = 987_654_321
HIDDEN = "Hidden Valley"  # stands in all that Aspen has, and in nothing that Birch may hear
OPEN_TO_EVERY_KEY = {("GET", f"{API}operators/me/"), ("HEAD", f"{API}operators/me/")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathOfSchema:
    """A path of the schema with the verbs that it knows."""

    template: str
    told: dict[str, dict[str, Any]] = field(hash=False)

    @property
    def verbs(self) -> set[str]:
        """What it answers: HEAD goes with GET."""
        return set(self.told) | ({"HEAD"} if "GET" in self.told else set())

    def at(self, ids: dict[str, Any]) -> str:
        """The address of certain objects."""
        return ID.sub(lambda found: str(ids[found[1]]), self.template)

    @property
    def anywhere(self) -> str:
        """The address of no object in particular."""
        return ID.sub("1", self.template)


def paths() -> list[PathOfSchema]:
    """All of the schema, as the server gives it."""
    every: dict[str, dict[str, Any]] = {}
    for path, verb, told in operations(schema()):
        every.setdefault(path, {})[verb.upper()] = told
    return [PathOfSchema(template=path, told=told) for path, told in every.items()]


# ------------------------------------------------------------------------------------------ objects of an operator


@dataclass(slots=True, kw_only=True)
class Owner:
    """An operator with a fleet, of whom others ask; its objects are made when a path needs them, and once."""

    operator: Operator
    folder: Path
    made: dict[tuple[str, tuple[Any, ...]], Any] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """With a key for everything."""
        return a_program(self.operator, *Scope)

    def created(self, address: str, body: dict[str, Any], name: str = "id") -> Any:
        """The id of what a POST has made."""
        answer = self.program.post(f"{API}{address}", body)
        assert answer.status_code in (201, 202), answer.content
        return answer.json()[name]

    def ids_of(self, path: PathOfSchema) -> dict[str, Any]:
        """An object for each id of the path. Fails with what to add where there is no maker."""
        ids: dict[str, Any] = {}
        for found in ID.finditer(path.template):
            place = path.template[: found.end()].removeprefix(API)
            maker = MAKERS.get(place)
            assert maker, (
                f"{path.template} has an id of which the matrix knows no object: add to MAKERS in "
                f'tests/api/test_matrix.py the line "{place}": a function of the owner (and of the ids before it) '
                "that makes an object of the owner and returns its id; for what all operators share, SHARED."
            )
            before = tuple(ids.values())
            key = (place, before)
            if key not in self.made:
                self.made[key] = maker(self, *before)
            ids[found[1]] = self.made[key]
        return ids


def an_upload(owner: Owner) -> int:
    """One that was checked and has a wrong row."""
    path = a_csv(owner.folder, [a_row(41, site=HIDDEN), a_row(42, hts_code="84.71")], name=f"{HIDDEN}.csv")
    upload: int = owner.program.send(path, "?dry_run=true").json()["upload"]
    work()
    return upload


def a_paper(owner: Owner) -> int:
    """A certificate over all lots of an entry."""
    file = SimpleUploadedFile("co-117.pdf", b"%PDF-1.4 certificate of origin")
    said = {"kind": "certificate", "title": HIDDEN, "country": "CN", "strength": "strong"}
    cover = {"entry_number": "ABC-1234567-8"}
    answer = owner.program.client.post(f"{API}evidence/", {"file": file, **said, **cover})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["evidence"])


def a_receipt(owner: Owner) -> int:
    """Two rigs of an order of five."""
    ordered(owner.folder, owner.operator, an_order(quantity=5, site=HIDDEN))
    units = {"units": [{"model": "Antminer S21", "units": 2}]}
    entry = {"entry_date": "2025-06-10", "entry_number": "ABC-1234567-9", "transport_mode": "air"}
    said = {"purchase_order": "PO-1", "site": HIDDEN, **entry, **units}
    return int(owner.created("receipts/", said, "receipt"))


def a_private_vendor(owner: Owner) -> int:
    """A vendor that its operator alone sees."""
    return int(owner.created("vendors/", {"name": f"{HIDDEN} Repairs", "roles": ["host"], "why": "new"}))


def first_of(model: Any) -> Callable[[Owner], int]:
    """A maker that takes what the owner's fleet has already."""
    return lambda owner: int(model.objects.of(owner.operator).order_by("pk")[0].pk)


def a_webhook(owner: Owner) -> int:
    """An address that would hear of events."""
    from risk.models import WebhookEndpoint

    url = "https://erp.example/hidden-valley"
    return int(WebhookEndpoint.objects.create(operator=owner.operator, url=url, created_at=timezone.now()).pk)


def a_delivery(owner: Owner, webhook_id: int) -> int:
    """A test event that waits."""
    from risk.models import WebhookDelivery

    now = timezone.now()
    said = {"message_id": "msg_1", "kind": "webhook.test", "about": HIDDEN, "body": "{}"}
    made = WebhookDelivery.objects.create(endpoint_id=webhook_id, event_at=now, due_at=now, **said)
    return int(made.pk)


def an_ordered_assessment(owner: Owner) -> str:
    """A check before a purchase, which was then ordered."""
    line = {"model": "Antminer S21 XP", "quantity": 5, "unit_value": "3900.00", "country_of_origin": "MY"}
    check = owner.created("assessments/", {"purchase_order": f"PO {HIDDEN}", "lines": [line]})
    owner.created(f"assessments/{check}/order/", {"because": f"Cleared at {HIDDEN}."})
    return str(check)


# Place of an id -> what makes an object of the owner and returns its id. The makers of an id inside another one's
# address get the ids before it.
MAKERS: dict[str, Callable[..., Any]] = {
    "assessments/{check_id}": an_ordered_assessment,
    "evidence/{evidence_id}": a_paper,
    "exposure/lots/{lot_id}": first_of(Lot),
    "lots/{lot_id}": first_of(Lot),
    "receipts/{receipt_id}": a_receipt,
    "rigs/{rig_id}": first_of(Rig),
    "sites/{site_id}": first_of(Site),
    "uploads/{upload_id}": an_upload,
    "vendors/{vendor_id}": a_private_vendor,
    "webhooks/{webhook_id}": a_webhook,
    "webhooks/{webhook_id}/deliveries/{delivery_id}": a_delivery,
}
# Places of ids that are the same for every operator: there is nothing of others to hide.
SHARED = {"models/{model_id}"}


def of_operators() -> list[PathOfSchema]:
    """The paths with an id that is an operator's."""
    return [
        path
        for path in paths()
        if ID.search(path.template)
        and not any(path.template.removeprefix(API).startswith(place) for place in SHARED)
    ]


@pytest.fixture(autouse=True)
def unlimited(settings):
    """The matrix asks more often than a program may."""
    settings.API_REQUESTS_A_MINUTE = 10**6


@pytest.fixture
def aspen(tmp_path) -> Owner:
    """The operator of whose objects others ask."""
    owner = Owner(operator=an_operator("aspen", "Aspen"), folder=tmp_path)
    a_fleet(tmp_path, owner.operator, [a_row(1, site=HIDDEN), a_row(2, site=HIDDEN)])
    return owner


@pytest.fixture
def birch(db) -> Program:
    """Another operator's program, with a key for everything."""
    return a_program(an_operator("birch", "Birch"), *Scope)


# ------------------------------------------------------------------------------------------------------ the asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Any
    body: bytes

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of a problem; HEAD tells no code, and what is no problem has none."""
        if not self.body:
            return self.status, ""
        is_problem = self.headers["Content-Type"] == PROBLEM_JSON
        return self.status, json.loads(self.body)["code"] if is_problem else "none"

    @property
    def without_numbers(self) -> str:
        """Its text without ids of objects."""
        return re.sub(r"\b[\w-]*\d[\w-]*\b", "#", self.body.decode(errors="replace"))


def ask(program: Program | Client, path: PathOfSchema, verb: str, address: str) -> Answer:
    """The answer to a verb, with the schema's own example for a body."""
    client = getattr(program, "client", program)
    kind, body = body_of(path.told.get(verb, {}))
    if verb in ("GET", "HEAD", "OPTIONS"):
        sent = {}
    elif kind == "multipart/form-data" and verb == "POST":
        sent = {"data": body}
    else:
        sent = {"data": json.dumps(body), "content_type": kind}
    headers = {"If-Match": "*"} if verb == "PATCH" else {}
    response = getattr(client, verb.lower())(address, headers=headers, **sent)
    answer = Answer(status=response.status_code, headers=response.headers, body=response.getvalue())
    for closer in response._resource_closers:  # the files; closing the answer would close the database too
        closer()
    return answer


def body_of(told: dict[str, Any]) -> tuple[str, Any]:
    """Content type and body of an operation: JSON where it is taken, an example where one is shown."""
    kinds = told.get("requestBody", {}).get("content", {})
    kind = "application/json" if not kinds or "application/json" in kinds else next(iter(kinds))
    examples = kinds.get(kind, {}).get("examples", {})
    return kind, next((each["value"] for each in examples.values()), {})


def every_verb() -> Iterator[tuple[PathOfSchema, str]]:
    """The whole matrix."""
    return ((path, verb) for path in paths() for verb in VERBS)


def every_known_verb() -> Iterator[tuple[PathOfSchema, str]]:
    """What the schema tells of, and HEAD beside GET."""
    return ((path, verb) for path, verb in every_verb() if verb in path.verbs)


def told(path: PathOfSchema, verb: str, answer: Answer) -> str:
    """A fault of the matrix in a line."""
    return f"{verb} {path.template}: {answer.status} {answer.body[:160]!r}"


def scopeless(operator: Operator, *scopes: str) -> Program:
    """A program whose key has these scopes, also none at all, which no service issues."""
    program = a_program(operator)
    newest = ApiKey.objects.filter(operator=operator).latest("pk")
    ApiKey.objects.filter(pk=newest.pk).update(scopes=list(scopes))
    return program


def an_expired_key() -> str:
    key = a_key(an_operator("cedar", "Cedar"), *Scope, expires_at=timezone.now() + timedelta(hours=1))
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return key


def a_revoked_key() -> str:
    key = a_key(an_operator("cedar", "Cedar"), *Scope)
    ApiKey.objects.update(revoked_at=timezone.now())
    return key


def a_key_that_is_none() -> str:
    return f"rl_00000000_{'0' * 64}"


# -------------------------------------------------------------------------------------------------------- the rows


def test_without_a_key_nothing_opens():
    answers = [(*each, ask(Client(), *each, each[0].anywhere)) for each in every_verb()]
    assert len(answers) >= len(VERBS) * 30
    opened = [told(*each) for each in answers if each[2].status != 401]
    assert not opened
    assert all(answer.headers["WWW-Authenticate"] == 'Bearer realm="api"' for *_, answer in answers)


@pytest.mark.parametrize(
    ("maker", "code"),
    [
        (an_expired_key, "key_expired"),
        (a_revoked_key, "key_revoked"),
        (a_key_that_is_none, "key_unknown"),
    ],
)
def test_a_key_that_is_not_in_force_opens_nothing(maker, code):
    program = Program(maker())
    opened = []
    for path, verb in every_verb():
        answer = ask(program, path, verb, path.anywhere)
        if answer.refusal not in {(401, code), (401, "")}:
            opened.append(told(path, verb, answer))
    assert not opened


def test_every_verb_needs_a_scope_which_the_refusal_names_and_no_other_stands_in_for():
    operator = an_operator()
    none = scopeless(operator)
    all_but = {scope: scopeless(operator, *(set(Scope) - {scope})) for scope in Scope}
    opened = []
    for path, verb in every_known_verb():
        if (verb, path.template) in OPEN_TO_EVERY_KEY:
            continue
        answer = ask(none, path, verb, path.anywhere)
        scopes = [scope for scope in Scope if verb == "HEAD" or f"scope {scope}." in answer.body.decode()]
        answers = [answer, *(ask(all_but[scope], path, verb, path.anywhere) for scope in scopes[:1])]
        if verb == "HEAD":
            answers = answers[:1]
        opened += [
            told(path, verb, each)
            for each in answers
            if each.refusal not in {(403, "scope_missing"), (403, "")} or not scopes
        ]
    assert not opened


def test_a_verb_that_a_path_does_not_know_is_refused_with_those_that_it_knows(birch):
    wrong = []
    for path, verb in every_verb():
        if verb in path.verbs:
            continue
        answer = ask(birch, path, verb, path.anywhere)
        allowed = set(answer.headers.get("Allow", "").replace(",", " ").split())
        if answer.status != 405 or allowed != path.verbs:
            wrong.append(f"{told(path, verb, answer)}, Allow: {allowed}, the schema: {path.verbs}")
    assert not wrong


def test_what_belongs_to_another_operator_does_not_exist_in_any_verb(aspen, birch):
    found = []
    for path in of_operators():
        theirs = path.at(aspen.ids_of(path))
        missing = ID.sub(str(NO_SUCH_NUMBER), path.template)
        for verb in sorted(path.verbs):
            answer, nothing = (ask(birch, path, verb, address) for address in (theirs, missing))
            if answer.refusal != nothing.refusal or answer.status != 404:
                found.append(told(path, verb, answer))
            elif answer.without_numbers != nothing.without_numbers:
                found.append(f"{told(path, verb, answer)} is told apart from {nothing.body!r}")
    assert not found


def test_its_owner_finds_every_object_of_the_matrix(aspen):
    program, lost = aspen.program, []
    for path in of_operators():
        address = path.at(aspen.ids_of(path))
        for verb in sorted(path.verbs & {"GET", "HEAD"}):
            answer = ask(program, path, verb, address)
            if answer.status >= 300:
                lost.append(told(path, verb, answer))
    assert not lost


def test_a_head_answers_as_the_get_without_a_body(aspen):
    program, different = aspen.program, []
    for path in paths():
        if "GET" in path.told and not ID.search(path.template):
            got, head = (ask(program, path, verb, path.template) for verb in ("GET", "HEAD"))
            if head.status != got.status or head.body:
                different.append(told(path, "HEAD", head))
    assert not different


def test_no_list_tells_of_another_operator(aspen, birch):
    for path in of_operators():
        aspen.ids_of(path)
    told_of, heard = [], []
    for path in paths():
        if "GET" not in path.told or ID.search(path.template):
            continue
        for program, tellers in ((aspen.program, heard), (birch, told_of)):
            answer = ask(program, path, "GET", path.template)
            if HIDDEN.encode() in answer.body:
                tellers.append(path.template)
    assert heard, "Nothing that Aspen has is told to Aspen: the marks are lost, and the test proves nothing."
    assert not told_of


def test_a_stranger_uses_up_no_idempotency_key(birch):
    birch.client.post(f"{UPLOADS}1/apply/", headers={"Idempotency-Key": "one"})
    Client().post(f"{UPLOADS}1/apply/", headers={"Idempotency-Key": "two"})
    assert "two" not in IdempotencyKey.objects.values_list("key", flat=True)


def test_an_id_without_a_maker_fails_with_what_to_add(aspen):
    unknown = PathOfSchema(template=f"{API}pumps/{{pump_id}}/", told={"GET": {}})
    with pytest.raises(AssertionError, match=r'add to MAKERS in .* the line "pumps/\{pump_id\}"'):
        aspen.ids_of(unknown)
