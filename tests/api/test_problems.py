"""Whatever the API does not do, it says in one shape, with a code for programs and a sentence for people."""

import json
from pathlib import Path

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from config.wsgi import application
from fleet.api import uploads
from fleet.models import Operator, Site, Upload
from fleet.models.keys import Scope
from tests.api.programs import UPLOADS, Program, a_key, a_program
from tests.console.visitors import an_operator
from tests.sheets import a_csv, a_row

pytestmark = pytest.mark.usefixtures("shipped")

KEYS = {"type", "title", "status", "code", "detail", "errors"}


def problem_of(answer):
    """The problem, whose shape is right."""
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (set(told), told["status"]) == (KEYS, answer.status_code)
    assert Client().get(told["type"]).json()["title"] == told["title"]
    return told


def refused(answer):
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


def test_a_missing_object():
    assert problem_of(a_program().get(f"{UPLOADS}987/"))["detail"] == "There is no upload 987."


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/nowhere/", "/api/v1/uploads/-7.6e-31/", "/api/v2/"])
def test_an_address_that_is_none(address):
    told = problem_of(a_program().get(address))
    assert told["status"] == 404


@pytest.mark.parametrize(
    ("verb", "address"),
    [
        ("post", "rigs/"),
        ("post", "rigs/bulk/"),
        ("patch", "sites/{site}/"),
        ("post", "webhooks/"),
        ("post", "vendors/"),
    ],
)
def test_json_that_is_nested_without_end_is_malformed(verb, address):
    operator = an_operator()
    address = address.format(site=Site.objects.create(operator=operator, name="Iceberg").pk)
    client = a_program(operator, *Scope).client
    client.defaults["HTTP_IF_MATCH"] = "*"
    for text in ("[" * 100_000, '{"a":' * 100_000):
        answer = getattr(client, verb)(f"/api/v1/{address}", text, content_type="application/json")
        told = problem_of(answer)
        assert (told["status"], told["detail"]) == (400, "The JSON is nested too deeply.")


def test_no_address_reads_json_by_a_reader_without_a_limit():
    sources = [*Path("fleet").rglob("*.py"), *Path("risk").rglob("*.py"), *Path("vendors").rglob("*.py")]
    assert sources
    assert not [path for path in sources if "import JSONParser" in path.read_text()]


def test_an_address_without_its_slash_is_told_not_redirected():
    told = problem_of(a_program().client.post("/api/v1/uploads"))
    assert "try /api/v1/uploads/." in told["detail"]


def test_a_wrong_method_names_the_right_ones():
    client = a_program().client
    for verb in (client.put, client.options):
        answer = verb(UPLOADS)
        told = problem_of(answer)
        assert told["code"] == "method_not_allowed"
        assert told["detail"].endswith("it takes GET, POST, HEAD.")
        assert answer["Allow"] == "GET, POST, HEAD"


def test_a_wrong_content_type():
    answer = a_program().post(UPLOADS, {"file": "fleet.csv"})
    told = problem_of(answer)
    assert (told["status"], told["code"]) == (415, "unsupported_media_type")
    assert told["detail"].endswith("send multipart/form-data.")


def test_json_that_is_none(tmp_path):
    program = a_program()
    address = program.send(a_csv(tmp_path, [a_row(1)]))["Location"]
    for body in ("{", "[1, 2]", '"text"', "NaN"):
        answer = program.client.post(f"{address}check/", body, content_type="application/json")
        assert problem_of(answer)["status"] == 400


def test_a_missing_file_names_the_field():
    answer = a_program().client.post(UPLOADS, {"mode": "both"})
    told = problem_of(answer)
    assert (told["status"], told["code"]) == (400, "invalid")
    assert [(each["field"], each["code"]) for each in told["errors"]] == [("file", "required")]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("mode", "sideways", "sideways"),
        ("heading_row", "zero", "integer"),
        ("mapping", "{", "no JSON"),
        ("mapping", "[1]", "Write a JSON object"),
        ("mapping", '{"S/N": 1}', "Write a JSON object"),
        ("constants", '{"site": null}', "Write a JSON object"),
        ("constants", '{"site": "a\\u0000b"}', "Write a JSON object"),
        ("constants", '{"site": "\\ud800"}', "Write a JSON object"),
        ("values", '{"model": "S21"}', "Write a JSON object"),
        ("mapping", "[" * 100_000, "no JSON"),
        ("colour", "red", "There is no field 'colour'"),
    ],
)
def test_a_field_that_is_wrong_is_named(tmp_path, field, value, said):
    told = problem_of(a_program().send(a_csv(tmp_path, [a_row(1)]), **{field: value}))
    assert (told["status"], told["errors"][0]["field"]) == (400, field)
    assert said in told["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("constants", {"country_of_origin": "Atlantis"}),
        ("mapping", {"Serial": "no_such_column"}),
        ("constants", {"colour": "red"}),
    ],
)
def test_a_column_or_constant_that_is_none_is_refused_before_any_waiting(tmp_path, field, value):
    told = problem_of(a_program().send(a_csv(tmp_path, [a_row(1)]), **{field: json.dumps(value)}))
    assert (told["status"], told["code"], Upload.objects.count()) == (400, "choice_unfit", 0)


def test_an_empty_file_and_one_that_is_too_large(tmp_path, settings, monkeypatch):
    program, empty = a_program(), tmp_path / "empty.csv"
    empty.touch()
    assert problem_of(program.send(empty))["code"] == "file_empty"
    settings.UPLOAD_MAX_BYTES = 10
    answer = program.send(a_csv(tmp_path, [a_row(1)]))
    assert (answer.status_code, problem_of(answer)["code"]) == (413, "file_too_large")
    monkeypatch.setattr(uploads.Uploads, "largest_body", 100)
    answer = program.send(a_csv(tmp_path, [a_row(1)]))
    assert (answer.status_code, problem_of(answer)["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=1001", "page_size"),
        ("page_size=0", "page_size"),
        ("page_size=٣", "page_size"),
        ("cursor=nonsense", "cursor"),
        ("cursor=cD1hYmM%3D", "cursor"),
        ("state=gone", "state"),
        ("stat=waiting", "stat"),
    ],
)
def test_a_query_that_is_not_understood_is_refused_in_words(query, field):
    told = problem_of(a_program().get(f"{UPLOADS}?{query}"))
    assert (told["status"], told["errors"][0]["field"]) == (400, field)


def test_a_page_of_a_thousand_is_allowed():
    assert a_program().get(f"{UPLOADS}?page_size=1000").status_code == 200


def test_too_many_requests_are_told_how_long_to_wait(settings):
    settings.API_REQUESTS_A_MINUTE = 2
    program = a_program()
    answers = [program.get(UPLOADS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert answers[0]["RateLimit"].startswith('"minute";r=1;t=')
    assert problem_of(answers[2])["code"] == "throttled"
    assert 1 <= int(answers[2]["Retry-After"]) <= 60


def test_strangers_and_those_who_may_not_are_counted_too(settings):
    settings.API_REQUESTS_A_MINUTE = 2
    stranger = Program("rl_0_0", REMOTE_ADDR="192.0.2.99")  # where no other test comes from
    reader = a_program(None, Scope.FLEET_READ)
    answers = [stranger.get(UPLOADS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[0]["RateLimit"].startswith('"minute";r=1;t=')
    answers = [reader.post(f"{UPLOADS}1/undo/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]


def test_a_cache_that_is_down_stops_nobody(settings, monkeypatch):
    def down(*_, **__):
        raise OSError("no route")

    monkeypatch.setattr("ledger.api.limits.cache.incr", down)
    assert a_program().get(UPLOADS).status_code == 200


def test_a_bug_is_told_without_its_inside(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("password=hunter2")

    program = a_program()
    program.client.raise_request_exception = False
    monkeypatch.setattr(uploads, "upload_summary", broken)
    Upload.objects.create(operator=Operator.objects.get())
    answer = program.get(UPLOADS)
    assert (problem_of(answer)["code"], b"hunter2" in answer.content) == ("fault", False)


def test_a_multipart_body_that_is_cut_short():
    kind = "multipart/form-data; boundary=x"
    for body in (b"--x\r\nContent-Disp", b"", b"\xff\xfe"):
        answer = a_program_once().client.post(UPLOADS, body, content_type=kind)
        assert problem_of(answer)["status"] == 400


def a_program_once():
    """The same operator's program again."""
    return a_program(Operator.objects.first())


def test_a_file_name_with_odd_letters_is_kept_as_text(tmp_path):
    file = SimpleUploadedFile("../Flotte \u202e ü.csv", a_csv(tmp_path, [a_row(1)]).read_bytes())
    told = a_program().client.post(UPLOADS, {"file": file}).json()
    assert "/" not in told["file"]


def test_an_answer_is_json_whatever_is_accepted():
    for kind in ("text/html", "application/problem+json", "application/xml"):
        assert a_program_once().get(UPLOADS, headers={"Accept": kind})["Content-Type"] == "application/json"
    assert a_program_once().get(UPLOADS)["Cache-Control"] == "no-store"


def test_pages_of_the_console_are_still_pages():
    assert "text/html" in Client().get("/static/nothing.css")["Content-Type"]


SITES = "/api/v1/sites/"
SITE = b'{"name": "Rockdale", "country": "US"}'


@pytest.mark.parametrize(
    ("kind", "headers", "refusal"),
    [
        ("application/json; charset=klingon", {}, (415, "charset_unknown")),
        ("application/json; charset=rot13", {}, (415, "charset_unknown")),
        ("application/json; charset=bz2_codec", {}, (415, "charset_unknown")),
        ("application/json", {"Content-Encoding": "gzip"}, (415, "content_encoding_unknown")),
        ("application/json", {"Transfer-Encoding": "chunked"}, (411, "length_missing")),
    ],
)
def test_a_body_that_is_packed_or_in_chunks_or_in_no_letters_is_taken_for_no_other(
    kind, headers, refusal, monkeypatch
):
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    key = a_key(an_operator(), *Scope)
    with httpx.Client(transport=httpx.WSGITransport(app=application), base_url="http://localhost") as client:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": kind, **headers}
        assert refused(client.post(SITES, content=SITE, headers=headers)) == refusal
        assert client.get(f"{SITES}?page_size=7", headers=headers).status_code == 200
        assert client.get("/api/v1/schema/?lang=%ff", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": "Rockdale", "name": "Odessa"}', "member_repeated"),
        (b'{"name": "Rockdale", "country": {"a": 1, "b": [{"c": 1, "c": 2}]}}', "member_repeated"),
        (b'{"name": 1e999}', "parse_error"),
        (b'{"name": -1e999}', "parse_error"),
        (b'{"name": -Infinity}', "parse_error"),
        (b'{"name": NaN}', "parse_error"),
        (b'{"name": "Rock\\u0000dale"}', "text_unstorable"),
        (b'{"name": "Rock\\u0007dale"}', "text_unstorable"),
        (b'{"name": "Rock\\bdale"}', "text_unstorable"),
        (b'{"name": "Rock\\ud800dale"}', "text_unstorable"),
        (b'{"na\\u0000me": "Rockdale"}', "text_unstorable"),
        (b'{"name": ["\\ufffd", {"x": "\\u001f"}]}', "text_unstorable"),
    ],
)
def test_json_that_nobody_can_keep_or_that_says_two_things_is_refused_at_every_address(body, code):
    program = a_program(an_operator(), *Scope)
    addresses = (SITES, "/api/v1/assessments/", "/api/v1/rigs/bulk/", "/api/v1/webhooks/")
    answers = [program.client.post(each, body, content_type="application/json") for each in addresses]
    answers.append(program.client.post("/api/v1/rigs/bulk/", body, content_type="application/x-ndjson"))
    assert {refused(answer) for answer in answers} == {(400, code)}


def test_text_with_odd_but_whole_characters_is_kept():
    program = a_program(an_operator(), *Scope)
    name = "C:\\Räume\\b 比特 \U0001f600 \\u0000"
    answer = program.client.post(SITES, json.dumps({"name": name}), content_type="application/json")
    assert (answer.status_code, answer.json()["name"]) == (201, name)


def test_what_a_query_says_twice_is_refused():
    program = a_program(an_operator(), *Scope)
    assert refused(program.get(f"{SITES}?page_size=5&page_size=6")) == (400, "invalid")
    assert program.get(f"{SITES}?page_size=5&page_size=6").json()["errors"][0]["code"] == "parameter_repeated"
