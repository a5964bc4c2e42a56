"""Changes of the fleet: each a verb, refused before anything is written, done in one transaction."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from fleet import tasks
from fleet.flows import correct_rigs as flow
from fleet.flows import edit_rigs as edit_flow
from fleet.flows import liquidations, sent_rows, sites
from fleet.flows import origin_evidence as evidence_flow
from fleet.flows.look_at_upload import look_at
from fleet.flows.receipt_plan import ReceiptPlan
from fleet.flows.receive_goods import plan_receipt, write_receipt
from fleet.flows.sent_rows import WrittenRows
from fleet.flows.undo_edit import not_applied, undo_edit
from fleet.flows.undo_receipt import undo_receipt
from fleet.flows.undo_upload import undo_upload
from fleet.flows.upload_choices import READ_BY_HEADINGS, Choices
from fleet.flows.upload_report import tell_of
from fleet.flows.upload_writing import Deed, FleetMoved
from fleet.models import (
    ApiKey,
    BulkEdit,
    FleetExport,
    LegalHold,
    Operator,
    OriginEvidence,
    Receipt,
    Rig,
    RigModel,
    SavedMapping,
    SavedView,
    Site,
    Upload,
    User,
)
from fleet.models.bulk_edit import EditState
from fleet.models.export import ExportState
from fleet.models.keys import Scope, digest_of, new_secret, written
from fleet.models.receipt import SAID, ReceiptState
from fleet.models.signing_in import subject_of
from fleet.models.upload import UploadState
from fleet.sheets.reading import RowProblem
from fleet.sheets.wrecks import UnreadableSheet
from fleet.signals import lots_changed
from ledger.malware import refuse_malware
from ledger.models import AuditEntry, differing, record
from ledger.papers import refuse_unfit_paper
from ledger.stored_files import sha256_of
from ledger.unseen import refuse_unseen
from risk.engine.kept_facts import digest_of as digest_of_facts
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.rigs import RigStatus

TRIES = 5
USED_FROM_NEW_ADDRESS = "API key used from a new address"
MOST_RIGS_AN_EDIT = 100_000
LOTS_NAMED = 1_000  # on the audit
RIGS_AT_ONCE = 1_000  # more are a worker's, so that no page waits longer than a second
OPEN_STATES = (UploadState.CHOOSING, UploadState.CHECKED, UploadState.REFUSED)


def register_operator(*, slug: str, name: str, by: Any = None) -> Operator:
    """Make an operator. Raises ValidationError when the slug is taken or malformed."""
    operator = Operator(slug=slug, name=name)
    operator.full_clean()
    with transaction.atomic():
        operator.save()
        record(deed="operator registered", subject=f"operator {operator.pk}", by=by, operator_id=operator.pk)
    return operator


def set_person_formats(
    *, person: User, time_zone: str, number_format: str, date_style: str, measure: str
) -> None:
    """How pages are told to a person. Raises ValidationError for a time zone that is none, and for other choices."""
    if time_zone and time_zone not in available_timezones():
        raise ValidationError({"time_zone": f"{time_zone} is no time zone; choose one like America/Chicago."})
    said = {
        "time_zone": time_zone,
        "number_format": number_format,
        "date_style": date_style,
        "measure": measure,
    }
    before = {name: getattr(person, name) for name in said}
    for name, value in said.items():
        setattr(person, name, value)
    person.clean_fields(exclude=[each.name for each in User._meta.fields if each.name not in said])
    with transaction.atomic():
        person.save(update_fields=list(said))
        if changed := differing(before, said):
            record(deed="own formats set", subject=subject_of(person), by=person, changed=changed)


def issue_key(
    *,
    operator: Operator,
    name: str,
    scopes: Iterable[str],
    at: datetime,
    by: Any = None,
    expires_at: datetime | None = None,
    ip_ranges: Iterable[str] = (),
    rotated_from: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for a program; returns it and its text, which is kept nowhere and is shown this once.

    Raises ValidationError for a scope that is none, a moment that is past and a range that is none.
    """
    prefix, secret = new_secret()
    key = ApiKey(
        operator=operator,
        name=name.strip(),
        scopes=_scopes(scopes),
        prefix=prefix,
        digest=digest_of(secret),
        ip_ranges=_ip_ranges(ip_ranges),
        made_by=by,
        expires_at=expires_at,
        rotated_from=rotated_from,
    )
    _refuse_unfit_key(key, at)
    with transaction.atomic():
        key.save()
        record(
            deed="API key issued",
            subject=key.subject,
            by=by,
            operator_id=operator.pk,
            name=key.name,
            scopes=key.scopes,
            ip_ranges=key.ip_ranges,
            expires_at=expires_at.isoformat() if expires_at else None,
        )
    return key, written(prefix, secret)


def revoke_key(*, key: ApiKey, at: datetime, by: Any = None, why: str = "") -> None:
    """End a key. One that was to end later ends at the moment; one that has ended stays as it is."""
    with transaction.atomic():
        ending = ApiKey.objects.in_force_at(at).filter(pk=key.pk)
        if ending.update(revoked_at=at):
            record(deed="API key revoked", subject=key.subject, by=by, operator_id=key.operator_id, why=why)


def rotate_key(*, key: ApiKey, at: datetime, overlap: timedelta, by: Any = None) -> tuple[ApiKey, str]:
    """Make a key like this one; the old one goes on for the overlap, so that programs can be moved.

    The new one keeps the old one's expiry. Raises ValidationError for a key that is in force no more, and for one
    that has a successor in force: to one key one other follows, so that nobody is left with a key of no program.
    """
    with transaction.atomic():
        # Read under the lock: whoever revokes or rotates it at the same moment comes before or after.
        held = ApiKey.objects.select_for_update().in_force_at(at).filter(pk=key.pk).first()
        if held is None:
            raise ValidationError("This key is in force no more; issue a new one.", code="key_ended")
        _refuse_second_successor(held, at)
        ends = min(each for each in (at + overlap, held.revoked_at, held.expires_at) if each)
        ApiKey.objects.filter(pk=held.pk).update(revoked_at=ends)
        fresh, text = issue_key(
            operator=held.operator,
            name=held.name,
            scopes=held.scopes,
            at=at,
            by=by,
            expires_at=held.expires_at,
            ip_ranges=held.ip_ranges,
            rotated_from=held,
        )
        record(
            deed="API key rotated",
            subject=held.subject,
            by=by,
            operator_id=held.operator_id,
            new_key=fresh.prefix,
            ends_at=ends.isoformat(),
        )
    return fresh, text


def _refuse_second_successor(key: ApiKey, at: datetime) -> None:
    if successor := key.successor_at(at):
        sentence = (
            f"This key was rotated already: {successor} follows it. If nobody kept that one, revoke it first; then "
            "this key can be rotated again while it is in force."
        )
        raise ValidationError(sentence, code="key_rotated")


def note_address_of_key(*, key: ApiKey, address: str) -> None:
    """Put the first use of a key from an address on record; later ones are there already."""
    deeds = AuditEntry.objects.filter(subject=key.subject, deed=USED_FROM_NEW_ADDRESS)
    if not deeds.filter(detail__address=address).exists():
        record(
            deed=USED_FROM_NEW_ADDRESS,
            subject=key.subject,
            operator_id=key.operator_id,
            address=address,
        )


def _scopes(given: Iterable[str]) -> list[str]:
    asked = set(given)
    if unknown := sorted(asked - set(Scope)):
        raise ValidationError(
            f"'{unknown[0]}' is no scope; the scopes are: {', '.join(Scope)}.", code="scope_unknown"
        )
    if not asked:
        raise ValidationError("A key needs at least one scope.", code="scope_missing")
    return [str(scope) for scope in Scope if scope in asked]


def _ip_ranges(given: Iterable[str]) -> list[str]:
    try:
        return [str(ipaddress.ip_network(text.strip())) for text in given]
    except ValueError as wrong:
        sentence = f"{wrong}; write an address or a range like 192.0.2.0/24."
        raise ValidationError(sentence, code="ip_range_unreadable") from None


def _refuse_unfit_key(key: ApiKey, at: datetime) -> None:
    if not key.name:
        raise ValidationError("A key needs a name that tells which program uses it.", code="name_missing")
    refuse_unseen(key.name, "The name", code="name_unseen")
    if key.expires_at and key.expires_at <= at:
        raise ValidationError("The key would have expired already.", code="expiry_past")
    key.full_clean(exclude=["operator", "made_by", "rotated_from", "ip_ranges"])


def accept_upload(
    *,
    operator: Operator,
    file: File,
    file_name: str,
    by: Any = None,
    choices: dict[str, Any] | None = None,
    in_background: bool = True,
) -> Upload:
    """Keep a spreadsheet under a random name and set its reading going after the commit.

    `choices`: see fleet.flows.upload_choices. With `in_background` off the caller reads it itself. The same
    bytes with the same choices, applied, not undone, the fleet unchanged since, are that earlier upload:
    it is returned, and nothing is written. Raises ValidationError for a file that is empty or over the
    limit, and for a choice that is none.
    """
    _refuse_unfit_sheet(file)
    choices = {name: value for name, value in (choices or {}).items() if value is not None}
    Choices.read(choices)
    sha256 = sha256_of(file)
    if earlier := _same_upload(operator, sha256, choices):
        return earlier
    with transaction.atomic():
        upload = Upload.objects.create(
            operator=operator,
            uploaded_by=by,
            file=File(file, name=file_name),
            file_name=file_name[-255:],
            sha256=sha256,
            choices=choices,
        )
        _record_upload("upload sent", upload, by, file=upload.file_name, sha256=sha256, choices=choices)
        if in_background:
            tasks.start_reading(upload.pk)
    return upload


def begin_upload(*, operator: Operator, file: File, file_name: str, by: Any = None) -> Upload:
    """Keep a spreadsheet that is to be set up step by step; nothing of it is read into the fleet.

    How its headings were read the last time is chosen already. A file that cannot be read at all is kept as
    refused, with the sentence that says why. The same bytes, applied the same way and the fleet unchanged
    since, are that earlier upload. Raises ValidationError for a file that is empty or over the limit.
    """
    _refuse_unfit_sheet(file)
    sha256 = sha256_of(file)
    earlier = _same_bytes(operator, sha256)
    if earlier and not earlier.choices.get("sheet"):  # of a workbook of several sheets another may be meant
        return earlier
    with transaction.atomic():
        upload = Upload.objects.create(
            operator=operator,
            uploaded_by=by,
            file=File(file, name=file_name),
            file_name=file_name[-255:],
            sha256=sha256,
            state=UploadState.CHOOSING,
        )
        _record_upload("upload begun", upload, by, file=upload.file_name, sha256=sha256)
    try:
        saved = SavedMapping.objects.of(operator).filter(heading_set=look_at(upload).heading_set).first()
    except UnreadableSheet as wreck:
        refuse_upload(upload=upload, sentence=str(wreck), by=by)
        return upload
    if saved:
        upload.choices = saved.choices
        upload.save(update_fields=["choices"])
    return upload


def choose(*, upload: Upload, choices: Mapping[str, Any], by: Any = None) -> None:
    """Keep answers with an upload that is being set up, checked or refused; it waits for a check again.

    Raises ValidationError for an upload that is applied or under way, and for a choice that is none.
    """
    merged = {name: value for name, value in {**upload.choices, **choices}.items() if value is not None}
    Choices.read(merged)
    changed = differing(upload.choices, merged)
    with transaction.atomic():
        _change_while_open(upload, "set up", choices=merged, state=UploadState.CHOOSING, refusal="")
        if changed:
            _record_upload("upload set up", upload, by, changed=changed)


def refuse_upload(*, upload: Upload, sentence: str, by: Any = None) -> None:
    """Say why an upload that is being set up cannot be read. Raises ValidationError for one under way."""
    with transaction.atomic():
        _change_while_open(upload, "refused", state=UploadState.REFUSED, refusal=sentence[:500])
        _record_upload("upload refused", upload, by, why=sentence[:500])
        tell_of(upload)


def remember_mapping(*, upload: Upload, heading_set: str, at: datetime, by: Any = None) -> None:
    """Keep how the headings of an upload are read, for the next sheet that has them; nothing where they were
    read as they stand.
    """
    choices = {name: upload.choices[name] for name in READ_BY_HEADINGS if upload.choices.get(name)}
    if not choices:
        forget_mapping(operator=upload.operator, heading_set=heading_set, by=by)
        return
    with transaction.atomic():
        standing = SavedMapping.objects.of(upload.operator).filter(heading_set=heading_set).first()
        changed = differing(standing.choices if standing else {}, choices)
        kept, _ = SavedMapping.objects.update_or_create(
            operator_id=upload.operator_id,
            heading_set=heading_set,
            defaults={"file_name": upload.file_name, "choices": choices, "used_at": at, "used_by": by},
        )
        if changed:
            _record_mapping("mapping kept", kept, by, changed)


def forget_mapping(*, operator: Operator, heading_set: str, by: Any = None) -> None:
    """Ask anew for the next sheet with these headings."""
    with transaction.atomic():
        if standing := SavedMapping.objects.of(operator).filter(heading_set=heading_set).first():
            _record_mapping("mapping forgotten", standing, by, differing(standing.choices, {}))
            standing.delete()


def _record_upload(deed: str, upload: Upload, by: Any, **detail: Any) -> None:
    record(deed=deed, subject=f"upload {upload.pk}", by=by, operator_id=upload.operator_id, **detail)


def _record_mapping(deed: str, mapping: SavedMapping, by: Any, changed: dict[str, Any]) -> None:
    subject = f"mapping {mapping.pk}"
    record(deed=deed, subject=subject, by=by, operator_id=mapping.operator_id, changed=changed)


def register_model(*, maker: Any, name: str, by: Any = None) -> RigModel:
    """Add a model that the catalogue does not know to a maker on record; hashrate, power and HTS code stay
    unknown until somebody gives them. Raises ValidationError where the maker has a model of that name.
    """
    model = RigModel(maker=maker, name=" ".join(name.split()))
    model.full_clean(exclude=["hashrate_ghs", "power_w"])
    with transaction.atomic():
        model.save()
        record(deed="model registered", subject=f"model {model.pk}", by=by, name=model.name, maker=str(maker))
    return model


def correct_rigs(
    *,
    operator: Operator,
    rig_ids: Iterable[int],
    values: Mapping[str, Any],
    at: datetime,
    by: Any,
    why: str = "",
) -> int:
    """Correct facts of rigs on record; rigs whose facts now differ move to the lot of these facts.

    `values` by the names of facts on record (status, site, country_of_origin, entry_date, …). Raises
    ValidationError for a fact that is none, and for an unknown site or status. Returns how many changed.
    """
    _refuse_unknown_facts(operator, values)
    deed = Deed(operator=operator, at=at, by=by)
    try:
        return flow.correct_rigs(deed, rig_ids, values, why=why)
    except FleetMoved:
        raise ValidationError("Somebody else is changing this fleet; try again.", code="fleet_busy") from None


def retire_rigs(*, operator: Operator, rig_ids: Iterable[int], at: datetime, by: Any, why: str = "") -> int:
    """Take rigs out of the fleet; their entries stay open to customs and to refunds."""
    values = {"status": RigStatus.RETIRED.value}
    return correct_rigs(operator=operator, rig_ids=rig_ids, values=values, at=at, by=by, why=why)


class RowsWrong(ValidationError):
    """Rows that were refused; `problems` are all of them, the message is the sentence of the only one."""

    code_of_many = "rows_wrong"

    def __init__(self, problems: list[RowProblem]) -> None:
        first = problems[0]
        if len(problems) > 1:
            sentence = f"{len(problems)} things are wrong; nothing was written. The first: {first.sentence}"
            super().__init__(sentence, code=self.code_of_many)
        else:
            super().__init__(first.sentence, code=first.code)
        self.problems = problems


def write_rows(
    *,
    operator: Operator,
    rows: Sequence[Any],
    at: datetime,
    by: Any = None,
    through: str = "",
    is_partial: bool = False,
    **choices: Any,
) -> WrittenRows:
    """Put rows that a program sends into the fleet, as an upload's rows are: one a rig, or `quantity` rigs.

    `rows` are objects by the names of a sheet's columns, `choices` are those of an upload (mode, identifiers, …),
    and `through` names the program. Raises RowsWrong with all that is wrong, and nothing is written; with
    `is_partial` the right rows are.
    """
    chosen = Choices.read(choices)
    deed = Deed(operator=operator, at=at, by=by, through=through, is_of_rows=True)
    for alone in _turns(operator):
        with suppress(FleetMoved), alone:
            compared = sent_rows.compare_rows(operator, rows, chosen)
            if compared.plan.problems and not is_partial:
                raise RowsWrong(compared.plan.problems)
            return sent_rows.write_rows(deed, compared, row_count=len(rows))
    raise _busy()


def correct_values(
    *,
    operator: Operator,
    rig_ids: Iterable[int],
    said: Mapping[str, Any],
    at: datetime,
    by: Any = None,
    through: str = "",
    why: str = "",
    still: Callable[[], object] = lambda: None,
) -> None:
    """Correct rigs on record by values as a sheet's cells give them, held to the checks of a sheet's row; a later
    sheet that says otherwise does not undo it. Rigs whose facts now differ move to the lot of these facts.

    `still` raises where the change is wanted no more; it is asked on the very fleet that is written. Raises
    RowsWrong with all that is wrong, once for each field.
    """
    rig_ids = list(rig_ids)
    deed = Deed(operator=operator, at=at, by=by, through=through)
    for alone in _turns(operator):
        with suppress(FleetMoved), alone:
            compared = sent_rows.compare_values(operator, rig_ids, said)
            still()
            if compared.plan.problems:
                raise RowsWrong(_once_a_field(compared.plan.problems))
            sent_rows.write_values(deed, compared, said, why=why)
            return
    raise _busy()


def _turns(operator: Operator) -> Iterator[AbstractContextManager[object]]:
    """The blocks in which a change is tried: first without keeping anybody waiting, as most succeed; from then on
    while nobody else can change the fleet, so that who is slow is not overtaken for ever."""
    yield nullcontext()
    for _ in range(TRIES - 1):
        yield _alone(operator)


@contextmanager
def _alone(operator: Operator) -> Iterator[None]:
    """A transaction in which the fleet is this one's to change; SQLite has one writer anyway. The key is not locked:
    a worker goes on to write findings, which name the operator, and neither waits for the other."""
    with transaction.atomic():
        list(Operator.objects.select_for_update(no_key=True).filter(pk=operator.pk).values_list("pk"))
        yield


def ask_to_edit(
    *,
    operator: Operator,
    rig_ids: Iterable[int],
    said: Mapping[str, Any],
    at: datetime,
    by: Any = None,
    why: str = "",
    query: str = "",
) -> BulkEdit:
    """Have an edit of many rigs compared with the fleet: `said` as for `correct_values`. Nothing of it is written.

    Raises RowsWrong where a value is none for its column, and ValidationError for no rigs, too many, or no value.
    Few rigs are compared at once; many by a worker, and the edit's `progress` tells how far it is.
    """
    ids = sorted(set(rig_ids))
    _refuse_unfit_edit(operator, ids, said)
    with transaction.atomic():
        edit = BulkEdit.objects.create(
            operator=operator,
            asked_by=by,
            asked_at=at,
            query=query,
            rig_ids=ids,
            rigs=len(ids),
            said=said,
            why=why,
        )
        _record_edit("edit of rigs asked for", edit, by, rigs=len(ids), values=said, why=why)
        if len(ids) > RIGS_AT_ONCE:
            tasks.start_editing(edit.pk)
    if len(ids) <= RIGS_AT_ONCE:
        edit_flow.check_edit(edit.pk, clock=lambda: at)
        edit.refresh_from_db()
    return edit


def confirm_edit(*, edit: BulkEdit, shown: str, at: datetime, by: Any = None) -> BulkEdit:
    """Write an edit that was checked, if `shown` is the digest that was previewed.

    Raises ValidationError where it is not checked, or another one was shown. An edit that would do something else
    by now is not written; it is checked again, and its `refusal` says so.
    """
    mine = BulkEdit.objects.filter(pk=edit.pk, state=EditState.CHECKED, plan_digest=shown)
    with transaction.atomic():
        if not mine.update(state=EditState.CONFIRMED, confirmed_by=by, refusal=""):
            edit.refresh_from_db()
            sentence = f"Edit {edit.pk} is {edit.get_state_display()}; look at its preview again."
            raise ValidationError(sentence, code="edit_not_checked")
        if edit.rigs > RIGS_AT_ONCE:
            tasks.start_editing(edit.pk)
    if edit.rigs <= RIGS_AT_ONCE:
        edit_flow.apply_edit(edit.pk, clock=lambda: at)
    edit.refresh_from_db()
    return edit


def discard_edit(*, edit: BulkEdit, by: Any = None) -> None:
    """Drop an edit that was not written."""
    open_states = (EditState.WAITING, EditState.CHECKED, EditState.REFUSED)
    with transaction.atomic():
        still_open = BulkEdit.objects.filter(pk=edit.pk, state__in=open_states)
        if still_open.update(state=EditState.DISCARDED):
            _record_edit("edit of rigs discarded", edit, by)


def _record_edit(deed: str, edit: BulkEdit, by: Any, **detail: Any) -> None:
    record(deed=deed, subject=f"edit {edit.pk}", by=by, operator_id=edit.operator_id, **detail)


def take_back_edit(*, edit: BulkEdit, at: datetime, by: Any = None) -> BulkEdit:
    """Undo an applied edit as a whole; what was changed since stays and is named in its `undo_report`.

    One of many rigs is taken back by a worker. Raises ValidationError for an edit that is not applied, and while
    somebody else changes the fleet.
    """
    try:
        if edit.changed <= RIGS_AT_ONCE:
            undo_edit(edit.pk, at=at, by=by)
        else:
            _ask_to_undo(edit, by)
    except FleetMoved:
        raise _busy() from None
    edit.refresh_from_db()
    return edit


def _ask_to_undo(edit: BulkEdit, by: Any) -> None:
    applied = BulkEdit.objects.filter(pk=edit.pk, state=EditState.APPLIED)
    with transaction.atomic():
        if not applied.update(state=EditState.UNDOING, undone_by=by, refusal=""):
            edit.refresh_from_db()
            raise not_applied(edit)
        tasks.start_editing(edit.pk)


def _refuse_unfit_edit(operator: Operator, ids: Sequence[int], said: Mapping[str, Any]) -> None:
    if not ids:
        raise ValidationError("Choose at least one rig.", code="no_rigs")
    if len(ids) > MOST_RIGS_AN_EDIT:
        sentence = (
            f"{len(ids):,} rigs are too many for one edit; narrow the view to {MOST_RIGS_AN_EDIT:,} or fewer."
        )
        raise ValidationError(sentence, code="too_many_rigs")
    if not said:
        raise ValidationError("Say at least one value that is to change.", code="no_values")
    first = Rig.objects.of(operator).filter(pk__in=ids[:1])
    problems = sent_rows.compare_values(operator, first.values_list("pk", flat=True), said).plan.problems
    if wrong := [each for each in problems if each.column in said and each.value]:
        raise RowsWrong(_once_a_field(wrong))


def save_view(
    *, operator: Operator, person: Any, viewed: str, name: str, query: str, is_shared: bool, at: datetime
) -> SavedView:
    """Keep the address of a list under a name; the person's own view of that name is overwritten.

    Raises ValidationError for a name that is empty or too long.
    """
    view = SavedView(
        operator=operator,
        person=person,
        list=viewed,
        name=" ".join(name.split()),
        query=query,
        is_shared=is_shared,
        made_at=at,
    )
    view.full_clean(validate_constraints=False)
    with transaction.atomic():
        standing = SavedView.objects.of(operator).filter(
            person=person, list=viewed, name=view.name, removed_at__isnull=True
        )
        if same := standing.first():
            standing.update(query=query, is_shared=is_shared, made_at=at)
            same.refresh_from_db()
            return same
        view.save()
    return view


def rename_view(*, view: SavedView, name: str, is_shared: bool) -> None:
    """Call a view otherwise, and say who sees it. Raises ValidationError for a name that is empty or taken."""
    view.name, view.is_shared = " ".join(name.split()), is_shared
    taken = SavedView.objects.of(view.operator).filter(
        person=view.person, list=view.list, name=view.name, removed_at__isnull=True
    )
    if taken.exclude(pk=view.pk).exists():
        raise ValidationError({"name": f"You have a view '{view.name}' already."}, code="name_taken")
    view.full_clean(validate_constraints=False)
    view.save(update_fields=["name", "is_shared"])


def remove_view(*, view: SavedView, at: datetime) -> None:
    """Take a view away; `bring_back_view` undoes it."""
    view.removed_at = at
    view.save(update_fields=["removed_at"])


def bring_back_view(*, view: SavedView) -> None:
    """Undo a removal. Raises ValidationError where another view has the name by now."""
    view.removed_at = None
    rename_view(view=view, name=view.name, is_shared=view.is_shared)
    view.save(update_fields=["removed_at"])


def _once_a_field(problems: Iterable[RowProblem]) -> list[RowProblem]:
    return list({(each.column, each.code): each for each in problems}.values())


def _busy() -> ValidationError:
    return ValidationError("Somebody else is changing this fleet; try again.", code="fleet_busy")


def register_site(
    *, operator: Operator, said: Mapping[str, Any], at: datetime, by: Any = None, through: str = ""
) -> Site:
    """Make a site; `said` has its name and, where known, the country. Raises RowsWrong with all that is wrong."""
    return _with_turn(sites.register_site, Deed(operator=operator, at=at, by=by, through=through), said)


def change_site(
    *,
    site: Site,
    said: Mapping[str, Any],
    at: datetime,
    by: Any = None,
    through: str = "",
    still: Callable[[], object] = lambda: None,
) -> Site:
    """Rename a site, or correct its country, which rows of later sheets take for the country of import.

    `still` raises where the change is wanted no more. Raises RowsWrong with all that is wrong.
    """
    deed = Deed(operator=site.operator, at=at, by=by, through=through)
    return _with_turn(sites.change_site, deed, said, site=site, still=still)


def _with_turn(flow_: Callable[..., Site], deed: Deed, said: Mapping[str, Any], **more: Any) -> Site:
    problems = sites.problems_of(deed.operator, said, site=more.get("site"))
    if problems:
        raise RowsWrong(problems)
    for _ in range(TRIES):
        try:
            return flow_(deed, said, **more)
        except FleetMoved:
            continue
    raise _busy()


def keep_evidence(
    *,
    operator: Operator,
    file: File,
    file_name: str,
    covering: Mapping[str, Any],
    at: datetime,
    by: Any = None,
    **said: Any,
) -> tuple[OriginEvidence, int]:
    """Add a paper and attach it (see add_evidence and attach_evidence), or neither; a refused file is not kept.
    Returns the paper and how many lots it touches."""
    refuse_unfit_paper(file, file_name)
    paper = None
    try:
        with transaction.atomic():
            paper = _put_evidence(operator=operator, file=file, file_name=file_name, at=at, by=by, **said)
            return paper, attach_evidence(evidence=paper, by=by, **covering)
    except ValidationError:
        if paper:
            paper.file.delete(save=False)
        raise


def add_evidence(
    *, operator: Operator, file: File, file_name: str, at: datetime, by: Any = None, **said: Any
) -> OriginEvidence:
    """Keep a paper that bears an origin, under a random name; it covers nothing until it is attached.

    `said`: kind, title, country, strength; issued_on, expires_on, note where known. Raises ValidationError for
    a file that is unfit (see ledger.papers), and for a word that is none.
    """
    refuse_unfit_paper(file, file_name)
    return _put_evidence(operator=operator, file=file, file_name=file_name, at=at, by=by, **said)


def _put_evidence(
    *, operator: Operator, file: File, file_name: str, at: datetime, by: Any, **said: Any
) -> OriginEvidence:
    """Of a file that was looked at: no transaction waits for a scanner."""
    evidence = OriginEvidence(
        operator=operator,
        file=File(file, name=file_name),
        file_name=file_name[-255:],
        sha256=sha256_of(file),
        added_at=at,
        added_by=by,
        **said,
    )
    _refuse_unfit_evidence(evidence)
    with transaction.atomic():
        evidence.save()
        _record_evidence("evidence added", evidence, by, title=evidence.title, sha256=evidence.sha256)
    return evidence


def attach_evidence(
    *,
    evidence: OriginEvidence,
    lot_ids: Iterable[int] = (),
    serials: Iterable[tuple[str, str]] = (),
    by: Any = None,
    **filters: str,
) -> int:
    """Let a paper cover lots by id, rigs by ranges of serial numbers (first, last), and all lots of a filter
    (entry_number, purchase_order, maker, origin: all that are given must agree). Returns how many lots it
    touches by this; ranges may name rigs that are still to come.

    Raises ValidationError for a paper that was withdrawn, a lot of somebody else and a range that is none.
    """
    if evidence.withdrawn_at:
        raise ValidationError("This evidence was withdrawn; add it anew.", code="evidence_withdrawn")
    ranges = [evidence_flow.SerialRange.of(first, last) for first, last in serials]
    lots = evidence_flow.lots_covered(evidence.operator, lot_ids=lot_ids, filters=filters)
    if not (lots or ranges):
        raise ValidationError("Name lots, serial numbers or a filter.", code="evidence_covers_nothing")
    with transaction.atomic():
        touched = evidence_flow.attach(evidence, lot_ids=lots, ranges=ranges)
        told = {
            "lots": len(lots),
            "lot_ids": sorted(lots)[:LOTS_NAMED],
            "ranges": [f"{each.first} to {each.last}" for each in ranges],
        }
        _record_evidence("evidence attached", evidence, by, **told)
        _tell_of_evidence(evidence, touched)
    return len(touched)


def withdraw_evidence(*, evidence: OriginEvidence, because: str, at: datetime, by: Any = None) -> None:
    """Let a paper count no more; it stays on record with the reason. Raises ValidationError without a reason,
    and for one that was withdrawn already."""
    if not because.strip():
        raise ValidationError("Say why the evidence is withdrawn.", code="reason_missing")
    with transaction.atomic():
        told = {"withdrawn_at": at, "withdrawn_by": by, "withdrawn_because": because.strip()[:300]}
        if not OriginEvidence.objects.filter(pk=evidence.pk, withdrawn_at__isnull=True).update(**told):
            raise ValidationError("This evidence was withdrawn already.", code="evidence_withdrawn")
        _record_evidence("evidence withdrawn", evidence, by, why=because)
        _tell_of_evidence(evidence, evidence_flow.lots_under(evidence))
    evidence.refresh_from_db()


def erase_evidence_file(*, evidence: OriginEvidence, at: datetime, why: str, by: Any = None) -> None:
    """Delete the file of a paper that was withdrawn; what it said, its digest, and who erased it why stay on record.

    Raises ValidationError for a paper that counts, one whose operator is under a legal hold, and without a reason.
    """
    _refuse_without_reason(why)
    if LegalHold.objects.of(evidence.operator).standing().filter(upload__isnull=True).exists():
        raise ValidationError("A legal hold keeps the papers of this operator.", code="legal_hold")
    mine = OriginEvidence.objects.filter(pk=evidence.pk, withdrawn_at__isnull=False).exclude(file="")
    with transaction.atomic():
        if not mine.update(file=""):
            raise ValidationError(
                "Only the file of a paper that was withdrawn can be erased, once.", code="evidence_counts"
            )
        told = {"title": evidence.title, "sha256": evidence.sha256, "why": why, "erased_at": at.isoformat()}
        _record_evidence("evidence file erased", evidence, by, **told)
        transaction.on_commit(partial(evidence.file.storage.delete, str(evidence.file.name)))


def clear_file_of_upload(*, upload: Upload, why: str, by: Any = None) -> None:
    """Delete the file of an upload; the upload, its report and the digest of the file stay on record."""
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk).exclude(file="").update(file=""):
            told = {"file_name": upload.file_name, "sha256": upload.sha256}
            _record_upload("upload file cleared", upload, by, why=why, **told)
            transaction.on_commit(partial(upload.file.storage.delete, str(upload.file.name)))


def place_hold(
    *, operator: Operator, at: datetime, why: str, upload: Upload | None = None, by: Any = None
) -> LegalHold:
    """Keep all of an operator, or one upload of it, from being cleared. Raises ValidationError without a reason."""
    _refuse_without_reason(why)
    with transaction.atomic():
        hold = LegalHold.objects.create(
            operator=operator, upload=upload, why=why.strip()[:300], placed_at=at, placed_by=by
        )
        _record_hold("legal hold placed", hold, by, why)
    return hold


def lift_hold(*, hold: LegalHold, at: datetime, why: str, by: Any = None) -> None:
    """Let what was held be cleared when its time is over. Raises ValidationError without a reason, and for one that
    was lifted already."""
    _refuse_without_reason(why)
    with transaction.atomic():
        if not LegalHold.objects.standing().filter(pk=hold.pk).update(lifted_at=at, lifted_by=by):
            raise ValidationError("This hold was lifted already.", code="hold_lifted")
        _record_hold("legal hold lifted", hold, by, why)


def _record_hold(deed: str, hold: LegalHold, by: Any, why: str) -> None:
    subject = f"upload {hold.upload_id}" if hold.upload_id else f"operator {hold.operator_id}"
    record(deed=deed, subject=subject, by=by, operator_id=hold.operator_id, hold=hold.pk, why=why)


def _refuse_without_reason(why: str) -> None:
    if not why.strip():
        raise ValidationError("Say why; the reason stays on record.", code="reason_missing")


class ReceiptWrong(RowsWrong):
    """A receipt that was refused."""

    code_of_many = "receipt_wrong"


def check_receipt(
    *,
    operator: Operator,
    today: date,
    at: datetime,
    file: File | None = None,
    file_name: str = "",
    **said: Any,
) -> tuple[Receipt, ReceiptPlan | None]:
    """Keep what is said to have come as a checked receipt, with what it would do; the fleet is as before.

    `said`: purchase_order, entry_date; units, pairs of a model (or "lot 12") and a count, where there is no
    manifest; entry_number, import_country, transport_mode, loaded_date, importer_of_record, site, status and sheet
    (of the manifest) where known. Where the same receipt stands already it is returned, without a plan. Raises
    ReceiptWrong with all that is wrong, and ValidationError for a file that is empty or too large; then nothing
    is kept.
    """
    receipt = Receipt(operator=operator, checked_at=at, **said)
    if file is not None:
        _refuse_unfit_sheet(file)
        receipt.file, receipt.file_name = File(file, name=file_name), file_name[-255:]
        receipt.sha256 = sha256_of(file)
    _refuse_unfit_receipt(receipt)
    receipt.digest = digest_of_facts(*receipt.said)
    if earlier := _same_goods(receipt):
        return earlier, None
    receipt.save()
    decided = plan_receipt(receipt, today=today)
    if decided.problems:
        discard_receipt(receipt=receipt)
        raise ReceiptWrong(decided.problems)
    receipt.purchase_order, receipt.received_units = decided.purchase_order, decided.units
    receipt.lots = len(decided.by_lot)
    receipt.save()
    return receipt, decided


def confirm_receipt(*, receipt: Receipt, shown: str, today: date, at: datetime, by: Any = None) -> Receipt:
    """Receive what was checked; returns the receipt, or the one that stands and says the same. `shown` is the
    digest of the plan that was shown.

    Raises ValidationError where it would not be what was shown any more, and for one that is received or undone.
    """
    if receipt.state != ReceiptState.CHECKED:
        sentence = f"Receipt {receipt.pk} is {receipt.get_state_display()}; it cannot be received."
        raise ValidationError(sentence, code="receipt_not_checked")
    for _ in range(TRIES):
        decided = plan_receipt(receipt, today=today)
        if earlier := _same_goods(receipt):
            discard_receipt(receipt=receipt)
            return earlier
        if decided.problems:
            raise ReceiptWrong(decided.problems)
        if decided.digest != shown:
            sentence = "The fleet has changed since the check; look at the receipt again."
            raise ValidationError(sentence, code="fleet_drifted")
        try:
            write_receipt(receipt, decided, Deed(operator=receipt.operator, at=at, receipt=receipt, by=by))
            return receipt
        except FleetMoved:
            receipt.refresh_from_db()
    raise ValidationError("The fleet is being changed by others; try again in a minute.", code="fleet_busy")


def receive_goods(
    *, operator: Operator, today: date, at: datetime, by: Any = None, **said: Any
) -> tuple[Receipt, ReceiptPlan | None]:
    """Check and receive at once (see check_receipt); where it is refused nothing is kept."""
    receipt, decided = check_receipt(operator=operator, today=today, at=at, **said)
    if decided is None:
        return receipt, None
    try:
        standing = confirm_receipt(receipt=receipt, shown=decided.digest, today=today, at=at, by=by)
        return standing, decided if standing.pk == receipt.pk else None
    except ValidationError:
        discard_receipt(receipt=receipt)
        raise


def discard_receipt(*, receipt: Receipt) -> None:
    """Forget a receipt that was only checked, with its manifest."""
    checked = Receipt.objects.filter(pk=receipt.pk, state=ReceiptState.CHECKED)
    if checked.delete()[0] and receipt.file:
        receipt.file.delete(save=False)


def take_back_receipt(*, receipt: Receipt, at: datetime, by: Any = None) -> dict[str, Any]:
    """Put what was received on order again; what was changed since stays and is named in the report.

    Raises ValidationError for one that is not received, and while somebody else changes the fleet.
    """
    try:
        return undo_receipt(receipt.pk, at=at, by=by)
    except FleetMoved:
        raise ValidationError("Somebody else is changing this fleet; try again.", code="fleet_busy") from None


def _same_goods(receipt: Receipt) -> Receipt | None:
    standing = Receipt.objects.of(receipt.operator).filter(state=ReceiptState.RECEIVED)
    same: Receipt | None = standing.filter(digest=receipt.digest).first()
    return same


def _refuse_unfit_receipt(receipt: Receipt) -> None:
    """Raises ReceiptWrong that names every fact which its field cannot hold."""
    for name in ("purchase_order", "entry_number", "importer_of_record", "site", "sheet"):
        setattr(receipt, name, str(getattr(receipt, name)).strip())
    wrong = {}
    try:
        receipt.clean_fields(exclude={each.name for each in Receipt._meta.fields} - set(SAID))
    except ValidationError as unfit:
        wrong = {name: " ".join(messages) for name, messages in unfit.message_dict.items()}
    try:
        receipt.import_country = receipt.import_country and CountryCode(receipt.import_country)
    except ValueError as unfit:
        wrong["import_country"] = str(unfit)
    if wrong:
        told = {
            name: f"{name.replace('_', ' ').capitalize()}: {sentence}" for name, sentence in wrong.items()
        }
        raise ReceiptWrong([RowProblem(0, name, f"{name}_wrong", "", each) for name, each in told.items()])


def record_liquidations(
    *, operator: Operator, days: Mapping[str, date], source: str, today: date, at: datetime, by: Any = None
) -> int:
    """Record on which day customs liquidated entries (fleet.flows.liquidations). Returns how many differed."""
    return liquidations.record_liquidations(
        operator=operator, days=days, source=source, today=today, at=at, by=by
    )


def _refuse_unfit_evidence(evidence: OriginEvidence) -> None:
    evidence.title = evidence.title.strip()
    refuse_unseen(evidence.title, "The title")
    evidence.full_clean(exclude=["operator", "added_by", "withdrawn_at", "withdrawn_by", "file"])
    try:
        CountryCode(evidence.country)
    except ValueError as wrong:
        raise ValidationError(str(wrong), code="country_unknown") from None


def _record_evidence(deed: str, evidence: OriginEvidence, by: Any, **detail: Any) -> None:
    subject = f"evidence {evidence.pk}"
    record(deed=deed, subject=subject, by=by, operator_id=evidence.operator_id, **detail)


def _tell_of_evidence(evidence: OriginEvidence, lot_ids: Iterable[int]) -> None:
    if lots := evidence_flow.resting_on_origin(lot_ids):
        lots_changed.send(sender=OriginEvidence, lot_ids=lots, cause=f"evidence {evidence.pk}")


def _refuse_unknown_facts(operator: Operator, values: Mapping[str, Any]) -> None:
    unknown = sorted(set(values) - flow.CORRECTABLE)
    if unknown:
        raise ValidationError(f"A rig has no fact '{unknown[0]}' to correct.", code="fact_unknown")
    if "status" in values and values["status"] not in set(RigStatus):
        allowed = ", ".join(RigStatus)
        raise ValidationError(
            f"'{values['status']}' is no status; choose one of: {allowed}.", code="status_unknown"
        )
    if values.get("site") and not Site.objects.of(operator).filter(name=values["site"]).exists():
        raise ValidationError(f"There is no site '{values['site']}'.", code="site_unknown")


def ask_to_apply(*, upload: Upload, by: Any = None, accept_partial: bool = False) -> None:
    """Ask a worker to apply an upload that was checked.

    Raises ValidationError for one that is not checked, and for one with wrong rows unless the person
    chose to take the right ones.
    """
    _refuse_unless(UploadState.CHECKED, upload, "applied")
    if upload.wrong and not accept_partial:
        sentence = f"{upload.wrong} rows are wrong; mend them, or choose to take the right rows only."
        raise ValidationError(sentence, code="rows_wrong")
    with transaction.atomic():
        choices = {**upload.choices, "accept_partial": accept_partial}
        checked = Upload.objects.filter(pk=upload.pk, state=UploadState.CHECKED)
        if not checked.update(choices=choices, refusal="", is_confirmed=True):
            upload.refresh_from_db()
            raise _not_now(upload, "applied", code="upload_not_checked")
        record(deed="upload confirmed", subject=f"upload {upload.pk}", by=by, operator_id=upload.operator_id)
        tasks.start_applying(upload.pk)


def ask_for_workbook(*, operator: Operator, at: datetime, by: Any = None) -> FleetExport:
    """Ask a worker for the whole fleet as a workbook; who asks again while one is being written gets that one."""
    waiting = FleetExport.objects.of(operator).filter(state=ExportState.WAITING).first()
    if waiting:
        return waiting
    with transaction.atomic():
        asked = FleetExport.objects.create(operator=operator, asked_at=at, asked_by=by)
        record(deed="fleet exported", subject=f"operator {operator.pk}", by=by, operator_id=operator.pk)
        tasks.start_exporting(asked.pk)
    return asked


def take_back(*, upload: Upload, at: datetime, by: Any = None) -> dict[str, Any]:
    """Undo an applied upload; what was changed since stays and is named in the report.

    Raises ValidationError for an upload that is not applied, and while somebody else changes the fleet.
    """
    try:
        return undo_upload(upload.pk, at=at, by=by)
    except FleetMoved:
        raise ValidationError("Somebody else is changing this fleet; try again.", code="fleet_busy") from None


def check_again(*, upload: Upload, choices: Mapping[str, Any], by: Any = None) -> None:
    """Check an upload anew with other choices; those not named stay. Nothing was written, so nothing is lost.

    Raises ValidationError for an upload that was applied, and for a choice that is none.
    """
    merged = {**upload.choices, **choices, "dry_run": True, "accept_partial": False}
    merged = {name: value for name, value in merged.items() if value is not None}
    Choices.read(merged)
    with transaction.atomic():
        fresh = {"state": UploadState.WAITING, "choices": merged, "refusal": "", "claimed_until": None}
        _change_while_open(upload, "checked again", **fresh)
        record(
            deed="upload checked again", subject=f"upload {upload.pk}", by=by, operator_id=upload.operator_id
        )
        tasks.start_reading(upload.pk)


def cancel_upload(*, upload: Upload, by: Any = None) -> None:
    """Ask that an upload which waits or is being read be dropped; nothing of it is written. One that is being
    set up is dropped at once.

    Raises ValidationError for one that is settled.
    """
    with transaction.atomic():
        record(deed="upload cancelled", subject=f"upload {upload.pk}", by=by, operator_id=upload.operator_id)
        if upload.state == UploadState.CHOOSING:
            _change_while_open(upload, "cancelled", state=UploadState.CANCELLED)
            return
        _refuse_unless(UploadState.WAITING, upload, "cancelled")
        Upload.objects.filter(pk=upload.pk).update(is_cancelled=True)


def _change_while_open(upload: Upload, deed: str, **values: Any) -> None:
    """One conditional update: a page that was opened before a worker applied the upload changes nothing."""
    values = {"is_confirmed": False, "is_cancelled": False, **values}
    if not Upload.objects.filter(pk=upload.pk, state__in=OPEN_STATES).update(**values):
        upload.refresh_from_db()
        raise _not_now(upload, deed, code="upload_not_open")
    for name, value in values.items():
        setattr(upload, name, value)


def _refuse_unless(state: UploadState, upload: Upload, deed: str) -> None:
    if upload.state != state:
        raise _not_now(upload, deed, code=f"upload_not_{state}")


def _not_now(upload: Upload, deed: str, *, code: str) -> ValidationError:
    sentence = f"Upload {upload.pk} is {upload.get_state_display()}; it cannot be {deed}."
    return ValidationError(sentence, code=code)


def _same_bytes(operator: Operator, sha256: str) -> Upload | None:
    """The applied upload of the same bytes, if the fleet is still as it left it."""
    version = Operator.objects.values_list("fleet_version", flat=True).get(pk=operator.pk)
    applied = Upload.objects.of(operator).filter(sha256=sha256, state=UploadState.APPLIED)
    return applied.filter(fleet_version=version).order_by("-pk").first()


def _same_upload(operator: Operator, sha256: str, choices: dict[str, Any]) -> Upload | None:
    """The applied upload of the same bytes and choices, if the fleet is still as it left it."""
    version = Operator.objects.values_list("fleet_version", flat=True).get(pk=operator.pk)
    same = Upload.objects.of(operator).filter(sha256=sha256, state=UploadState.APPLIED, fleet_version=version)
    return next((upload for upload in same.order_by("-pk") if upload.choices == choices), None)


def _refuse_unfit_sheet(file: File) -> None:
    """Size and malware; what is in it is judged where it is read, in a process of its own."""
    size = file.size or 0
    if size == 0:
        raise ValidationError("The file is empty; send a spreadsheet with a heading row.", code="file_empty")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        sentence = (
            f"The file has {size / 1024**2:,.0f} MB; the limit is {limit} MB. Split it into smaller files."
        )
        raise ValidationError(sentence, code="file_too_large")
    refuse_malware(file)
