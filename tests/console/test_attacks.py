"""What somebody tries from outside, each on everything at once: formulas, markup, hosts, ways out, letters."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from config.pages.attachment import CSV, attached
from fleet.models import Lot, Rig, SavedView, Upload, User
from fleet.services import add_evidence, issue_key, place_hold
from risk.services.webhooks import register_webhook
from tests.browser.every_page import ID, routes, shelves, with_ids
from tests.console.visitors import PASSWORD, a_fleet, a_member, a_person, an_admin, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_row
from tests.vendors.records import a_document, a_vendor, said_of

pytestmark = pytest.mark.usefixtures("shipped")

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"
PAPER = {"kind": "certificate", "country": "MY", "strength": "strong"}
RUN = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[\d.,]+")


@pytest.fixture
def operator(tmp_path):
    """A fleet all of whose words are chosen by somebody who means harm."""
    operator = an_operator(name=f"Prairie {MARKUP}")
    said = {"Notes": f"{FORMULA} {MARKUP}", "site": f"@SUM(A1) {MARKUP}", "Purchase Order": f"+1+1{MARKUP}"}
    rows = [a_row(number, entry_number="ABC-1234567-1", customs_value="2000", **said) for number in (1, 2)]
    assert a_fleet(tmp_path, operator, rows)["state"] == "applied"
    return operator


@pytest.fixture
def client(operator):
    """A manager's browser."""
    ann = a_member(operator)
    User.objects.filter(pk=ann.pk).update(first_name=MARKUP, last_name=FORMULA)
    return signed_in(ann)


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def general() -> list[str]:
    """The addresses of the console without ids, and the register's shelves."""
    return [f"/{route}" for route in (*routes(), *shelves()) if not ID.search(route)]


def test_no_cell_of_any_table_that_is_taken_along_runs(client):
    tables = [each for each in general() if each.endswith((".csv", ".xlsx"))]
    tables += ["/entries/ABC-1234567-1/rigs.csv"]
    seen = ""
    for address in tables:
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = body_of(answer)
        if address.endswith(".csv"):
            cells = [cell for row in csv.reader(StringIO(content.decode("utf-8-sig"))) for cell in row]
            run = [cell for cell in cells if cell.startswith(RUN) and not NUMBER.fullmatch(cell)]
            seen += "".join(cells)
        else:
            sheets = load_workbook(BytesIO(content))
            run = [str(cell) for sheet in sheets for row in sheet for cell in row if cell.data_type == "f"]
        assert not run, (address, run)
    assert len(tables) >= 6 and FORMULA in seen


def test_words_that_people_have_chosen_are_text_on_every_page(client, operator):
    ann = operator.members.get()
    rig, upload = Rig.objects.of(operator)[0], Upload.objects.of(operator).get()
    Upload.objects.filter(pk=upload.pk).update(file_name=f"{MARKUP}.xlsx")
    vendor = a_vendor(f"Acme {MARKUP}", operator=operator, note=MARKUP)
    a_document(vendor, operator=operator, title=MARKUP, note=MARKUP)
    said_of(vendor, "notes", operator=operator, text=MARKUP)
    said_of(vendor, "contacts", operator=operator, name=MARKUP, position=MARKUP)
    said_of(vendor, "names", operator=operator, name=MARKUP, kind="brand")
    add_evidence(
        operator=operator,
        file=SimpleUploadedFile("co.pdf", b"%PDF-1.7"),
        file_name="co.pdf",
        at=NOW,
        title=MARKUP,
        note=MARKUP,
        **PAPER,
    )
    key, _ = issue_key(operator=operator, name=MARKUP, scopes=["fleet:read"], at=NOW, by=ann)
    hook, _ = register_webhook(operator=operator, url="https://example.com/x", at=NOW, description=MARKUP)
    hold = place_hold(operator=operator, at=NOW, why=MARKUP, upload=upload, by=ann)
    client.post("/views/save/", {"list": "rigs", "name": MARKUP[:28], "query": "status=retired"})
    assert SavedView.objects.exists()
    pages = [
        *general(),
        f"/rigs/{rig.pk}/",
        f"/lots/{Lot.objects.of(operator)[0].pk}/",
        f"/uploads/{upload.pk}/",
    ]
    pages += [
        f"/vendors/{vendor.pk}/",
        f"/keys/{key.pk}/",
        f"/webhooks/{hook.pk}/",
        f"/holds/{hold.pk}/lift/",
    ]
    escaped = set()
    for browser in (client, signed_in(an_admin())):
        for address in pages:
            answer = browser.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                text = answer.content.decode()
                assert "<img src=x" not in text, address
                if "&lt;img src=x" in text:
                    escaped.add(address)
    assert len(escaped) > 40, sorted(escaped)


def test_every_form_wants_the_token_of_its_page(client):
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies = client.cookies
    every = [f"/{with_ids(route, [1] * len(ID.findall(route)))}" for route in routes()]
    every += [f"/{shelf}{deed}" for shelf in shelves() for deed in ("", "add/", "1/change/", "1/delete/")]
    taken = {
        each: status for each in every if (status := stranger.post(each, {"why": "x"}).status_code) != 403
    }
    assert not taken
    assert len(every) > 100


def test_a_host_of_somebody_elses_is_not_ours_and_what_a_stranger_forwards_is_not_believed(client):
    for address in ("/", "/login/", "/login/forgotten/", "/health/live", "/api/v1/"):
        assert client.get(address, HTTP_HOST="evil.example").status_code == 400, address
    told = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https"}
    assert "evil.example" not in client.get("/keys/new/", **told).text
    assert Client().get("/", **told)["Location"].startswith("/login/")


def test_no_way_back_leads_out():
    person = a_member(an_operator())
    inside = signed_in(person)
    ways = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
    ]
    ways += [
        "javascript:alert(1)",
        "https:///evil.example",
        "\t//evil.example",
        "///evil.example",
        "/\t/evil.example",
    ]
    for way in ways:
        assert inside.get("/login/", {"next": way})["Location"] == "/", way
    sent = Client().post("/login/", {"username": "ann", "password": PASSWORD, "next": ways[1]})
    assert (sent.status_code, sent["Location"]) == (302, "/")
    assert inside.post("/logout/", {"next": ways[0]}).headers.get("Location", "/").startswith("/")


def test_no_answer_is_framed_or_guessed_at(client):
    addresses = [
        "/",
        "/login/",
        "/lots/",
        "/vendors/vendor/",
        "/rigs/fleet.csv",
        "/api/v1/operators/me/",
        "/none/",
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["Referrer-Policy"] == "same-origin", address
    policy = client.get("/")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "base-uri" in policy and "form-action" in policy


def test_a_name_adds_no_header_to_what_is_taken_along():
    for name in (
        'a"\r\nSet-Cookie: x=1.csv',
        "../../etc/passwd.csv",
        "\u202efdp.csv",
        "a\\..\\b.csv",
        'q";x="1.csv',
    ):
        place = attached(b"", CSV, name)["Content-Disposition"]
        assert place.startswith("attachment; filename"), place
        assert not re.search(r"[\r\n/\u202e]|\\\\?\.\.", place), place


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u2066", "\x07"])
def test_words_by_which_people_know_things_have_no_letters_that_are_not_seen(operator, letter):
    word, pdf = f"fdp{letter}exe", SimpleUploadedFile("co.pdf", b"%PDF-1.7")
    root = signed_in(an_admin())
    ways = {
        "paper": lambda: add_evidence(
            operator=operator, file=pdf, file_name="co.pdf", at=NOW, title=word, **PAPER
        ),
        "document": lambda: a_document(a_vendor(), title=word),
        "key": lambda: issue_key(operator=operator, name=word, scopes=["fleet:read"], at=NOW),
        "webhook": lambda: register_webhook(
            operator=operator, url="https://example.com/x", at=NOW, description=word
        ),
    }
    for name, way in ways.items():
        with pytest.raises(ValidationError, match=r"a letter that nobody sees \(U\+"):
            way()
            pytest.fail(name)
    person = a_person("nina")
    form = {"username": "nina", "first_name": word, "is_active": "on"}
    answer = root.post(reverse("admin:fleet_user_change", args=[person.pk]), form)
    assert answer.status_code in (200, 400)
    person.refresh_from_db()
    assert person.first_name == ""
