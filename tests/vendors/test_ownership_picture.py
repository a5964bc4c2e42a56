"""The picture of ownership: layers, cycles, shares in words, and an SVG that any reader of XML takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from defusedxml.ElementTree import fromstring
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from tests.console.visitors import an_operator
from tests.vendors.records import a_vendor, said_of
from vendors.dashboard.ownership import ownership_around
from vendors.dashboard.ownership_picture import (
    BOX_HEIGHT,
    BOX_WIDTH,
    MOST_BOXES,
    Stake,
    in_lines,
    layers_around,
    ownership_picture,
)

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 22)


def a_stake(owner, owned, low=None, high=None, **said):
    bounds = {"low": low and Decimal(low), "high": high and Decimal(high)}
    return Stake(owner=owner, owned=owned, share=f"{low} %" if low else "not known", **bounds, **said)


def picture(stakes, middle="M"):
    names = {party: party for each in stakes for party in (each.owner, each.owned)} | {middle: middle}
    return ownership_picture(middle, stakes, names=names, vendor_ids={middle: 1})


def drawn(told):
    """The SVG as a tree."""
    html = render_to_string("console/parts/ownership_picture.html", {"picture": told})
    return fromstring(html[html.index("<svg") : html.index("</svg>") + len("</svg>")])


def test_owners_stand_above_and_what_is_owned_below():
    told = picture([a_stake("A", "M", 30), a_stake("B", "A", 60), a_stake("M", "C", 100)])
    heights = {box.key: box.y for box in told.boxes}
    assert heights["B"] < heights["A"] < heights["M"] < heights["C"]


def test_a_cycle_ends_and_every_stake_of_it_is_drawn():
    stakes = [a_stake("A", "M"), a_stake("B", "A"), a_stake("M", "B"), a_stake("B", "M")]
    told = picture(stakes)
    assert {box.key for box in told.boxes} == {"A", "B", "M"}
    assert len(told.lines) == 4
    assert sum("H" in line.path for line in told.lines) == 2  # up again, and over a layer


def test_a_vendor_without_stakes_has_no_picture():
    assert picture([]) is None


@given(st.lists(st.tuples(st.sampled_from("MABCDEFG"), st.sampled_from("MABCDEFG")), max_size=30))
def test_no_two_boxes_overlap_and_nothing_leaves_the_picture(pairs):
    stakes = [a_stake(owner, owned) for owner, owned in pairs if owner != owned]
    told = picture(stakes)
    if told is None:
        assert set(layers_around("M", stakes)) == {"M"}
        return
    corners = [(box.x, box.y) for box in told.boxes]
    assert len(set(corners)) == len(corners)
    for x, y in corners:
        assert 0 <= x <= told.width - BOX_WIDTH
        assert 0 <= y <= told.height - BOX_HEIGHT
        assert not [
            o for o in corners if o != (x, y) and abs(o[0] - x) < BOX_WIDTH and abs(o[1] - y) < BOX_HEIGHT
        ]


def test_the_svg_is_well_formed_whatever_a_party_is_called():
    hostile = '<script>alert("1")</script> & Söhne 詹克团'
    told = picture([a_stake(hostile, "M", 30, 50, period="since 2018")])
    tree = drawn(told)
    assert tree.find(f"{SVG}title").text
    assert "1 owner above" in tree.find(f"{SVG}desc").text
    assert not list(tree.iter(f"{SVG}script"))
    assert hostile in [title.text for title in tree.iter(f"{SVG}title")]


def test_a_share_and_its_period_stand_by_the_line():
    words = "".join(drawn(picture([a_stake("A", "M", 30, period="since 2018")])).itertext())
    assert "30 %" in words
    assert "since 2018" in words


def test_lines_are_told_apart_without_colour():
    stakes = [
        a_stake("A", "M", 50, 60),
        a_stake("B", "M", 30, 50),
        a_stake("C", "M"),
        a_stake("D", "M", 10, has_ended=True),
    ]
    assert [line.look for line in picture(stakes).lines] == ["half", "known", "unknown", "ended"]


def test_a_graph_without_end_is_cut_and_says_how_much_is_left_out():
    told = picture([a_stake(f"P{number}", "M") for number in range(MOST_BOXES + 20)])
    assert (len(told.boxes), told.left_out) == (MOST_BOXES, 21)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Bitmain", ("Bitmain",)),
        ("Bitmain Technologies Holding Company", ("Bitmain Technologies", "Holding Company")),
        ("深圳比特微电子科技有限公司", ("深圳比特微电子科技有限公", "司")),
        ("A" * 80, ("A" * 24, "A" * 23 + "…")),
    ],
)
def test_a_name_fits_into_its_box(name, lines):
    assert in_lines(name) == lines


@pytest.mark.django_db
def test_a_tie_told_at_either_record_is_one_graph_and_names_meet_by_any_alias():
    top, middle, low = a_vendor("Top Holding"), a_vendor("Middle Rigs"), a_vendor("Low Assembly")
    said_of(middle, "names", name="Middle Rigs Ltd.", kind="legal name")
    said_of(
        top,
        "ties",
        other_party="MIDDLE RIGS LTD.",
        kind="subsidiary",
        relation="owns",
        share_low=30,
        share_high=50,
    )
    said_of(low, "ties", other_party="Middle Rigs", kind="parent", relation="parent", since="2020")
    around = ownership_around(middle, operator=None, today=TODAY)
    assert {box.name: box.vendor_id for box in around.picture.boxes} == {
        "Top Holding": top.pk,
        "Middle Rigs": middle.pk,
        "Low Assembly": low.pk,
    }
    assert around.rows == (
        ("Top Holding", "Middle Rigs", "30 to 50 %", "", ""),
        ("Middle Rigs", "Low Assembly", "not known", "since 2020", ""),
    )


@pytest.mark.django_db
def test_a_tie_at_another_operators_private_vendor_is_not_in_the_picture():
    ours, theirs = an_operator("aspen", "Aspen"), an_operator("birch", "Birch")
    middle, private = a_vendor("Middle Rigs"), a_vendor("Our Fund", operator=ours)
    tie = {"other_party": "Middle Rigs", "kind": "subsidiary", "relation": "owns"}
    said_of(private, "ties", operator=ours, **tie)
    assert ownership_around(middle, operator=ours, today=TODAY).picture
    for other in (theirs, None):
        assert not ownership_around(middle, operator=other, today=TODAY).rows
