"""Two operators: Quillfeather, all of whose words are marked, and Birch, who must hear none of them.

Objects are made by the makers of the other walks (tests/browser/every_page.py, tests/api/test_matrix.py). A new kind
of id needs a maker there; only what is private to an operator in the register, or is a word and no object, is told
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from config.pages import edits, receipts, uploads
from config.pages.webhooks import deeds as webhooks
from fleet.models import Lot, Operator, RigModel, User
from fleet.models.keys import Scope
from fleet.models.operator import OperatorRole
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import AssessmentRun, ScreeningHit
from tests.api import test_matrix as api
from tests.api.programs import Program, a_program
from tests.browser import every_page as console
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW
from tests.risk.lists.samples import SAMPLES
from tests.sheets import a_row
from tests.tenancy.addresses import API, ID, places
from tests.vendors.records import a_document, a_vendor, said_of
from vendors.models import Vendor
from vendors.models.kinds import KINDS

# What stands in every word of Quillfeather, in its serial numbers, its entry, and in one amount of its own.
PLANTED = re.compile(r"quillfeather|QZF7|QZF-\d|61,?733\.29", re.IGNORECASE)
# What the makers of the other walks give to whom they make objects for; Birch has none of it when it asks first.
MADE = re.compile(
    r"Hidden Valley|hidden-valley|co-117|PO-BROWSER|Certificate 7|NGSBYAHBCJABH|YNAHEAUBCJCBA|Valley Hosting"
    r"|ann@example|erp\.example",
    re.IGNORECASE,
)
SOMETHING_ELSE = {"int": 987_654_321, "slug": "no-such-thing", "path": "no-such-thing", "": "987654321"}


class Fleet(console.Owner):
    """An operator with a fleet as its manager, its viewer and its programs meet it."""

    viewer: Any
    program: Program
    created = api.Owner.created

    def ids(self, route: str) -> list[tuple[Any, ...]]:
        """The ids of its objects for a route. Fails with what to add where there is no maker."""
        every: list[tuple[Any, ...]] = [()]
        for place in places(route):
            maker = maker_of(place)
            every = [(*before, each) for before in every for each in self._made(place, maker, before)]
        return every


@dataclass(frozen=True, slots=True)
class Asked:
    """An address of another's object, and the same address of an object that nobody has; None where the address is
    the same for everybody."""

    route: str
    ids: tuple[Any, ...]
    nobodys: tuple[Any, ...] | None


def maker_of(place: str) -> Callable[..., list[Any]]:
    """What makes objects for an id: told here, or of the other walks."""
    if place in HERE:
        return HERE[place]
    if place.startswith(API):
        made = api.MAKERS.get(ID.sub(r"{\1}", place.removeprefix(API)))
        if made:
            return lambda *told: [made(*told)]
    if shelf := re.fullmatch(r"(\w+)/(\w+)/<path:object_id>", place):
        return lambda owner: list(_on_shelf(owner, *shelf.groups()))
    assert place in console.MAKERS, (
        f"The address {place} has an id of which the walk knows no object: add a maker to MAKERS in "
        "tests/browser/every_page.py or tests/api/test_matrix.py; where the id is a word that is the same for all "
        "operators, to WORDS in tests/tenancy/fleets.py."
    )
    return console.MAKERS[place]


def asked_of(fleet: Fleet, route: str) -> Iterator[Asked]:
    """The addresses of a route, one for each object of the fleet."""
    for ids in [*fleet.ids(route), *_under_others(fleet, route)]:
        yield Asked(route, ids, _nobodys(route, ids))


def _nobodys(route: str, ids: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Ids of nothing in the place of those that are objects."""
    kinds = re.findall(r"<(?:(\w+):)?\w+>", route)
    kept = [place in WORDS for place in places(route)]
    if all(kept):
        return None
    return tuple(
        each if word else SOMETHING_ELSE[kind] for each, kind, word in zip(ids, kinds, kept, strict=True)
    )


def _under_others(fleet: Fleet, route: str) -> list[tuple[Any, ...]]:
    """The fleet's own papers and facts about a maker of the register, which everybody may look up."""
    maker = Vendor.objects.get(slug="bitmain").pk
    if route.startswith("vendors/<int:vendor_id>/documents/<int:document_id>"):
        return [
            (maker, each.pk) for each in KINDS["documents"].rows.filter(operator=fleet.operator, vendor=maker)
        ]
    if route.startswith("vendors/<int:vendor_id>/<slug:kind>/<int:row_id>"):
        scoped = [kind for kind in KINDS.values() if kind.is_scoped]
        rows = ((kind.name, kind.rows.filter(operator=fleet.operator, vendor=maker)) for kind in scoped)
        return [(maker, name, row.pk) for name, found in rows for row in found]
    return []


# ------------------------------------------------------------------------------------------------------- the fleets


def quillfeather(folder: Path) -> Fleet:
    """The operator of whose objects others ask: every word that it has is marked."""
    operator = an_operator("quillfeather", "Quillfeather Mining")
    facts = {"entry_number": "QZF-1234567-8", "customs_value": "61733.29", "purchase_order": "QZF7-PO"}
    rows = [_row(number, "QZF7S", site="Quillfeather Bend", **facts) for number in range(1, 4)]
    rows.append(_row(4, "QZF7S", site="Quillfeather Bend", country_of_origin="", entry_date=""))
    fleet = _a_fleet(folder, operator, rows, "quillfeather-ann", email="ann@quillfeather.example")
    maker = Vendor.objects.get(slug="bitmain")
    for vendor in (a_vendor("Quillfeather Hosting", operator=operator), maker):
        a_document(vendor, operator=operator, title="Quillfeather contract", file_name="quillfeather.pdf")
        said_of(vendor, "notes", operator=operator, text="Quillfeather pays late")
        said_of(vendor, "contacts", operator=operator, name="Quill", email="q@quillfeather.example")
        said_of(vendor, "identifiers", operator=operator, system="erp", value=f"QZF7-{vendor.pk}")
    return fleet


def birch(folder: Path) -> Fleet:
    """The operator that asks."""
    operator = an_operator("birch", "Birch")
    rows = [_row(number, "BRC2S", site="Birch Creek", entry_number="BRC-1234567-8") for number in range(1, 4)]
    return _a_fleet(folder, operator, rows, "bea", email="bea@birch.example")


def _row(number: int, serial: str, *, purchase_order: str = "", **said: str) -> dict[str, object]:
    row = a_row(number, **{"serial_number": f"{serial}{number:04d}", **said})
    return {**row, "Purchase Order": purchase_order, "Notes": f"{said['site']} rack"}


def _a_fleet(folder: Path, operator: Operator, rows: list[Any], username: str, *, email: str) -> Fleet:
    own = folder / operator.slug
    own.mkdir()
    manager = a_member(operator, username=username)
    User.objects.filter(pk=manager.pk).update(email=email)
    viewer = a_member(operator, role=OperatorRole.VIEWER, username=f"{username}-looks")
    fleet = Fleet(operator=operator, folder=own, manager=signed_in(manager), staff=None)
    fleet.viewer, fleet.program = signed_in(viewer), a_program(operator, *Scope)
    for client in (fleet.manager, fleet.viewer, fleet.program.client):
        client.raise_request_exception = False  # a fault is an answer, too, and told among the leaks
    assert a_fleet(own, operator, rows)["state"] == "applied"
    return fleet


# ------------------------------------------------------------------------------- what is told here: private, or words


def _private_vendors(fleet: Fleet) -> list[int]:
    own = Vendor.objects.filter(operator=fleet.operator).order_by("pk")
    return [each.pk for each in own[:1]] or [
        a_vendor(f"{fleet.operator.name} Host", operator=fleet.operator).pk
    ]


def _private_slugs(fleet: Fleet) -> list[str]:
    return list(Vendor.objects.filter(pk__in=_private_vendors(fleet)).values_list("slug", flat=True))


def _documents(fleet: Fleet, vendor_id: int) -> list[int]:
    vendor = Vendor.objects.get(pk=vendor_id)
    kept = vendor.documents.values_list("pk", flat=True)
    return list(kept) or [a_document(vendor, operator=fleet.operator).pk]


def _private_hits(fleet: Fleet) -> list[int]:
    """A private vendor that a list names."""
    known = {"slug": "bitriver", "name": "BitRiver Rus LLC", "home_country": "RU"}
    vendor = Vendor.objects.create(operator=fleet.operator, **known)
    sample = {"form": FORMATS["ofac_sdn"], "file": SAMPLES / "sdn.csv", "companions": {}}
    load_list(**sample, as_of=date(2024, 7, 2), at=NOW, floors={})
    screen_vendors(clock=lambda: NOW)
    return [ScreeningHit.objects.filter(vendor=vendor).order_by("-strength", "pk")[0].pk]


def _own_runs(fleet: Fleet) -> list[int]:
    return [AssessmentRun.objects.filter(operator=fleet.operator).latest("pk").pk]


def _facts(_: Fleet, vendor_id: int, kind: str) -> list[int]:
    return list(KINDS[kind].rows.filter(vendor_id=vendor_id).values_list("pk", flat=True)[:1])


def _on_shelf(fleet: Fleet, app: str, name: str) -> Iterator[Any]:
    """Rows of the register's shelf that are the fleet's; of a shelf that is the same for all, the first."""
    model, whose = apps.get_model(app, name), OF_SHELVES.get(f"{app}.{name}")
    assert whose or f"{app}.{name}" in SHELVES_OF_ALL, (
        f"The register has a new shelf, {app}.{name}: say in OF_SHELVES of tests/tenancy/fleets.py whose its rows "
        "are, or in SHELVES_OF_ALL that all operators share them."
    )
    rows = model._default_manager.order_by("-pk")
    yield from (rows.filter(**whose(fleet)) if whose else rows).values_list("pk", flat=True)[:1]


# The register's shelves whose rows are an operator's; a shelf that is in neither list fails the walk.
OF_SHELVES: dict[str, Callable[[Fleet], dict[str, Any]]] = {
    "fleet.operator": lambda fleet: {"pk": fleet.operator.pk},
    "fleet.site": lambda fleet: {"operator": fleet.operator},
    "fleet.membership": lambda fleet: {"operator": fleet.operator},
    "fleet.user": lambda fleet: {"memberships__operator": fleet.operator},
    "ledger.auditentry": lambda fleet: {"operator_id": fleet.operator.pk},
    "vendors.vendor": lambda fleet: {"pk__in": _private_vendors(fleet)},
}
SHELVES_OF_ALL = {"auth.group", "fleet.rigmodel", "risk.policyedition", "risk.measure", "risk.listfetch"}

Maker = Callable[..., list[Any]]
HERE: dict[str, Maker] = {
    "api/v1/evidence/<int:evidence_id>": console.papers,
    "runs/<int:run_id>": _own_runs,
    "screening/<int:hit_id>": _private_hits,
    "vendors/<int:vendor_id>": _private_vendors,
    "vendors/<int:vendor_id>/documents/<int:document_id>": _documents,
    "vendors/<int:vendor_id>/<slug:kind>": lambda *_: list(KINDS),
    "vendors/<int:vendor_id>/<slug:kind>/<int:row_id>": _facts,
    "vendors/named/<slug:slug>": _private_slugs,
    "uploads/<int:upload_id>/<slug:deed>": lambda *_: list(uploads.DEEDS),
    "receipts/<int:receipt_id>/<slug:deed>": lambda *_: list(receipts.DEEDS),
    "rigs/edits/<int:edit_id>/<slug:deed>": lambda *_: list(edits.DEEDS),
    "views/<int:view_id>/<slug:deed>": lambda *_: ["rename", "remove", "bring-back"],
    "webhooks/<int:webhook_id>/<slug:deed>": lambda *_: list(webhooks.DEEDS),
    "fleet/user/<id>": lambda fleet: list(fleet.operator.members.values_list("pk", flat=True)[:1]),
    "r/<path:content_type_id>": lambda *_: [ContentType.objects.get_for_model(Lot).pk],
    "r/<path:content_type_id>/<path:object_id>": lambda fleet, _: [Lot.objects.of(fleet.operator)[0].pk],
    "entries/<path:number>": lambda fleet: sorted(
        set(
            Lot.objects.of(fleet.operator)
            .filter(entry_number__regex="^(QZF|BRC)")
            .values_list("entry_number", flat=True)
        )
    ),
    "api/v1/problems/<slug:name>": lambda *_: ["not_found"],
    "api/v1/models/<int:model_id>": lambda *_: [RigModel.objects.order_by("pk")[0].pk],
}
# Ids that are words of the product, or objects that all operators share: the same for everybody.
WORDS = {
    "api/v1/models/<int:model_id>",
    "api/v1/problems/<slug:name>",
    "policies/<int:number>",
    "policies/<int:number>/measures/<path:code>",
    "r/<path:content_type_id>",
    "receipts/<int:receipt_id>/<slug:deed>",
    "refunds/<int:number>",
    "rigs/edits/<int:edit_id>/<slug:deed>",
    "uploads/<int:upload_id>/<slug:deed>",
    "uploads/<int:upload_id>/guide/<slug:slug>",
    "vendors/<int:vendor_id>/<slug:kind>",
    "views/<int:view_id>/<slug:deed>",
    "webhooks/<int:webhook_id>/<slug:deed>",
    *(f"{shelf.replace('.', '/')}/<path:object_id>" for shelf in SHELVES_OF_ALL),
}
