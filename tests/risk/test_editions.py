"""A draft may change until it is published; a published edition never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import AuditEntry
from risk.book import book_of
from risk.models import Measure, PolicyEdition
from risk.policy_files import files_of, stream_of
from risk.services import (
    complaints_about,
    end_measure,
    load_into_draft,
    publish_edition,
    put_measures,
    remove_measure,
    start_draft,
)
from tests.commands import answer_of
from tests.console.visitors import an_admin
from tests.database import NOW, TODAY
from tests.facts import a_measure, a_rate, shipped_book

pytestmark = pytest.mark.usefixtures("shipped")

LIST_2 = "US-301-CN-L2"


def current():
    return PolicyEdition.objects.current()


def measure_of(edition, code=LIST_2):
    return next(measure for measure in book_of(edition).measures if measure.code == code)


def published(draft, **said):
    return publish_edition(edition=draft, on=TODAY, at=NOW, **said)


def code_of(refusal):
    return refusal.value.code or refusal.value.error_list[0].code


def test_a_draft_starts_as_a_copy_of_the_current_edition():
    draft = start_draft()
    assert (draft.number, draft.is_published, draft.based_on) == (2, False, current())
    assert book_of(draft).digest == draft.digest == current().digest
    assert draft.verified_through == current().verified_through
    assert current().measures.count() == 117


def test_a_second_draft_that_says_the_same_is_the_first():
    assert start_draft() == start_draft()


def test_a_copy_of_all_measures_is_read_at_once_and_written_at_once():
    with CaptureQueriesContext(connection) as asked:
        draft = start_draft()
    assert draft.measures.count() == 117
    assert len(asked) < 20


def test_without_an_edition_there_is_nothing_to_copy():
    PolicyEdition.objects.all().delete()
    with pytest.raises(ValidationError, match="No edition is published yet"):
        start_draft()


def test_a_measure_is_changed_and_another_added_and_the_draft_knows_who_did_it():
    person, draft = an_admin(), start_draft()
    dearer = replace(measure_of(draft), rate=a_rate(30))
    put_measures(edition=draft, measures=[dearer, a_measure()], by=person)
    assert measure_of(draft) == dearer
    assert measure_of(draft, "US-EXAMPLE").rate == a_measure().rate
    assert draft.measures.count() == 118
    assert draft.digest == book_of(draft).digest != current().digest
    assert draft.changed_by == person
    entry = AuditEntry.objects.get(deed="measures written")
    assert (entry.by, entry.subject) == (person, "edition 2")
    assert entry.detail["measures"] == [LIST_2, "US-EXAMPLE"]
    changed = entry.detail["changed"]
    assert [each["ad_valorem_rate"] for each in changed[LIST_2]] == ["0.25", "0.3"]
    assert (changed["US-EXAMPLE"][0], set(changed)) == (None, {LIST_2, "US-EXAMPLE"})


def test_a_measure_is_ended_by_an_act():
    draft = end_measure(edition=start_draft(), code=LIST_2, through=date(2026, 12, 31), act="91 FR 99999")
    measure = measure_of(draft)
    assert measure.span.through == date(2026, 12, 31)
    assert measure.note.endswith("Not in effect from 2027-01-01: 91 FR 99999.")
    assert complaints_about(draft) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"act": "  "}, "missing_citation"),
        ({"through": date(2017, 1, 1)}, "ends_before_it_begins"),
        ({"code": "US-NONE"}, "no_such_measure"),
    ],
)
def test_an_end_that_cannot_be_is_refused_and_nothing_is_written(said, code):
    draft = start_draft()
    with pytest.raises(ValidationError) as refusal:
        end_measure(
            **({"edition": draft, "code": LIST_2, "through": date(2026, 12, 31), "act": "an act"} | said)
        )
    assert refusal.value.code == code
    assert book_of(draft).digest == current().digest


def test_a_measure_is_taken_out_of_a_draft():
    draft = remove_measure(edition=start_draft(), code=LIST_2)
    assert LIST_2 not in {measure.code for measure in book_of(draft).measures}
    with pytest.raises(ValidationError, match="has no measure US-301-CN-L2"):
        remove_measure(edition=draft, code=LIST_2)


def test_a_draft_is_loaded_with_a_whole_book():
    draft = remove_measure(edition=start_draft(), code=LIST_2)
    load_into_draft(edition=draft, book=shipped_book())
    assert book_of(draft).digest == draft.digest == shipped_book().digest


CHANGES = {
    "writing measures": lambda edition: put_measures(edition=edition, measures=[a_measure()]),
    "ending one": lambda edition: end_measure(edition=edition, code=LIST_2, through=TODAY, act="an act"),
    "taking one out": lambda edition: remove_measure(edition=edition, code=LIST_2),
    "loading a book": lambda edition: load_into_draft(edition=edition, book=shipped_book()),
    "publishing": published,
    "saving it": lambda edition: edition.save(),
    "saving a measure": lambda edition: edition.measures.first().save(),
    "deleting a measure": lambda edition: edition.measures.first().delete(),
    "updating measures": lambda edition: edition.measures.update(title="Another"),
    "updating all measures": lambda edition: Measure.objects.update(title="Another"),
    "deleting measures": lambda edition: edition.measures.all().delete(),
    "adding measures": lambda edition: Measure.objects.bulk_create([Measure(edition=edition, code="X")]),
    "updating editions": lambda edition: PolicyEdition.objects.update(title="Another"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_published_edition_is_never_edited(change):
    with pytest.raises(ValidationError, match="Edition 1 is published; a published edition never changes"):
        change(current())
    assert book_of(current()).digest == shipped_book().digest


def test_whoever_holds_an_old_copy_of_a_draft_cannot_change_it_once_it_is_published():
    draft = put_measures(edition=start_draft(), measures=[a_measure()])
    old_copy = PolicyEdition.objects.get(pk=draft.pk)
    published(draft)
    with pytest.raises(ValidationError, match="never changes"):
        put_measures(edition=old_copy, measures=[a_measure(percent=30)])


def test_an_edition_that_leaves_a_gap_is_refused_with_its_sentence_and_stays_a_draft():
    span = replace(measure_of(current()).span, through=date(2026, 12, 31))
    draft = put_measures(edition=start_draft(), measures=[replace(measure_of(current()), span=span)])
    with pytest.raises(ValidationError, match="no act is named that ended it"):
        published(draft)
    draft.refresh_from_db()
    assert not draft.is_published


def test_publishing_keeps_its_reason_and_the_audit_knows_it():
    draft = published(put_measures(edition=start_draft(), measures=[a_measure()]), reason=" A new action. ")
    assert draft.reason == "A new action."
    assert (
        AuditEntry.objects.get(deed="edition published", subject="edition 2").detail["reason"] == draft.reason
    )


# --- The second pair of eyes --------------------------------------------------------------------------


@pytest.fixture
def two_persons(settings):
    settings.POLICY_NEEDS_SECOND_PERSON = True
    return an_admin("one"), an_admin("two")


def test_who_changed_a_draft_last_cannot_publish_it_and_the_refusal_is_on_the_audit(two_persons):
    one, two = two_persons
    draft = put_measures(edition=start_draft(by=two), measures=[a_measure()], by=one)
    with pytest.raises(ValidationError, match="Edition 2 needs a second person"):
        published(draft, by=one)
    assert AuditEntry.objects.get(deed="publishing refused").by == one
    assert published(draft, by=two).published_by == two


def test_a_command_is_no_second_person(two_persons):
    one, _ = two_persons
    draft = put_measures(edition=start_draft(), measures=[a_measure()], by=one)
    with pytest.raises(ValidationError, match="neither can a command"):
        published(draft)


def test_the_first_edition_of_all_needs_no_second_person(two_persons):
    PolicyEdition.objects.all().delete()
    assert published(start_draft(book=shipped_book())).is_published


def test_one_person_is_enough_where_the_setting_is_off():
    one = an_admin()
    draft = put_measures(edition=start_draft(), measures=[a_measure()], by=one)
    assert published(draft, by=one).published_by == one


# --- Restating ----------------------------------------------------------------------------------------


def test_an_edition_restates_an_earlier_one_and_says_why():
    first, draft = current(), put_measures(edition=start_draft(), measures=[a_measure()])
    published(draft, restates=first, reason="The rate was misread.")
    assert (draft.restates, draft.reason) == (first, "The rate was misread.")
    assert AuditEntry.objects.get(deed="edition published", subject="edition 2").detail["restates"] == 1


@pytest.mark.parametrize(
    ("reason", "restated", "code"),
    [("", "published", "missing_reason"), ("A slip.", "draft", "restates_no_published_edition")],
)
def test_a_restatement_without_a_reason_or_of_a_draft_is_refused(reason, restated, code):
    draft = put_measures(edition=start_draft(), measures=[a_measure()])
    with pytest.raises(ValidationError) as refusal:
        published(draft, reason=reason, restates=current() if restated == "published" else draft)
    assert refusal.value.code == code


# --- Out and in again ---------------------------------------------------------------------------------


def test_an_exported_edition_loaded_back_has_the_same_digest_and_makes_no_second_edition(tmp_path):
    said = answer_of("export_policies", "1", "--to", str(tmp_path / "law"))
    assert (said["edition"], said["measures"], said["digest"]) == (1, 117, current().digest)
    again = answer_of("load_policies", str(tmp_path / "law"))
    assert (again["edition"], again["digest"], len(again["unchanged"])) == (1, current().digest, 117)


def test_an_edition_goes_out_as_one_text_too(tmp_path, capsys):
    from django.core.management import call_command

    call_command("export_policies")
    file = tmp_path / "law.yaml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert answer_of("load_policies", str(file))["digest"] == current().digest
    assert answer_of("export_policies")["files"].keys() >= {
        "us/section-301/brazil.yaml",
        "classification.yaml",
    }


def test_files_are_not_written_beside_others(tmp_path):
    (tmp_path / "other.yaml").write_text("title: Another\n", encoding="utf-8")
    with pytest.raises(CommandError, match="is not an empty folder"):
        answer_of("export_policies", "--to", str(tmp_path))


def test_files_are_loaded_into_a_draft_and_never_into_a_published_edition(tmp_path):
    draft = put_measures(edition=start_draft(), measures=[a_measure()])
    answer_of("export_policies", "--to", str(tmp_path / "law"))
    said = answer_of("load_policies", str(tmp_path / "law"), "--into", "2")
    assert (said["edition"], said["digest"]) == (draft.number, current().digest)
    with pytest.raises(CommandError, match="never changes"):
        answer_of("load_policies", str(tmp_path / "law"), "--into", "1")


def shipped_law_with_a_change(tmp_path):
    path = tmp_path / "law.yaml"
    text = stream_of(files_of(shipped_book()))
    path.write_text(
        text.replace("Section 301, China, List 2: mining rigs", "Section 301, rigs"), encoding="utf-8"
    )
    return str(path)


def test_a_newer_shipped_law_is_published_where_nobody_published_another(tmp_path):
    said = answer_of("load_policies", shipped_law_with_a_change(tmp_path), "--publish", "--defer")
    assert (said["edition"], said["state"], said["changed"]) == (2, "published", [LIST_2])


def test_a_newer_shipped_law_waits_as_a_draft_where_a_person_published_the_current_one(tmp_path):
    published(put_measures(edition=start_draft(), measures=[a_measure()]), by=an_admin())
    said = answer_of("load_policies", shipped_law_with_a_change(tmp_path), "--publish", "--defer")
    assert (said["edition"], said["state"], said["removed"]) == (3, "draft", ["US-EXAMPLE"])
    assert current().number == 2


def test_a_newer_shipped_law_waits_as_a_draft_where_a_second_person_is_needed(tmp_path, settings):
    settings.POLICY_NEEDS_SECOND_PERSON = True
    said = answer_of("load_policies", shipped_law_with_a_change(tmp_path), "--publish", "--defer")
    assert (said["edition"], said["state"]) == (2, "draft")


# --- The difference ------------------------------------------------------------------------------------


def test_the_difference_between_two_editions_is_told_in_words_and_numbers():
    draft = start_draft()
    put_measures(edition=draft, measures=[replace(measure_of(draft), rate=a_rate(30)), a_measure()])
    end_measure(edition=draft, code="US-301FL-10", through=date(2026, 12, 31), act="an act")
    said = answer_of("compare_editions", "2")
    assert (said["edition"], said["with"]) == (2, 1)
    assert said["counts"] == {"added": 1, "ended": 1, "changed": 1, "removed": 0, "unchanged": 115}
    changed = next(change for change in said["measures"] if change["code"] == LIST_2)
    assert changed["fields"] == [
        {"field": "ad_valorem_rate", "old": "0.25", "new": "0.3", "sentence": "Rate: 25 % becomes 30 %."}
    ]
