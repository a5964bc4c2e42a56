"""Platform admins draft the law, look at what it would do, and publish it; nobody else sees those pages."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fleet.models.operator import PlatformRole
from risk.book import book_of
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.models import Exposure, PolicyEdition
from risk.policy_files import text_of
from risk.services import publish_edition, put_measures, start_draft
from tests.console.test_front_page import page_of
from tests.console.test_front_page import text_of as shown_text
from tests.console.visitors import a_fleet, a_member, a_person, an_admin, an_operator, signed_in
from tests.database import NOW, TODAY
from tests.facts import a_measure, a_rate
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

LIST_2 = "US-301-CN-L2"
PAGES = (
    "/policies/",
    "/policies/1/",
    "/policies/1/review/",
    "/policies/1/export.yaml",
    f"/policies/1/measures/{LIST_2}/",
)
DEEDS = (
    "/policies/start/",
    "/policies/1/load/",
    "/policies/1/publish/",
    f"/policies/1/measures/{LIST_2}/end/",
    f"/policies/1/measures/{LIST_2}/remove/",
)
ACTION = """\
family: us/section-301/invented
title: Section 301, an invented action
import_country: US
authority: USTR, Section 301
rate_type: additive
hts_prefixes: ["8543.70"]
countries_of_origin: [MY, TH]
source: an exercise
confidence: low
verified_through: 2026-11-20
series:
- values:
    2026-11-01:
      code: US-INVENTED
      ad_valorem_rate: "0.20"
      legal_reference: an invented act
"""


@pytest.fixture
def admin():
    return signed_in(an_admin())


@pytest.fixture
def draft():
    return start_draft()


def read(client, address):
    return unescape(shown_text(page_of(client, address)))


def sent(client, address, said, status=200):
    answer = client.post(address, said, follow=True)
    assert answer.status_code == status
    return unescape(shown_text(answer.content.decode()))


def measure_of(edition, code=LIST_2):
    return next((measure for measure in book_of(edition).measures if measure.code == code), None)


# --- Who may enter ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*PAGES, *DEEDS])
def test_nobody_comes_to_the_law_without_signing_in(address):
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("address", [*PAGES, *DEEDS])
def test_managers_and_compliance_staff_do_not_come_to_the_desk_of_the_law(address):
    for person in (
        a_member(an_operator()),
        a_person("clare", platform_role=PlatformRole.COMPLIANCE),
    ):
        assert signed_in(person).get(address).status_code == 403
        assert signed_in(person).post(address).status_code == 403
        assert "Draft, review and publish" not in read(signed_in(person), "/register/")


@pytest.mark.parametrize("address", DEEDS)
def test_a_deed_is_not_done_by_looking(admin, address):
    assert admin.get(address).status_code == 405


@pytest.mark.parametrize(
    "address", ["/policies/99/", "/policies/1/measures/US-NONE/", "/policies/1/measures/"]
)
def test_what_does_not_exist_is_not_found(admin, address):
    assert admin.get(address).status_code == 404


def test_the_pages_work_before_any_operator_exists_and_without_inline_style_or_script(admin, draft):
    for address in (*PAGES[:3], PAGES[4], "/policies/2/", "/policies/2/review/", "/policies/2/measures/"):
        answer = admin.get(address)
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "style-src 'self';" in f"{answer['Content-Security-Policy']};"
        assert not re.search(r"<[^>]+ style=|<script>|<style", html), address


# --- Looking ------------------------------------------------------------------------------------------


def test_an_edition_shows_its_measures_by_authority_and_through_when_it_was_checked(admin):
    told = read(admin, "/policies/1/")
    assert "117 measures" in told
    assert "Checked against its sources through 10 Oct 2026" in told
    assert f"{LIST_2} Section 301, China, List 2: mining rigs 25 % 23 Aug 2018 no end high" in told
    assert told.count("USTR, Section 301") == 1


def test_an_edition_is_taken_along_and_goes_into_a_draft_again(admin, draft):
    answer = admin.get("/policies/1/export.yaml")
    assert 'filename="edition-1.yaml"' in answer["Content-Disposition"]
    put_measures(edition=draft, measures=[a_measure()])
    file = SimpleUploadedFile("law.yaml", answer.content)
    assert "now holds the 117 measures" in sent(admin, "/policies/2/load/", {"file": file})
    draft.refresh_from_db()
    assert draft.digest == PolicyEdition.objects.current().digest


def test_a_measure_of_a_published_edition_is_shown_and_cannot_be_written(admin):
    assert "HTSUS 9903.88.02" in read(admin, f"/policies/1/measures/{LIST_2}/")
    assert admin.post(f"/policies/1/measures/{LIST_2}/", {"text": ACTION}).status_code == 405
    assert "never changes" in sent(admin, f"/policies/1/measures/{LIST_2}/remove/", {})


# --- Drafting -----------------------------------------------------------------------------------------


def test_a_draft_starts_from_the_list_of_editions_and_knows_who_began_it(admin):
    told = sent(admin, "/policies/start/", {})
    assert "Edition 2 draft 117 measures. Copy of edition 1" in told
    assert PolicyEdition.objects.get(number=2).changed_by.username == "root"


def test_without_an_edition_starting_a_draft_says_what_to_do(admin):
    PolicyEdition.objects.all().delete()
    assert "load policy files first" in sent(admin, "/policies/start/", {})


def test_a_measure_is_changed_in_the_language_of_the_files(admin, draft):
    page = admin.get(f"/policies/2/measures/{LIST_2}/")
    text = page.context_data["form"].initial["text"]
    told = sent(admin, f"/policies/2/measures/{LIST_2}/", {"text": text.replace('"0.25"', '"0.3"')})
    assert f"Written into the draft: {LIST_2}." in told
    assert "Rate: 25 % becomes 30 %." in told
    assert measure_of(draft).rate == a_rate(30)


def test_a_measure_written_as_it_stands_changes_nothing(admin, draft):
    for code in (LIST_2, "US-RECIP-CN-10B", "US-OFAC-BITRIVER", "US-FEE-MPF-FY2025"):
        text = text_of([measure_of(draft, code)])
        sent(admin, f"/policies/2/measures/{code}/", {"text": text})
    draft.refresh_from_db()
    assert draft.digest == PolicyEdition.objects.current().digest


@pytest.mark.parametrize("as_file", [False, True])
def test_a_new_measure_is_pasted_or_sent_as_a_file(admin, draft, as_file):
    said = {"file": SimpleUploadedFile("new.yaml", ACTION.encode())} if as_file else {"text": ACTION}
    told = sent(admin, "/policies/2/measures/", said)
    assert (
        "US-INVENTED is new: Section 301, an invented action, 20 % on 8543.70 from Malaysia, Thailand" in told
    )
    assert measure_of(draft, "US-INVENTED").family == "us/section-301/invented"


@pytest.mark.parametrize(
    ("before", "after", "line", "sentence"),
    [
        ('"0.20"', "0.20", 15, "ad_valorem_rate: 0.20 stands without quotes"),
        ("[MY, TH]", "[MY, Siam]", 7, "countries_of_origin: 'Siam' is no country code"),
        ('["8543.70"]', '["8543.7"]', 6, "hts_prefixes: '8543.7' is no HTS prefix"),
        ("      legal_reference: an invented act\n", "", 14, "legal_reference is missing"),
        ("confidence: low", "confidnce: low", 9, "did you mean confidence?"),
        ("family: us/section-301/invented\n", "", 1, "family is missing"),
        ("[MY, TH]", "[MY, TH", 8, "cannot be read as YAML"),
    ],
)
def test_a_wrong_measure_is_refused_by_line_and_field_and_the_text_is_kept(
    admin, draft, before, after, line, sentence
):
    text = ACTION.replace(before, after)
    told = sent(admin, "/policies/2/measures/", {"text": text}, status=400)
    assert f"line {line} : " in told
    assert sentence in told
    assert "nothing was written" in told
    assert text.split("\n")[3] in told
    assert draft.measures.count() == 117


def test_a_text_that_is_no_policy_and_a_file_that_is_no_text_are_refused(admin, draft):
    assert "Write a measure" in sent(admin, "/policies/2/measures/", {"text": " "}, status=400)
    assert "it holds no policy" in sent(admin, "/policies/2/measures/", {"text": "a: b"}, status=400)
    for address in ("/policies/2/measures/", "/policies/2/load/"):
        binary = SimpleUploadedFile("new.yaml", b"\xff\xfe\x00")
        assert "no UTF-8 text" in sent(admin, address, {"file": binary}, status=400)


def test_what_a_text_holds_is_shown_as_text_never_as_markup(admin, draft):
    text = ACTION.replace("Section 301, an invented action", "<script>alert(1)</script>")
    html = admin.post("/policies/2/measures/", {"text": text}, follow=True).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_wrong_file_for_a_whole_draft_is_told_by_file_and_line(admin, draft):
    file = SimpleUploadedFile("law.yaml", f"--- # us/new.yaml\n{ACTION}".replace("[MY", "[XX").encode())
    told = sent(admin, "/policies/2/load/", {"file": file}, status=400)
    assert "us/new.yaml , line 8 : countries_of_origin: 'XX'" in told.replace("line 7", "line 8")
    assert draft.measures.count() == 117


def test_a_measure_is_ended_with_its_act_and_not_without(admin, draft):
    address = f"/policies/2/measures/{LIST_2}/end/"
    assert "Name the act" in sent(admin, address, {"through": "2026-12-31", "act": ""}, status=400)
    assert "Write the day like" in sent(admin, address, {"through": "soon", "act": "x"}, status=400)
    assert "it cannot end on 2017-01-01" in sent(admin, address, {"through": "2017-01-01", "act": "x"}, 400)
    told = sent(admin, address, {"through": "2026-12-31", "act": "92 FR 1"})
    assert f"{LIST_2} ends on 31 December 2026 (so far without end). 92 FR 1." in told
    assert measure_of(draft).span.through == date(2026, 12, 31)


def test_a_measure_is_taken_out(admin, draft):
    told = sent(admin, f"/policies/2/measures/{LIST_2}/remove/", {})
    assert "as if it had never been law" in told
    assert measure_of(draft) is None


# --- Reviewing and publishing ---------------------------------------------------------------------------


def test_the_review_shows_the_shares_before_and_after_for_every_operator(admin, draft, tmp_path):
    prairie, mesa = an_operator(), an_operator("mesa", "Mesa")
    a_fleet(tmp_path, prairie, [a_row(1, country_of_origin="VN", country_of_assembly="VN")])
    a_fleet(tmp_path, mesa, [a_row(2, country_of_origin="KE", country_of_assembly="KE")])
    kenya = ACTION.replace("[MY, TH]", "[KE]")
    sent(admin, "/policies/2/measures/", {"text": kenya})
    told = read(admin, "/policies/2/review/")
    assert "Nothing is wrong with it" in told
    assert re.search(r"Mesa 0 % 100 % \S+ %? ?\S+ ?%? 1 of 1", told), told
    assert re.search(r"Prairie Hash 100 % 100 % .* 0 of 1", told), told
    assert re.search(r"Mesa .* Duty on a replacement: \$[\d,]+ becomes \$[\d,]+ \. Prairie", told), told
    assert not Exposure.objects.filter(edition__number=2).exists()


def test_a_duty_that_is_still_to_come_is_looked_at_on_its_day(admin, draft, tmp_path):
    a_fleet(tmp_path, an_operator(), [a_row(1, country_of_origin="KE", country_of_assembly="KE")])
    coming = ACTION.replace("[MY, TH]", "[KE]").replace("2026-11-01", "2099-03-01")
    told = sent(admin, "/policies/2/measures/", {"text": coming})
    assert "begins or is over: 1 Mar 2099 ." in told
    assert re.search(r"Prairie Hash 0 % 0 % .* 0 of 1", told)
    told = read(admin, "/policies/2/review/?on=2099-03-01")
    assert "Under the law of 1 Mar 2099" in told
    assert re.search(r"Prairie Hash 0 % 100 % .* 1 of 1", told)
    assert "Write the day like" in read(admin, "/policies/2/review/?on=soon")


def test_a_draft_that_began_before_another_was_published_says_what_it_would_take_back(admin, draft):
    sent(admin, "/policies/2/measures/", {"text": ACTION})
    other = start_draft()
    put_measures(edition=other, measures=[a_measure()])
    assert "was published since" not in read(admin, "/policies/2/review/")
    publish_edition(edition=other, on=TODAY, at=NOW)
    told = read(admin, "/policies/2/review/")
    assert "This draft began from edition 1, and edition 3 was published since." in told
    assert "US-EXAMPLE is taken out, as if it had never been law" in told


def test_a_draft_with_a_fault_says_so_and_is_not_published(admin, draft):
    sent(admin, "/policies/2/measures/", {"text": ACTION})
    sent(admin, "/policies/2/measures/", {"text": ACTION.replace("US-INVENTED", "US-AGAIN")})
    told = read(admin, "/policies/2/review/")
    assert "1 fault; it cannot be published like this" in told
    assert "both apply to the same goods" in told
    sent(admin, "/policies/2/publish/", {"reason": "An exercise."}, status=400)
    draft.refresh_from_db()
    assert not draft.is_published


def test_two_base_rates_on_the_same_goods_are_a_fault_and_break_no_page(admin, draft, tmp_path):
    a_fleet(tmp_path, an_operator(), [a_row(1)])
    again = ACTION.replace("rate_type: additive", "rate_type: base").replace("[MY, TH]", '"*"')
    told = sent(admin, "/policies/2/measures/", {"text": again})
    assert "cannot be published like this" in told
    assert "The shares that it would bring are worked out once nothing is wrong with it" in told


def test_a_draft_is_published_with_its_reason_and_not_without(admin, draft):
    sent(admin, "/policies/2/measures/", {"text": ACTION})
    assert "Say why" in sent(admin, "/policies/2/publish/", {"reason": ""}, status=400)
    told = sent(admin, "/policies/2/publish/", {"reason": "An invented action began."})
    assert "Edition 2 is published" in told
    assert "What edition 2 changed" in told
    draft.refresh_from_db()
    assert (draft.is_published, draft.reason) == (True, "An invented action began.")
    assert "An invented action began." in read(admin, "/policies/")
    assert "never changes" in sent(admin, "/policies/2/publish/", {"reason": "Again."}, status=400)


def test_the_second_person_is_asked_for_where_the_setting_says_so(admin, draft, settings):
    settings.POLICY_NEEDS_SECOND_PERSON = True
    sent(admin, "/policies/2/measures/", {"text": ACTION})
    assert "A second person has to publish it" in read(admin, "/policies/2/review/")
    assert "needs a second person" in sent(admin, "/policies/2/publish/", {"reason": "Mine."}, status=400)
    other = signed_in(an_admin("second"))
    assert "Edition 2 is published" in sent(other, "/policies/2/publish/", {"reason": "Seen."})


def test_a_restatement_lists_what_rested_on_the_error(admin, draft, tmp_path):
    a_fleet(tmp_path, an_operator(), [a_row(1, country_of_origin="MY", country_of_assembly="MY")])
    sent(admin, "/policies/2/measures/", {"text": ACTION})
    first = PolicyEdition.objects.get(number=1)
    told = sent(admin, "/policies/2/publish/", {"reason": "It was missed.", "restates": first.pk})
    assert "What rested on the error in edition 1" in told
    follow_unfollowed_editions(now=NOW)
    assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)
    told = read(admin, "/policies/2/review/")
    assert re.search(
        r"reads differently now 1 .* Lot \d+ Prairie Hash .* 10 % 30 % reads differently now", told
    )
    assert "An error in it is mended by edition 2" in read(admin, "/policies/1/")


def test_an_edition_published_without_the_console_is_shown_too(admin, draft):
    put_measures(edition=draft, measures=[a_measure()])
    publish_edition(edition=draft, on=TODAY, at=NOW)
    assert "by a command" in read(admin, "/policies/2/review/")
