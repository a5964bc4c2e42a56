"""Files and requests changed at random: each is read or refused as its reader refuses, and nothing else happens.

`script/bench fuzz --minutes N` looks for longer, in other changes each time.
"""

from __future__ import annotations

import json
import resource
import zipfile
from contextlib import suppress
from io import BytesIO
from multiprocessing import get_context
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.models import Rig
from fleet.models.keys import Scope
from fleet.sheets import rows
from fleet.sheets.wrecks import UnreadableSheet
from risk.cxml.reading import CxmlUnreadable, read_order
from risk.lists import ListUnreadable
from tests.api.programs import Program, a_key
from tests.console.visitors import an_operator
from tests.fuzz.mangling import LONGEST, MOST, SORTS, TOKENS, Change, changed, changed_inside
from tests.fuzz.readers import READERS, Reader
from tests.fuzz.requests import ASKED, STRANGE, with_one_changed

QUICK = [reader.name for reader in READERS.values() if not reader.is_slow]
CHANGES = st.lists(
    st.builds(
        Change,
        st.sampled_from(SORTS),
        st.floats(0, 1),
        st.integers(0, LONGEST),
        st.integers(0, len(TOKENS) - 1),
    ),
    min_size=1,
    max_size=MOST,
)


def refused_or_read(reader: Reader, name: str, content: bytes) -> None:
    """Anything but the reader's own refusal is a fault of ours."""
    try:
        reader.read(name, content)
    except reader.refusals as refusal:
        assert str(refusal).strip()


@pytest.mark.parametrize("name", READERS)
def test_most_of_the_files_to_begin_with_are_read_so_that_a_change_reaches_far(name):
    reader, were_read = READERS[name], []
    for file, content in reader.good.items():
        with suppress(*reader.refusals):
            reader.read(file, content)
            were_read.append(file)
    assert len(were_read) > len(reader.good) / 2


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=60)
@given(data=st.data())
def test_a_changed_file_is_read_or_refused(name, data):
    reader = READERS[name]
    file = data.draw(st.sampled_from(sorted(reader.good)))
    refused_or_read(reader, file, changed(reader.good[file], data.draw(CHANGES)))


@settings(max_examples=20)
@given(data=st.data())
def test_a_workbook_that_is_changed_outside_or_within_is_read_or_refused(data):
    reader = READERS["workbooks"]
    file = data.draw(st.sampled_from(sorted(reader.good)))
    content, changes = reader.good[file], data.draw(CHANGES)
    if zipfile.is_zipfile(BytesIO(content)) and data.draw(st.booleans()):
        refused_or_read(reader, file, changed_inside(content, data.draw(st.integers(0, 30)), changes))
    else:
        refused_or_read(reader, file, changed(content, changes))


# Each of these raised something else once.
FOUND = {
    "a line end of old Macs in the heading": ("own_csv/own.csv", b"Name,Cou\rntry\nX,RU\n"),
    "an encoding that is none": (
        "ofac_enhanced_xml/cons_enhanced.xml",
        b'<?xml version="1.0" encoding="ut-Infinityf-8"?><sanctionsData/>',
    ),
    "properties that are none": (
        "ftm_json/entities.json",
        b'{"id": "s", "schema": "Sanction", "properties": ["entity"]}\n',
    ),
    "JSON that is deep": ("ftm_json/entities.json", b"[" * 100_000 + b"\n"),
    "a delta of nothing": ("ftm_json/entities.json", b'{"op": "MOD", "entity": null}\n'),
    "JSON of the other list that is deep": ("csl/consolidated.json", b'{"results":' * 100_000),
    "results that are none": ("csl/consolidated.json", b'{"results": [[], 7]}'),
    "an encoding of several bytes": (
        "ofac_enhanced_xml/cons_enhanced.xml",
        b'<?xml version="1.0" encoding="shift_jis"?><sanctionsData/>',
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_is_refused_in_a_sentence(name):
    file, content = FOUND[name]
    with pytest.raises(ListUnreadable, match=r"\.$"):
        READERS["lists"].read(file, content)


# ------------------------------------------------------------------------------------------------ programs

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(STRANGE),
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@pytest.fixture
def program(shipped):
    return Program(a_key(an_operator(), *Scope))


@pytest.mark.parametrize("address", ASKED)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.integers(0, 20), max_size=4), value=ANY_JSON)
def test_json_of_any_shape_is_answered_and_never_a_fault(program, address, places, value):
    body = json.dumps(with_one_changed(ASKED[address], places, value))
    answer = program.client.post(f"/api/v1/{address}", body, content_type="application/json")
    assert answer.status_code < 500, (body, answer.content[:300])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=st.sampled_from(sorted(ASKED)), changes=CHANGES)
def test_a_body_that_is_no_json_is_answered_and_never_a_fault(program, address, changes):
    body = changed(json.dumps(ASKED[address]).encode(), changes)
    answer = program.client.post(f"/api/v1/{address}", body, content_type="application/json")
    assert answer.status_code < 500, (body, answer.content[:300])


DEEP = {
    "sheets as text": b"[" * 100_000,
    "policy files": b"a: " + b"[" * 5_000,
    "scenarios": b"rigs: " + b"{a: " * 5_000,
    "cXML": b"<a>" * 100_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_deep_is_refused_in_a_sentence(name):
    reader = READERS[name]
    with pytest.raises(reader.refusals, match=r"\S"):
        reader.read(sorted(reader.good)[0], DEEP[name])


def test_a_deep_body_is_answered(program):
    for body in (b"[" * 100_000, b'{"lines":' * 20_000):
        answer = program.client.post("/api/v1/assessments/", body, content_type="application/json")
        assert answer.status_code == 400


# ------------------------------------------------------------------------------------------------- bombs

ROOM = 300 * 1024**2
"""Memory that a process may take beyond what it has when it begins to read."""


def _told_within(room: int, kind: str, content: Any, queue: Any) -> None:
    """In a process of its own, which gets no more memory than this: a bomb that is unfolded ends here."""
    size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: PTH123, SIM115
    resource.setrlimit(resource.RLIMIT_AS, (size + room, resource.RLIM_INFINITY))
    try:
        rows.read(content) if kind == "sheet" else read_order(content)
        queue.put("read")
    except (UnreadableSheet, CxmlUnreadable) as refusal:
        queue.put(str(refusal))
    except MemoryError:
        queue.put("no memory left")


def told_within_bounds(kind: str, content: Any) -> str:
    """What the reader says of a file in a process of bounded memory."""
    context = get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_told_within, args=(ROOM, kind, content, queue))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    return queue.get()


def a_bomb_of_zeros(path: Any, part: str) -> Any:
    """A workbook of some kilobytes whose one part unpacks to more than there is room for."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        with made.open(part, "w") as stream:
            for _ in range(400):
                stream.write(bytes(1024**2))
    return path


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_zip_bomb_is_refused_in_a_sentence_and_within_bounded_memory(tmp_path, part):
    bomb = a_bomb_of_zeros(tmp_path / "bomb.xlsx", part)
    assert bomb.stat().st_size < 1024**2
    assert "unpack" in told_within_bounds("sheet", bomb)


def test_entities_that_multiply_are_refused_in_a_sentence_and_within_bounded_memory():
    names = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE cXML [<!ENTITY l0 "lol">{names}]><cXML>&l12;</cXML>'
    told = told_within_bounds("cXML", bomb.encode())
    assert told not in ("read", "no memory left") and told.endswith(".")


def test_a_request_with_a_name_full_of_tricks_writes_no_row_and_no_file(program):
    body = json.dumps(ASKED["rigs/bulk/"] | {"rows": [{"serial_number": "\u0000", "model": "../../x"}]})
    answer = program.client.post("/api/v1/rigs/bulk/", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert not Rig.objects.exists()
