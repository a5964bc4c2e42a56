"""As Birch at everything that is Quillfeather's: no answer, header, file or log tells any of it, and nothing changes.

Every address of console, register and API comes from the URL resolver by itself, with every verb. An answer about
what is another's is the same, word for word, as the answer about what nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from fleet.models import ApiKey, BulkEdit, FleetExport, Lot, OriginEvidence, Receipt, Rig, Upload
from risk.models import PurchaseCheck, Report, WebhookEndpoint
from tests.api.test_schema import schema
from tests.tenancy.addresses import API, ID, routes, with_ids
from tests.tenancy.conftest import Two
from tests.tenancy.fleets import MADE, PLANTED, Fleet, asked_of
from tests.tenancy.walking import VERBS, Form, Walk, body, forms_on, rows_of, undone
from tests.tenancy.words import Words, words_of, words_of_nobody

PLANTED_OR_MADE = re.compile(f"{PLANTED.pattern}|{MADE.pattern}", re.IGNORECASE)
NOTHING = re.compile("(?!)")
# Addresses that end the visit, or change who visits.
AT_THE_DOOR = {"login/", "logout/", "password_change/", "password_change/done/"}


@pytest.fixture
def made(two: Two) -> Two:
    """Quillfeather has an object for every id of every address."""
    for route in routes():
        list(asked_of(two.owner, route))
    return two


# ----------------------------------------------------------------------------------------- what is another operator's


def visitors(asker: Fleet, route: str) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Who of the asking operator comes to the route, and with which verbs: whoever may do most, with all of them."""
    if route.startswith(API):
        yield "program", asker.program.client, VERBS
        yield "manager", asker.manager, ("GET",)
    else:
        yield "manager", asker.manager, VERBS
        yield "viewer", asker.viewer, ("GET",)


def walked(two: Two, among: Iterable[str], *, only: tuple[str, ...] = VERBS) -> Walk:
    """Every object of the owner on these routes, as everybody of the asker: each read and sent to, one of each route
    in every other verb too."""
    walk, of_nobody = Walk(PLANTED_OR_MADE), {}
    for route in among:
        for number, each in enumerate(asked_of(two.owner, route)):
            for who, client, verbs in visitors(two.asker, route):
                for verb in [
                    verb for verb in verbs if verb in only and (number == 0 or verb in ("GET", "POST"))
                ]:
                    told = asked(walk, client, verb, route, each.ids)
                    if each.nobodys is None:
                        continue
                    key = (who, verb, route, each.nobodys)
                    if key not in of_nobody:
                        of_nobody[key] = asked(walk, client, verb, route, each.nobodys)
                    walk.compared(f"{who}: {verb} {with_ids(route, each.ids)}", told, of_nobody[key])
    return walk


def asked(walk: Walk, client: Any, verb: str, route: str, ids: tuple[Any, ...]) -> str:
    """Status and text of an answer, without the ids that were asked for."""
    address = with_ids(route, ids)
    answer = walk.asked(client, verb, address, **body(verb, is_json=route.startswith(API)))
    return f"{answer.status} {answer.without(address, *ids)}"


def of_objects() -> list[str]:
    """The routes with an id."""
    return [route for route in routes() if ID.search(route)]


def test_what_belongs_to_another_operator_does_not_exist_at_any_address_in_any_verb(made, caplog):
    before = rows_of(made.owner.operator)
    walk = walked(made, of_objects())
    walk.looked_through("The log", without_addresses(caplog.text))
    assert not walk.leaks, "\n".join(walk.leaks)
    assert rows_of(made.owner.operator) == before
    assert len(walk.addresses) > 300
    assert walk.tried["requests"] > 1_500
    assert all(walk.tried[f"{verb} requests"] for verb in VERBS)
    told("at another's objects", walk)


def without_addresses(log: str) -> str:
    """A log without the addresses that were asked for: who asks has written them."""
    return re.sub(r"(?<=: )/\S*", "#", log)


def told(what: str, walk: Walk) -> None:
    """The counts, for docs/security.md: script/test tests/tenancy -s."""
    counts = ", ".join(f"{number} {name}" for name, number in sorted(walk.tried.items()))
    print(f"\n{what}: {len(walk.addresses)} addresses, {counts}")


# ----------------------------------------------------------------------------------- what the asker's own pages tell


def own_addresses(asker: Fleet) -> Iterator[tuple[str, str]]:
    """Every address with the asker's own objects, beside its route."""
    for route in routes():
        if route not in AT_THE_DOOR:
            yield from ((route, with_ids(route, ids)) for ids in asker.ids(route))


FIRST_PAGES = (
    "/",
    "/lots/",
    "/rigs/",
    "/uploads/",
    "/rigs/fleet.csv",
    "/reserve/reserve.xlsx",
    "/entries/",
    "/views/",
)


def test_the_owner_finds_the_marks_where_they_are_looked_for(two):
    """Were the marks not told to their owner, the walk would prove nothing."""
    walk = Walk(PLANTED)
    for address in FIRST_PAGES:
        walk.asked(two.owner.manager, "GET", address)
    assert len(walk.leaks) == len(FIRST_PAGES)


# -------------------------------------------------------------------------- what is written into forms and requests


def own_pages(walk: Walk, asker: Fleet) -> Iterator[tuple[str, str]]:
    """Every address with the asker's own objects, and what is on it."""
    for route, address in own_addresses(asker):
        client = asker.program.client if route.startswith(API) else asker.manager
        yield address, walk.asked(client, "GET", address).text


def forms_of(pages: Iterable[tuple[str, str]]) -> list[Form]:
    """Every form that a manager is shown, and every query of a link, once each."""
    known: dict[Any, Form] = {}
    for address, page in pages:
        for form in [*forms_on(page, address), *queries_on(page, address)]:
            key = (form.verb, re.sub(r"\d+", "#", form.action), *sorted(form.fields))
            if form.verb in ("GET", "POST") and not any(form.action.endswith(each) for each in AT_THE_DOOR):
                known.setdefault(key, form)
    return list(known.values())


LINK = re.compile(r'href="([^"#?]*)\?([^"#]+)"')


def queries_on(page: str, address: str) -> Iterator[Form]:
    """The links of a page that ask for something, a name at a time."""
    for action, query in LINK.findall(page):
        for name in re.findall(r"(?:^|&(?:amp;)?)([\w.-]+)=", query):
            yield Form("GET", action or address, {name: ""})


def sent(walk: Walk, client: Any, form: Form, words: Words) -> str:
    """The answer to a form that is filled with the words; what it writes is taken back."""
    fields = {name: words.of(name, value) for name, value in form.fields.items()}
    with undone():
        if form.verb == "GET":
            answer = walk.asked(client, "GET", form.action, data={k: str(v) for k, v in fields.items()})
        else:
            answer = walk.asked(client, "POST", form.action, **body("POST", fields))
    return f"{answer.status} {answer.without(*words.all)}"


def test_no_page_file_or_list_of_ones_own_tells_of_another_and_no_form_takes_what_is_anothers(made, caplog):
    own, theirs = Walk(PLANTED), words_of(made.owner)
    nobodys, before = words_of_nobody(theirs), rows_of(made.owner.operator)
    forms = forms_of(own_pages(own, made.asker))
    own.looked_through("The log", without_addresses(caplog.text))
    walk = Walk(NOTHING)  # what was asked for is said again; that answers are told apart is what counts
    for form in forms:
        one, other = (sent(walk, made.asker.manager, form, words) for words in (theirs, nobodys))
        walk.compared(f"{form.verb} {form.action} {sorted(form.fields)}", one, other)
    told("at one's own", own)
    told(f"{len(forms)} forms and queries", walk)
    assert not own.leaks + walk.leaks, "\n".join(own.leaks + walk.leaks)
    assert rows_of(made.owner.operator) == before
    assert own.tried["files opened"] > 8
    assert len(forms) > 100


def requests_of_schema() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, verb and what the schema tells of it."""
    for path, verbs in schema()["paths"].items():
        yield from ((path, verb.upper(), each) for verb, each in verbs.items() if isinstance(each, dict))


def test_no_parameter_or_body_of_the_api_takes_what_is_anothers(made):
    theirs = words_of(made.owner)
    nobodys, before = words_of_nobody(theirs), rows_of(made.owner.operator)
    walk, client = Walk(NOTHING), made.asker.program.client
    own = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{route}"): address
        for route, address in own_addresses(made.asker)
    }
    for path, verb, operation in requests_of_schema():
        if path not in own:
            continue
        for ask in [*_parameters(operation), *_bodies(verb, operation)]:
            answers = []
            for words in (theirs, nobodys):
                with undone():
                    answer = walk.asked(client, verb, own[path], **ask(words))
                answers.append(f"{answer.status} {answer.without(*words.all)}")
            walk.compared(f"{verb} {path} {ask(theirs)}", *answers)
    assert not walk.leaks, "\n".join(walk.leaks)
    assert rows_of(made.owner.operator) == before
    told("parameters and bodies of the API", walk)


def _parameters(operation: dict[str, Any]) -> Iterator[Any]:
    for each in operation.get("parameters", []):
        # "1" may be the number of a rig, and is also how a switch is turned on.
        if each["in"] == "query" and each["schema"].get("type") != "boolean":
            yield lambda words, name=each["name"]: {
                "data": {name: str(words.of(name))},
                "headers": {"Accept": "*/*"},
            }


def _bodies(verb: str, operation: dict[str, Any]) -> Iterator[Any]:
    shown = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for each in shown.get("examples", {}).values():
        yield lambda words, example=each["value"]: {
            **body("PATCH", words.into(example)),
            "headers": {"If-Match": "*"},
        }


# ------------------------------------------------------------------------------------------- the walk, proved to see

WITHOUT_A_FILTER = {
    Lot: "lots/<",
    Rig: "rigs/<int:rig_id>",
    Upload: "uploads/<",
    OriginEvidence: "evidence/<",
    Receipt: "receipts/<",
    FleetExport: "rigs/workbook/<",
    BulkEdit: "rigs/edits/<",
    ApiKey: "keys/<",
    Report: "reports/<int:report_id>",
    PurchaseCheck: "checks/<",
    WebhookEndpoint: "webhooks/<",
}


def test_where_one_filter_is_taken_away_the_walk_finds_it(two, monkeypatch):
    unseen = []
    for model, begin in WITHOUT_A_FILTER.items():
        rows = type(model.objects.all())
        routes_of_it = [each for each in of_objects() if each.startswith(begin)]
        for route in routes_of_it:
            list(asked_of(two.owner, route))
        with monkeypatch.context() as patch:
            patch.setattr(rows, "of", _unfiltered(rows.of, model))
            walk = walked(two, routes_of_it, only=("GET",))
        unseen += [] if walk.leaks else [model._meta.label]
    assert not unseen


def _unfiltered(of: Any, model: Any) -> Any:
    """The question after an operator's rows, which for one model forgets to ask."""
    return lambda rows, operator: rows if rows.model is model else of(rows, operator)
