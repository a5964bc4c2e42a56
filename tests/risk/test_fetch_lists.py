"""Lists come from their sources by themselves: whole and newer or not at all, and every attempt is on record."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction

from config import environment
from config.celery import app
from risk import tasks
from risk.flows import fetch_lists as fetching
from risk.flows.fetch_lists import fetch_lists, formats_due
from risk.lists import FORMATS
from risk.models import FetchOutcome, ListedEntityRecord, ListEdition, ListFetch
from tests.commands import answer_of
from tests.reference import a_government_list
from tests.risk.fetching.source import (
    chunked,
    declaring,
    failing,
    gzipped,
    redirecting,
    send,
    serving,
    silent,
    without_length,
)
from tests.risk.lists.samples import SAMPLES

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 17, tzinfo=UTC)
CSL = (SAMPLES / "consolidated.csv").read_bytes()
SDN_FILES = {"list": "sdn.csv", "alt": "alt.csv", "add": "add.csv", "comments": "sdn_comments.csv"}


@pytest.fixture
def source(settings, monkeypatch, tmp_path):
    """A source of the cut-down samples; that no list is so short is not asked here."""
    monkeypatch.setattr(fetching, "FLOORS", {})
    for name in ("csl", "ofac_sdn", "ofac_enhanced_xml"):
        monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], floors={}))
    with serving() as source:
        source.files["/consolidated.csv"] = CSL
        source.files |= {f"/{name}": (SAMPLES / name).read_bytes() for name in SDN_FILES.values()}
        source.files["/enhanced.zip"] = zipped((SAMPLES / "cons_enhanced.xml").read_bytes())
        settings.LIST_ADDRESSES = {
            "csl": {"list": source.address("/consolidated.csv")},
            "ofac_sdn": {part: source.address(f"/{name}") for part, name in SDN_FILES.items()},
            "ofac_enhanced_xml": {"list": source.address("/enhanced.zip")},
        }
        settings.LISTS_FETCHED = ["ofac_sdn", "csl"]
        settings.LISTS_FROM_PRIVATE_NETWORK = True
        settings.OFFLINE = False
        settings.VAR_DIR = tmp_path
        yield source
        left = [path.name for path in (tmp_path / "fetched-lists").glob("*")]
        assert not left, "Nothing that was fetched stays on the disk."


def zipped(content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LIST.XML", content)
    return packed.getvalue()


def fetch(form="csl", *, at=NOW):
    (attempt,) = fetch_lists([form], clock=lambda: at)
    attempt.refresh_from_db()
    assert attempt.sentence.endswith(".")
    return attempt


def in_force():
    """What would be lost: the editions, and the parties standing."""
    standing = ListedEntityRecord.objects.filter(gone_with__isnull=True)
    return (
        list(ListEdition.objects.order_by("pk").values()),
        list(standing.order_by("pk").values_list("list_code", "entity_id", "digest")),
    )


def test_a_list_comes_from_its_source_with_its_companions(source):
    attempt = fetch("ofac_sdn")
    edition = ListEdition.objects.current("ofac_sdn")
    assert (attempt.outcome, attempt.edition) == (FetchOutcome.NEW, edition)
    assert (attempt.sha256, edition.file_name) == (edition.sha256, "sdn.csv")
    sizes = {part: len(source.files[f"/{name}"]) for part, name in SDN_FILES.items()}
    assert attempt.bytes == sum(sizes.values())
    assert {part: told["bytes"] for part, told in attempt.files.items()} == sizes
    # An alias of the companion is a name of its party.
    names = ListedEntityRecord.objects.get(entity_id="306").record["names"]
    assert len(names) > 1


def test_a_list_that_is_packed_as_a_zip_says_its_own_day(source):
    attempt = fetch("ofac_enhanced_xml")
    assert attempt.outcome == FetchOutcome.NEW
    assert attempt.edition.data_date < NOW.date()
    assert "as of 2025-01-" in attempt.sentence


def test_an_unchanged_list_costs_a_question_and_is_confirmed(source):
    fetch("ofac_sdn")
    before = in_force()
    tomorrow = NOW + timedelta(days=1)
    attempt = fetch("ofac_sdn", at=tomorrow)
    assert (attempt.outcome, attempt.bytes) == (FetchOutcome.UNCHANGED, 0)
    assert sorted(source.conditional()) == sorted(f"/{name}" for name in SDN_FILES.values())
    assert in_force() == before
    edition = ListEdition.objects.current("ofac_sdn")
    assert list(edition.fetches.order_by("pk").values_list("begun_at", flat=True)) == [NOW, tomorrow]
    # A third time the marks of the first are still known.
    assert fetch("ofac_sdn", at=tomorrow + timedelta(days=1)).bytes == 0


def test_what_did_not_change_is_fetched_beside_what_did(source):
    fetch("ofac_sdn")
    source.files["/alt.csv"] = b'306,99999,"aka","NAME THAT IS NEW",-0- \r\n' + source.files["/alt.csv"]
    attempt = fetch("ofac_sdn", at=NOW + timedelta(days=1))
    assert attempt.outcome == FetchOutcome.NEW
    assert "0 added, 1 changed, 0 removed" in attempt.sentence
    record = ListedEntityRecord.objects.get(entity_id="306", gone_with__isnull=True)
    assert "NAME THAT IS NEW" in [name for name, *_ in record.record["names"]]
    assert record.record["addresses"]


def test_the_same_bytes_from_a_server_that_knows_no_marks_make_no_edition(source):
    source.answers["/consolidated.csv"] = without_length(CSL)
    fetch()
    before = in_force()
    attempt = fetch(at=NOW + timedelta(days=1))
    assert (attempt.outcome, attempt.bytes) == (FetchOutcome.UNCHANGED, len(CSL))
    assert in_force() == before


def test_after_a_list_was_loaded_by_hand_its_source_is_not_asked_what_changed_since_another(source, tmp_path):
    fetch()
    other = tmp_path / "other.csv"
    other.write_bytes(b"".join(CSL.splitlines(keepends=True)[:-1]))
    answer_of("load_list", "csl", str(other), "--as-of", NOW.date().isoformat())
    attempt = fetch(at=NOW + timedelta(days=1))
    assert not source.conditional()
    assert (attempt.outcome, attempt.edition.number) == (FetchOutcome.NEW, 3)


def test_after_its_address_was_changed_a_source_is_asked_for_the_whole(source, settings):
    fetch()
    source.files["/moved.csv"] = CSL
    settings.LIST_ADDRESSES = {"csl": {"list": source.address("/moved.csv")}}
    assert fetch(at=NOW + timedelta(days=1)).outcome == FetchOutcome.UNCHANGED
    assert not source.conditional()


@pytest.mark.parametrize(
    ("modified", "as_of"),
    [
        ("", date(2026, 11, 27)),
        (format_datetime(datetime(2026, 11, 26, 2, tzinfo=UTC), usegmt=True), date(2026, 11, 25)),
        (format_datetime(datetime(2027, 3, 1, tzinfo=UTC), usegmt=True), date(2026, 11, 27)),
        ("yesterday", date(2026, 11, 27)),
    ],
    ids=["none", "evening in the east of the US", "not yet", "no day"],
)
def test_a_list_without_a_day_is_of_the_day_that_its_server_says_or_of_today(source, modified, as_of):
    source.modified = modified
    assert fetch().edition.data_date == as_of


PART = CSL[: len(CSL) // 2]
WRONG = {
    "broken off": (declaring(PART, len(CSL)), "failed", "broke off"),
    "broken off in chunks": (chunked(PART, is_ended=False), "failed", "broke off"),
    "cut, and its length agrees": (declaring(PART, len(PART)), "refused", "cut or"),
    "cut, without a length": (without_length(PART), "refused", "cut or"),
    "longer than it says": (declaring(CSL, len(PART)), "failed", "goes on after"),
    "nothing": (declaring(b"", 0), "failed", "0 bytes"),
    "only a heading": (without_length(CSL.splitlines(keepends=True)[0]), "refused", "no party at all"),
    "a web page": (without_length(b"<!DOCTYPE html><html>Access denied</html>"), "failed", "A web page came"),
    "something else": (without_length(b'{"error": "busy"}'), "refused", "no Consolidated Screening List"),
    "letters of no script": (without_length(b"\xff\xfe" + CSL), "refused", "not UTF-8"),
    "gzip, cut": (gzipped(CSL, lost=20), "failed", "its end is missing"),
    "a redirect to itself": (redirecting("/consolidated.csv"), "failed", "in a circle"),
    "a redirect to a private address": (redirecting("http://10.0.0.1/csl"), "failed", "none of those"),
    "not found": (failing(404), "failed", "answers 404"),
    "a fault": (failing(500), "failed", "answers 500"),
    "unchanged since nothing": (lambda request: send(request, b"", status=304), "failed", "answers 304"),
    "silence": (silent, "failed", "was silent for 0.5 seconds"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_goes_wrong_is_a_sentence_on_record_and_nothing_is_lost(source, settings, wrong):
    fetch()
    before = in_force()
    if wrong == "silence":
        settings.LIST_FETCH_SECONDS = 1
    source.answers["/consolidated.csv"], outcome, sentence = WRONG[wrong]
    source.files.clear()
    # Asked with marks, a server that answers 304 is believed; here it has none to go by.
    ListFetch.objects.update(marks={})
    attempt = fetch(at=NOW + timedelta(days=1))
    assert (attempt.outcome, attempt.edition) == (outcome, None)
    assert sentence in attempt.sentence
    assert in_force() == before
    # And the next time that the source is well, the list comes.
    source.answers.clear()
    source.files["/consolidated.csv"] = CSL
    assert fetch(at=NOW + timedelta(days=2)).outcome == FetchOutcome.UNCHANGED


def test_the_loss_of_a_companion_loses_nothing(source):
    fetch("ofac_sdn")
    before = in_force()
    source.files["/sdn.csv"] += b""
    del source.files["/alt.csv"]
    attempt = fetch("ofac_sdn", at=NOW + timedelta(days=1))
    assert attempt.outcome == FetchOutcome.FAILED
    assert "alt.csv answers 404" in attempt.sentence
    assert in_force() == before


def test_an_older_list_is_refused(source):
    source.modified = format_datetime(datetime(2026, 11, 27, 16, tzinfo=UTC), usegmt=True)
    fetch()
    before = in_force()
    source.files["/consolidated.csv"] = b"".join(CSL.splitlines(keepends=True)[:-1])
    source.modified = format_datetime(datetime(2026, 11, 20, 16, tzinfo=UTC), usegmt=True)
    attempt = fetch(at=NOW + timedelta(days=1))
    assert attempt.outcome == FetchOutcome.REFUSED
    assert "older than the edition in force" in attempt.sentence
    assert in_force() == before


def test_a_sample_in_the_place_of_the_list_is_refused_by_the_floors(source, monkeypatch):
    monkeypatch.setitem(FORMATS, "csl", replace(FORMATS["csl"], floors={"US-BIS-EL": 1_600}))
    attempt = fetch()
    assert attempt.outcome == FetchOutcome.REFUSED
    assert "never had under 1,600" in attempt.sentence


def test_a_sample_of_the_xml_in_the_place_of_the_list_is_refused_too(source, monkeypatch):
    monkeypatch.setattr(fetching, "FLOORS", {"ofac_enhanced_xml": {"US-OFAC-SDN": 8_000}})
    attempt = fetch("ofac_enhanced_xml")
    assert attempt.outcome == FetchOutcome.REFUSED
    assert "never had under 8,000" in attempt.sentence


def test_a_whole_list_of_a_government_comes_over_the_line(source, monkeypatch):
    monkeypatch.undo()
    source.files["/consolidated.csv"] = a_government_list("consolidated_2022-04.csv").read_bytes()
    attempt = fetch()
    assert attempt.outcome == FetchOutcome.NEW, attempt.sentence
    assert sum(attempt.edition.rows.values()) == 14160


def test_a_list_that_fails_does_not_stop_the_others(source):
    source.answers["/alt.csv"] = failing(503)
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"^Not fetched: ofac_sdn\.$") as refused:
        call_command("fetch_lists", "--json", stdout=said)
    assert refused.value.returncode == 1
    sdn, csl = json.loads(said.getvalue())["lists"]
    assert (sdn["format"], sdn["outcome"], sdn["edition"]) == ("ofac_sdn", "failed", None)
    assert (csl["format"], csl["outcome"], csl["edition"]) == ("csl", "new", 1)
    assert csl["sha256"] == ListEdition.objects.current("csl").sha256


def test_a_fault_of_our_own_in_one_list_does_not_stop_the_others(source, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setitem(FORMATS, "ofac_sdn", replace(FORMATS["ofac_sdn"], read=broken))
    sdn, csl = fetch_lists(["ofac_sdn", "csl"], clock=lambda: NOW)
    assert (sdn.outcome, csl.outcome) == (FetchOutcome.FAILED, FetchOutcome.NEW)
    assert "ZeroDivisionError" in sdn.sentence
    assert "met a fault" in caplog.text


def test_the_command_fetches_only_what_it_is_asked_for(source):
    answer = answer_of("fetch_lists", "--format", "csl")
    assert [each["format"] for each in answer["lists"]] == ["csl"]
    assert {path for path, _ in source.asked} == {"/consolidated.csv"}


@pytest.mark.parametrize(
    ("name", "sentence"), [("csv", "no list format 'csv'"), ("bis_dpl", "no official address for 'bis_dpl'")]
)
def test_a_format_without_an_address_is_refused_before_anything_is_asked(source, name, sentence):
    with pytest.raises(ValidationError, match=sentence):
        fetch_lists(["csl", name], clock=lambda: NOW)
    assert not source.asked
    assert not ListFetch.objects.exists()


def test_a_machine_that_is_offline_asks_nobody(source, settings):
    settings.OFFLINE = True
    with pytest.raises(CommandError, match="OFFLINE is set"):
        call_command("fetch_lists")
    assert formats_due(NOW) == []
    tasks.fetch_lists()
    assert not source.asked


def test_each_list_is_due_once_a_day_and_some_hours_after_a_failure(source):
    assert formats_due(NOW) == ["ofac_sdn", "csl"]
    source.answers["/sdn.csv"] = failing(500)
    fetch_lists(["ofac_sdn", "csl"], clock=lambda: NOW)
    assert formats_due(NOW + timedelta(hours=3)) == []
    assert formats_due(NOW + timedelta(hours=4)) == ["ofac_sdn"]
    midnight = datetime(2026, 11, 28, 5, tzinfo=UTC)  # in the east of the US
    assert formats_due(midnight - timedelta(minutes=1)) == ["ofac_sdn"]
    assert formats_due(midnight) == ["ofac_sdn", "csl"]


def test_a_worker_fetches_what_is_due_and_asks_for_the_vendors_to_be_screened(source, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "nudge", lambda task, **_: asked.append(task.name))
    tasks.fetch_list(form="csl")
    assert asked == ["risk.tasks.screen_vendors"]
    assert ListEdition.objects.current("csl").number == 1
    assert "csl" not in formats_due(ListFetch.objects.get().begun_at)


def test_the_scheduler_gives_each_list_that_is_due_a_task_of_its_own(source, monkeypatch, time_machine):
    time_machine.move_to(NOW + timedelta(hours=1))
    sent = []
    monkeypatch.setattr(tasks, "nudge", lambda task, **told: sent.append((task.name, told)))
    fetch("csl")
    tasks.fetch_lists()
    assert sent == [("risk.tasks.fetch_list", {"form": "ofac_sdn"})]


def test_what_the_clock_sets_going_are_tasks_that_there_are(settings):
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_while_a_list_is_being_fetched_nobody_else_fetches_it(source):
    running = ListFetch.objects.create(format="csl", address="http://elsewhere/", begun_at=NOW)
    (attempt,) = fetch_lists(["csl"], clock=lambda: NOW + timedelta(minutes=59))
    assert (attempt.pk, attempt.sentence) == (running.pk, "It is being fetched already.")
    assert not source.asked


def test_an_attempt_whose_process_was_killed_holds_up_nobody_for_longer_than_an_hour(source):
    killed = ListFetch.objects.create(format="csl", address="http://elsewhere/", begun_at=NOW)
    assert fetch(at=NOW + timedelta(minutes=61)).outcome == FetchOutcome.NEW
    killed.refresh_from_db()
    assert killed.outcome == FetchOutcome.FAILED
    assert "ended before" in killed.sentence


def test_what_a_killed_process_left_on_the_disk_is_swept_away(source, settings):
    left = settings.VAR_DIR / "fetched-lists" / "csl-killed"
    left.mkdir(parents=True)
    (left / "half").write_bytes(PART)
    fetch()
    assert not left.exists()


def test_an_edition_that_was_loaded_at_the_same_moment_stays_in_force(source, monkeypatch):
    real = fetching.load_list

    def overtaken(**told):
        real(**told)
        with transaction.atomic():
            ListEdition.objects.create(**_like(ListEdition.objects.current("csl")))

    monkeypatch.setattr(fetching, "load_list", overtaken)
    attempt = fetch()
    assert (attempt.outcome, attempt.edition) == (FetchOutcome.FAILED, None)
    assert "loaded at the same moment" in attempt.sentence


def _like(edition):
    """The columns of an edition, whose number is taken."""
    names = ("format", "number", "data_date", "sha256", "file_name", "loaded_at")
    return {name: getattr(edition, name) for name in names}


def test_the_addresses_that_are_shipped_are_those_of_the_departments_over_tls():
    from config.settings import _OFFICIAL_ADDRESSES

    for form, parts in _OFFICIAL_ADDRESSES.items():
        assert set(parts) == {"list", *FORMATS[form].companions}
        for address in parts.values():
            assert urlsplit(address).scheme == "https"
            assert urlsplit(address).hostname.endswith((".treas.gov", ".trade.gov"))


def test_another_address_for_one_file_leaves_the_others_official():
    official = {
        "csl": {"list": "https://a.gov/csl"},
        "ofac_sdn": {"list": "https://b.gov/s", "alt": "https://b.gov/a"},
    }
    read = environment.list_addresses(official)
    assert read("ofac_sdn.alt=https://mirror.example/alt.csv") == {
        "csl": {"list": "https://a.gov/csl"},
        "ofac_sdn": {"list": "https://b.gov/s", "alt": "https://mirror.example/alt.csv"},
    }
    for wrong in ("dpl=https://a.gov/", "ofac_sdn.other=https://a.gov/", "csl", "csl=consolidated.csv"):
        with pytest.raises(ValueError, match="write it like"):
            read(wrong)


def test_a_list_to_be_fetched_that_has_no_address_stops_the_start():
    read = environment.names_among(("csl", "ofac_sdn"))
    assert read("csl") == ["csl"]
    with pytest.raises(ValueError, match="there is no 'bis_dpl'; there are csl, ofac_sdn"):
        read("csl, bis_dpl")
