"""Every address of the console, with an object for each id in it, and what each visitor may open.

A new page is among them by itself. A new kind of id needs one line in MAKERS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from unfold.sites import UnfoldAdminSite

from fleet.models import FleetExport, Lot, Operator, Receipt, Rig, Upload
from fleet.tasks import tend_exports
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import Alert, AssessmentRun, PurchaseCheck, ScreeningHit
from risk.services import start_draft
from tests.api.programs import a_key
from tests.api.test_matrix import a_delivery, a_webhook
from tests.console.visitors import a_fleet, a_member, an_admin, an_operator, signed_in
from tests.database import NOW
from tests.receipts import an_order, received, serials
from tests.risk.lists.samples import SAMPLES
from tests.sheets import a_csv, a_row
from tests.vendors.records import a_document, a_vendor, said_of
from vendors.models import Vendor
from vendors.models.kinds import KINDS

ID = re.compile(r"<(?:\w+:)?(\w+)>")
MAIN = re.compile(r"<main\b(.*)</main>", re.DOTALL)
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')
LIST_2 = "US-301-CN-L2"
STEPS = ("sheet", "columns", "reading", "values", "mode", "answers")
KINDS_SHOWN = ("identifiers", "ties")  # the forms of the other kinds are made from the same parts


def routes() -> list[str]:
    """The addresses of the console's own pages, ids as in its patterns; without those of the register's models."""
    site = admin.site
    of_register = len(UnfoldAdminSite.get_urls(site))
    return ["", *(str(each.pattern) for each in site.get_urls()[:-of_register])]


def shelves() -> list[str]:
    """The lists of the register: one a model."""
    return [f"{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]


def with_ids(route: str, ids: Iterable[Any]) -> str:
    """The route of certain objects."""
    kept = iter(ids)
    return ID.sub(lambda _: str(next(kept)), route)


@dataclass(slots=True, kw_only=True)
class Owner:
    """An operator with a fleet, ann who manages it, and root of the platform; objects are made once, when needed."""

    operator: Operator
    folder: Path
    manager: Client
    staff: Client
    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def addresses_of(self, route: str) -> Iterator[str]:
        """The addresses of a route, one for each object that its makers give."""
        return (f"/{with_ids(route, ids)}" for ids in self.ids_of(route))

    def ids_of(self, route: str) -> list[tuple[Any, ...]]:
        """The ids for a route. Fails with what to add where there is no maker."""
        every: list[tuple[Any, ...]] = [()]
        for found in ID.finditer(route):
            place = route[: found.end()]
            maker = MAKERS.get(place)
            assert maker, (
                f"The page {route} has an id of which the harness knows no object: add to MAKERS in "
                f'tests/browser/every_page.py the line "{place}": a function of the owner (and of the ids before '
                "it) that makes objects of the owner and returns a list of their ids."
            )
            every = [(*before, each) for before in every for each in self._made(place, maker, before)]
        return every

    def _made(self, place: str, maker: Callable[..., list[Any]], before: tuple[Any, ...]) -> list[Any]:
        key = (place, *before)
        if key not in self.made:
            self.made[key] = maker(self, *before)
        return list(self.made[key])


def an_owner(operator: Operator, folder: Path, manager: Any) -> Owner:
    """The operator of a fleet as the pages of its manager and of the platform show it."""
    return Owner(operator=operator, folder=folder, manager=signed_in(manager), staff=signed_in(an_admin()))


def somebody_without_a_fleet() -> Client:
    """The manager of an operator that has just begun."""
    return signed_in(a_member(an_operator("beginners", "New Hash LLC"), username="eve"))


def opened(client: Client, addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Those of the addresses that show the visitor a page, each with what is on it: no deed, no file, no refusal, no
    way elsewhere."""
    for address in addresses:
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield address, TOKEN.sub("", MAIN.search(answer.content.decode())[1])
        for close in answer._resource_closers:  # files; closing the answer would close the database too
            close()


# -------------------------------------------------------------------------------------------------------- the makers


def lots(owner: Owner) -> list[int]:
    """One that is exposed, and one of which little is known."""
    every = Lot.objects.of(owner.operator).order_by("pk")
    unknown = every.filter(country_of_origin="").first()
    return [each.pk for each in (every.exclude(entry_date=None).first(), unknown) if each]


def uploads(owner: Owner) -> list[int]:
    """Applied, refused, checked, and one whose columns are asked for."""
    path = a_csv(owner.folder, [a_row(41), a_row(42, hts_code="84.71")], name="wrong.csv")
    owner.manager.post("/uploads/new/", {"file": SimpleUploadedFile("wrong.csv", path.read_bytes())})
    path = a_csv(owner.folder, [a_row(51)], name="mine.csv")
    begun = SimpleUploadedFile("mine.csv", path.read_bytes().replace(b"Site", b"Where"))
    owner.manager.post("/uploads/guide/", {"file": begun})
    from fleet.tasks import read_waiting_uploads

    read_waiting_uploads()
    every = Upload.objects.of(owner.operator).order_by("state", "pk")
    return [each.pk for each in {each.state: each for each in every}.values()]


def exports(owner: Owner) -> list[int]:
    """A workbook that is ready."""
    owner.manager.post("/rigs/workbook/")
    tend_exports()
    return [FleetExport.objects.of(owner.operator).latest("pk").pk]


def receipts(owner: Owner) -> list[int]:
    """One that was confirmed."""
    rows = [an_order("PO-BROWSER", quantity=20)]
    assert a_fleet(owner.folder, owner.operator, rows)["state"] == "applied"
    path = a_csv(owner.folder, [{"Serial Number": each} for each in serials(1, 5)], name="manifest.csv")
    received(owner.operator, "--manifest", path, purchase_order="PO-BROWSER")
    return [Receipt.objects.of(owner.operator).latest("pk").pk]


def entry_numbers(owner: Owner) -> list[str]:
    """An entry of the fleet."""
    return [Lot.objects.of(owner.operator).exclude(entry_number="").order_by("pk")[0].entry_number]


def papers(owner: Owner) -> list[int]:
    """A certificate for an entry."""
    from fleet.models import OriginEvidence

    said = {"title": "Certificate 7", "kind": "certificate", "country": "my", "strength": "strong"}
    file = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 paper")
    covers = {"entry_number": entry_numbers(owner)[0]}
    owner.manager.post("/evidence/new/", {**said, **covers, "issued_on": "2024-04-01", "file": file})
    return [OriginEvidence.objects.of(owner.operator).latest("pk").pk]


def checks(owner: Owner) -> list[str]:
    """A purchase that was asked about."""
    line = {
        "model_0": "Antminer S21 XP",
        "quantity_0": "500",
        "unit_value_0": "3900.00",
        "vendor_0": "Bitmain",
    }
    owner.manager.post("/checks/new/", {**line, "purchase_order": "PO-9", "on": "2026-11-28"})
    return [PurchaseCheck.objects.of(owner.operator).latest("pk").code]


def webhooks(owner: Owner) -> list[int]:
    """An address that would hear of events."""
    return [a_webhook(owner)]


def deliveries(owner: Owner, webhook_id: int) -> list[int]:
    """A test event that waits."""
    return [a_delivery(owner, webhook_id)]


def keys(owner: Owner) -> list[int]:
    """A key of a program."""
    from fleet.models import ApiKey

    a_key(owner.operator)
    return [ApiKey.objects.filter(operator=owner.operator).latest("pk").pk]


def holds(owner: Owner) -> list[int]:
    """One on an upload, and one that was lifted."""
    from fleet.models import LegalHold

    upload = Upload.objects.of(owner.operator).earliest("pk")
    for said in ({"why": "Court of International Trade 26-117"}, {"why": "CBP Form 28", "upload": upload.pk}):
        owner.manager.post("/holds/", said)
    lifted, standing = LegalHold.objects.of(owner.operator).order_by("pk").values_list("pk", flat=True)
    owner.manager.post(f"/holds/{lifted}/lift/", {"why": "settled"})
    return [lifted, standing]


def editions(owner: Owner) -> list[int]:
    """The law in force, and a draft."""
    return [1, start_draft(title="A draft").number]


def hits(owner: Owner) -> list[int]:
    """A vendor that a list names."""
    Vendor.objects.create(slug="bitriver-rus", name="BitRiver Rus LLC", home_country="RU")
    sample = {"form": FORMATS["ofac_sdn"], "file": SAMPLES / "sdn.csv", "companions": {}}
    load_list(**sample, as_of=date(2024, 7, 2), at=NOW, floors={})
    screen_vendors(clock=lambda: NOW)
    return [ScreeningHit.objects.order_by("-strength", "pk")[0].pk]


def vendors(owner: Owner) -> list[int]:
    """A maker of the register with a paper, and the operator's own host."""
    maker = Vendor.objects.get(slug="bitmain")
    a_document(maker)
    said_of(maker, "identifiers", system="lei", value="5493001KJTIIGC8Y1R12")
    return [maker.pk, a_vendor("Valley Hosting", operator=owner.operator).pk]


def documents(_: Owner, vendor_id: int) -> list[int]:
    """Papers about the vendor."""
    return list(Vendor.objects.get(pk=vendor_id).documents.values_list("pk", flat=True))


def facts(_: Owner, vendor_id: int, kind: str) -> list[int]:
    """A fact of the kind on the vendor's record, where there is one."""
    return list(KINDS[kind].rows.filter(vendor_id=vendor_id).values_list("pk", flat=True)[:1])


def edits(owner: Owner) -> list[int]:
    """An edit of two rigs that is shown and not applied."""
    from fleet.models import BulkEdit

    chosen = list(Rig.objects.of(owner.operator).order_by("pk").values_list("pk", flat=True)[:2])
    owner.manager.post("/rigs/edits/new/", {"rig": chosen, "said": "1", "rack": "R9", "why": "moved"})
    return [BulkEdit.objects.of(owner.operator).latest("pk").pk]


def views(owner: Owner) -> list[int]:
    """A kept view of the list of rigs."""
    from fleet.models import SavedView

    owner.manager.post("/views/save/", {"list": "rigs", "name": "Retired", "query": "status=retired"})
    return [SavedView.objects.of(owner.operator).latest("pk").pk]


def reports(owner: Owner) -> list[int]:
    """A board report that was written."""
    from risk.models import Report

    asked = owner.manager.post("/reports/new/", {"kind": "board", "form": "pdf", "measure": "units"})
    for close in asked._resource_closers:
        close()
    return [Report.objects.of(owner.operator).latest("pk").pk]


def schedules(owner: Owner) -> list[int]:
    """A report that is mailed to its manager every week."""
    from risk.models import ReportSchedule

    ann = owner.operator.members.order_by("pk")[0]
    ann.email = ann.email or "ann@example.com"
    ann.save()
    said = {"kind": "board", "form": "pdf", "measure": "units", "rhythm": "weekly", "recipients": [ann.pk]}
    owner.manager.post("/reports/schedules/new/", said)
    return [ReportSchedule.objects.of(owner.operator).latest("pk").pk]


def passkeys(owner: Owner) -> list[int]:
    """A passkey of the manager."""
    from fleet.models import Passkey

    ann = owner.operator.members.order_by("pk")[0]
    said = {"credential_id": f"made-up-{ann.pk}", "credential": b"", "added_at": NOW}
    return [Passkey.objects.get_or_create(person=ann, name="my telephone", defaults=said)[0].pk]


def sessions(owner: Owner) -> list[int]:
    """The session of the manager."""
    from fleet.models import PersonSession

    return list(
        PersonSession.objects.filter(person__in=owner.operator.members.all()).values_list("pk", flat=True)
    )


def latest(model: Any) -> Callable[[Owner], list[int]]:
    """A maker that takes what the owner's fleet has brought with it."""
    return lambda owner: list(
        model.objects.of(owner.operator).order_by("-pk").values_list("pk", flat=True)[:1]
    )


def always(*ids: Any) -> Callable[..., list[Any]]:
    """A maker of what is there in every fleet."""
    return lambda *_: list(ids)


# Place of an id -> what makes objects of the owner and returns their ids. The makers of an id inside another one's
# address get the ids before it.
MAKERS: dict[str, Callable[..., list[Any]]] = {
    "alerts/<int:alert_id>": latest(Alert),
    "checks/<slug:code>": checks,
    "entries/<path:number>": entry_numbers,
    "evidence/<int:evidence_id>": papers,
    "holds/<int:hold_id>": holds,
    "keys/<int:key_id>": keys,
    "lots/<int:lot_id>": lots,
    "me/passkeys/<int:passkey_id>": passkeys,
    "me/sessions/<int:session_id>": sessions,
    "policies/<int:number>": editions,
    "policies/<int:number>/measures/<path:code>": always(LIST_2),
    "receipts/<int:receipt_id>": receipts,
    "receipts/<int:receipt_id>/<slug:deed>": always("undo"),
    "refunds/<int:number>": always(1),
    "reports/<int:report_id>": reports,
    "reports/schedules/<int:schedule_id>": schedules,
    "rigs/<int:rig_id>": latest(Rig),
    "rigs/edits/<int:edit_id>": edits,
    "rigs/edits/<int:edit_id>/<slug:deed>": always("undo"),
    "rigs/workbook/<int:export_id>": exports,
    "runs/<int:run_id>": lambda _: [AssessmentRun.objects.latest("pk").pk],
    "screening/<int:hit_id>": hits,
    "uploads/<int:upload_id>": uploads,
    "uploads/<int:upload_id>/<slug:deed>": always("undo"),
    "uploads/<int:upload_id>/guide/<slug:slug>": always(*STEPS),
    "vendors/<int:vendor_id>": vendors,
    "vendors/<int:vendor_id>/<slug:kind>": always(*KINDS_SHOWN),
    "vendors/<int:vendor_id>/<slug:kind>/<int:row_id>": facts,
    "vendors/<int:vendor_id>/documents/<int:document_id>": documents,
    "vendors/named/<slug:slug>": always("bitmain"),
    "views/<int:view_id>": views,
    "views/<int:view_id>/<slug:deed>": always("rename"),
    "webhooks/<int:webhook_id>": webhooks,
    "webhooks/<int:webhook_id>/<slug:deed>": always("test"),
    "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>": deliveries,
}
