"""The list of rigs: filters for every fact, pages both ways, columns, views that people keep, edits of many."""

from __future__ import annotations

import html as markup
import re

import pytest

from fleet.models import BulkEdit, Holding, Receipt, Rig, SavedView, Upload
from fleet.models.bulk_edit import EditState
from fleet.services import correct_rigs
from risk.dashboard import rig_pages
from risk.dashboard.rig_pages import rig_page
from risk.dashboard.rig_view import RigView
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

NOTHING = {"PO": "", "Rack": "", "MAC Address": ""}
MADE = [
    a_row(1) | {"PO": "PO-77", "Rack": "R1", "Hashrate (TH/s)": "250"},
    a_row(2, country_of_origin="MY", country_of_assembly="MY", site="Pecos", entry_number="XYZ-7654321-0"),
    a_row(3, country_of_origin="", country_of_assembly="", hts_code="") | {"Hashrate (TH/s)": ""},
    a_row(4, status="on order", site="", entry_date="", expected_entry_date="2026-12-15", entry_number=""),
    a_row(5, status="retired", entry_date="2022-05-17"),
    a_row(6, status="repair") | {"MAC Address": "aa:bb:cc:dd:ee:01", "Rack": "R1"},
]


@pytest.fixture
def operator(tmp_path):
    """An operator with six rigs that differ in everything that can be asked for."""
    made = an_operator()
    a_fleet(tmp_path, made, [{**row, **NOTHING, **row} for row in MADE])
    return made


@pytest.fixture
def person(operator):
    return a_member(operator)


@pytest.fixture
def client(person):
    """A manager's browser."""
    return signed_in(person)


def serials_in(html):
    """The last digits of the serial numbers of the rigs that a page lists, in order."""
    return [int(number) for number in re.findall(r'href="/rigs/\d+/">YNAHEAUBCJCBA(\d+)<', html)]


def listed(client, query):
    return sorted(serials_in(page_of(client, f"/rigs/?{query}")))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("site=Pecos", [2]),
        ("status=retired", [5]),
        ("country_of_origin=MY", [2]),
        ("country_of_assembly=CN&status=repair", [6]),
        ("maker=Bitmain", [1, 2, 3, 4, 5, 6]),
        ("entry_date_from=2022-01-01&entry_date_through=2022-12-31", [5]),
        ("expected_entry_date_from=2026-12-01", [4]),
        ("entry_number=XYZ-7654321-0", [2]),
        ("purchase_order=PO-77", [1]),
        ("hts_code=8543", [1, 2, 4, 5, 6]),
        ("rack=R1", [1, 6]),
        ("rack=R1&status=repair", [6]),
        ("unknown=site", [4]),
        ("unknown=country_of_origin", [3]),
        ("unknown=mac_address", [1, 2, 3, 4, 5]),
        ("known=mac_address", [6]),
        ("known=hashrate_ths", [1, 2, 4, 5, 6]),
        ("hashrate_ths_min=225", [1]),
        ("hashrate_ths_max=225", [2, 4, 5, 6]),
        ("is_missing=true", []),
        ("search=PO-77", [1]),
        ("search=765432", [2]),
        ("search=YNAHEAUBCJCBA0003", [3]),
        ("search=ynaheaubcjcba0003", [3]),
        ("search=AABB.CCDD.EE01", [6]),
        ("search=YNAHEAUBCJCBA&status=repair", [6]),
        ("search=nothing-like-it", []),
    ],
)
def test_rigs_are_found_by_every_fact(client, query, found):
    assert listed(client, query) == found


def test_rigs_are_found_by_the_upload_that_brought_them(client, operator, tmp_path):
    a_fleet(tmp_path, operator, [a_row(7)])
    first, second = Upload.objects.order_by("pk")
    assert (listed(client, f"upload={second.pk}"), len(listed(client, f"upload={first.pk}"))) == ([7], 6)
    assert not Receipt.objects.exists()
    assert listed(client, "receipt=1") == []


@pytest.mark.parametrize("query", ["", "status=deployed", "unknown=mac_address", "search=YNAH", "rack=R1"])
@pytest.mark.parametrize("few", [0, 5_000])
def test_pages_lead_forth_and_back_without_a_rig_lost_or_shown_twice(operator, monkeypatch, query, few):
    monkeypatch.setattr("risk.dashboard.rig_view.FEW", few)
    view = RigView.of(operator, dict([query.split("=")] if query else []))
    whole = [rig.pk for rig in rig_page(view).rigs]
    page, forth = rig_page(view, size=2), []
    while True:
        forth.append([rig.pk for rig in page.rigs])
        if page.after is None:
            break
        page = rig_page(view, after=page.after, size=2)
    assert [pk for some in forth for pk in some] == whole == sorted(set(whole), key=whole.index)
    back = []
    while page.before is not None:
        page = rig_page(view, before=page.before, size=2)
        back.insert(0, [rig.pk for rig in page.rigs])
    assert back == forth[:-1]
    assert sorted(whole) == sorted(view.rigs.values_list("pk", flat=True))


def test_a_page_begins_at_the_first_where_its_rig_is_gone(operator):
    view = RigView.of(operator, {})
    assert rig_page(view, after=987_654).rigs == rig_page(view).rigs


def test_a_count_says_where_it_stopped(client, operator, monkeypatch):
    monkeypatch.setattr(rig_pages, "COUNTED", 2)
    monkeypatch.setattr(rig_pages, "PAGE_SIZE", 2)
    monkeypatch.setattr(
        "risk.dashboard.rig_pages.rig_page.__kwdefaults__", {"after": None, "before": None, "size": 2}
    )
    assert "more than 2 rigs" in text_of(page_of(client, "/rigs/?unknown=mac_address"))
    assert "6 rigs" in text_of(page_of(client, "/rigs/"))


def test_a_search_that_looked_at_enough_rigs_offers_to_look_further(client, operator, monkeypatch):
    monkeypatch.setattr(rig_pages, "RIGS_LOOKED_AT", 1)
    monkeypatch.setattr(rig_pages, "CELLS_A_RUN", 1)
    address, seen = "?known=mac_address", []
    for _ in range(Holding.objects.count() + 1):
        html = page_of(client, f"/rigs/{address}")
        seen += serials_in(html)
        found = re.search(r'href="(\?[^"]+)">Look further', html)
        if not found:
            break
        address = markup.unescape(found[1])
    assert seen == [6]


def test_what_cannot_be_meant_is_said_beside_its_field_and_lists_nothing(client):
    answer = client.get("/rigs/?entry_date_from=soon&hashrate_ths_min=lots&status=lost")
    html = answer.content.decode()
    assert answer.status_code == 400
    assert re.search(r'id="filter-entry_date_from"[^>]+aria-invalid="true"', html)
    assert "This is no day; write it like 2026-11-28." in html
    assert re.search(r'id="about-status">[^<]*choose one of', html)
    assert serials_in(html) == []
    told = client.get("/rigs/?entry_date_from=2026-02-01&entry_date_through=2026-01-01").content.decode()
    assert "lies after the last" in told


def test_the_address_of_a_sent_form_says_only_what_was_filled_in(client):
    answer = client.get("/rigs/?search=&site=Pecos&status=&column=site&column=status")
    assert answer["Location"] == "?site=Pecos&column=site&column=status"


def test_the_columns_are_those_of_the_address(client):
    html = page_of(client, "/rigs/?column=purchase_order&column=entry_date")
    headings = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', html)
    assert headings == ["Serial number", "Lot", "Entered", "Purchase order"]
    assert "PO-77" in html
    assert 'name="column" value="purchase_order" checked' in html


def test_taking_a_filter_away_keeps_the_others_and_the_columns(client):
    html = page_of(client, "/rigs/?site=Pecos&status=deployed&column=site")
    found = re.search(r'href="([^"]+)" aria-label="No longer narrow by Status"', html)
    assert markup.unescape(found[1]) == "?site=Pecos&column=site"


def test_a_text_that_names_a_rig_and_an_order_finds_both(client, operator):
    Rig.objects.filter(serial_number="YNAHEAUBCJCBA0005").update(serial_number="PO-7700")
    html = page_of(client, "/rigs/?search=PO-77")
    assert (serials_in(html), "PO-7700" in html) == ([1], True)


def test_lots_are_found_by_facts_and_lead_back(client, monkeypatch):
    assert (
        len(set(re.findall(r'href="/lots/(\d+)/"', page_of(client, "/lots/?entry_number=XYZ-7654321-0"))))
        == 1
    )
    assert (
        len(set(re.findall(r'href="/lots/(\d+)/"', page_of(client, "/lots/?unknown=country_of_origin")))) == 1
    )
    assert client.get("/lots/?entry_date_from=soon").status_code == 400
    monkeypatch.setattr("risk.dashboard.lots.lot_list.__kwdefaults__", {"size": 2, "before": None})
    first = page_of(client, "/lots/?column=purchase_order")
    second = page_of(client, "/lots/" + markup.unescape(re.search(r'rel="next" href="([^"]+)"', first)[1]))
    again = page_of(client, "/lots/" + markup.unescape(re.search(r'rel="prev" href="([^"]+)"', second)[1]))
    assert re.findall(r'href="/lots/(\d+)/"', again) == re.findall(r'href="/lots/(\d+)/"', first)
    assert "Purchase order" in again


def save(client, name, query="site=Pecos", **said):
    return client.post("/views/save/", {"list": "rigs", "name": name, "query": query, **said}, follow=True)


def test_a_view_is_saved_renamed_removed_and_brought_back(client):
    html = save(client, "At Pecos", "site=Pecos&column=site").content.decode()
    assert serials_in(html) == [2]
    assert "At Pecos" in page_of(client, "/rigs/")
    view = SavedView.objects.get()
    client.post(f"/views/{view.pk}/rename/", {"name": "Texas"})
    assert "Texas" in page_of(client, "/views/")
    removed = client.post(f"/views/{view.pk}/remove/", follow=True).content.decode()
    assert "“Texas” is removed" in removed
    assert "Texas" not in page_of(client, "/rigs/")
    client.post(f"/views/{view.pk}/bring-back/")
    assert "Texas" in page_of(client, "/rigs/")


def test_a_view_without_a_name_or_with_a_taken_one_is_refused_beside_its_field(client):
    answer = save(client, "  ")
    assert answer.status_code == 400
    assert "Give the view a name." in answer.content.decode()
    save(client, "One")
    save(client, "Two")
    second = SavedView.objects.get(name="Two")
    told = client.post(f"/views/{second.pk}/rename/", {"name": "One"}).content.decode()
    assert "You have a view &#x27;One&#x27; already." in told


def test_own_views_are_ones_own_and_shared_ones_are_the_operators_alone(client, operator):
    save(client, "Mine")
    save(client, "Ours", is_shared="1")
    viewer = signed_in(a_member(operator, role="viewer", username="vic"))
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    seen = page_of(viewer, "/rigs/")
    assert ("Ours" in seen, "Mine" in seen) == (True, False)
    assert "Ours" not in page_of(stranger, "/rigs/") + page_of(stranger, "/views/")
    ours, mine = (SavedView.objects.get(name=name) for name in ("Ours", "Mine"))
    assert viewer.post(f"/views/{ours.pk}/remove/").status_code == 403
    assert viewer.post(f"/views/{mine.pk}/remove/").status_code == 404
    assert stranger.post(f"/views/{ours.pk}/remove/").status_code == 404


def test_a_viewer_keeps_views_but_shares_and_edits_none(operator):
    viewer = signed_in(a_member(operator, role="viewer", username="vic"))
    save(viewer, "Pecos", is_shared="1")
    assert not SavedView.objects.get().is_shared
    html = page_of(viewer, "/rigs/")
    assert 'name="rig"' not in html
    assert viewer.get("/rigs/edits/new/?whole_view=1").status_code == 403


def ids_of(**which):
    return list(Rig.objects.filter(**which).order_by("pk").values_list("pk", flat=True))


def asked(client, rigs=(), **said):
    """The page of the edit that was asked for."""
    sent = {"said": "1", "rig": list(rigs), **said}
    return client.post("/rigs/edits/new/", sent)


def test_chosen_rigs_are_edited_after_a_preview_and_taken_back(client, operator):
    chosen = ids_of(status="deployed")
    form = page_of(client, "/rigs/edits/new/?" + "&".join(f"rig={pk}" for pk in chosen))
    assert f"Edit {len(chosen)} rigs" in form
    answer = asked(
        client, chosen, status="stored", country_of_origin="Thailand", why="moved to the warehouse"
    )
    told = text_of(page_of(client, answer["Location"]))
    assert "Status deployed stored 3" in told
    assert "Country of origin China Thailand 1" in told
    assert "If this is applied" in told
    assert len(ids_of(status="deployed")) == 3
    edit = BulkEdit.objects.get()
    client.post(f"/rigs/edits/{edit.pk}/confirm/", {"shown": edit.plan_digest})
    assert len(ids_of(status="stored", lot__country_of_origin="TH")) == 3
    rig = text_of(page_of(client, f"/rigs/{chosen[0]}/"))
    assert f"ann by edit {edit.pk}" in rig
    correct_rigs(operator=operator, rig_ids=chosen[:1], values={"notes": "fan"}, at=NOW, by=None)
    undone = text_of(client.post(f"/rigs/edits/{edit.pk}/undo/", follow=True).content.decode())
    assert "2 rigs as before" in undone
    assert "Kept, because they were changed since" in undone
    assert len(ids_of(status="deployed")) == 2
    assert "Undone" in page_of(client, f"/rigs/edits/{edit.pk}/")
    assert "stored" in page_of(client, "/rigs/edits/")


def test_all_that_a_view_finds_is_edited(client):
    form = page_of(client, "/rigs/edits/new/?query=rack%3DR1&whole_view=1")
    assert "Edit 2 rigs" in form
    asked(client, query="rack=R1", whole_view="1", rack="R2")
    edit = BulkEdit.objects.get()
    assert (edit.rigs, edit.query) == (2, "rack=R1")


def test_a_wrong_value_is_refused_beside_its_field_and_nothing_is_kept(client):
    chosen = ids_of(status="deployed")
    html = asked(client, chosen, country_of_origin="Atlantis", entry_date="soon").content.decode()
    assert "This is no day; write it like 2026-11-28." in html
    html = asked(client, chosen, country_of_origin="Atlantis").content.decode()
    assert re.search(r'id="about-country_of_origin"[^>]*><strong class="error">[^<]*Atlantis', html)
    assert "at least one value" in asked(client, chosen).content.decode()
    both = asked(client, chosen, rack="R1", clear=["rack"]).content.decode()
    assert "Give a value or empty it, not both." in both
    assert not BulkEdit.objects.exists()


def test_an_edit_without_rigs_says_what_to_do(client):
    assert "No rig is chosen" in page_of(client, "/rigs/edits/new/")


def test_an_edit_can_be_discarded_and_another_operators_does_not_exist(client):
    asked(client, ids_of(status="deployed"), rack="R9")
    edit = BulkEdit.objects.get()
    client.post(f"/rigs/edits/{edit.pk}/discard/")
    edit.refresh_from_db()
    assert edit.state == EditState.DISCARDED
    stranger = signed_in(a_member(an_operator("birch", "Birch"), username="bea"))
    assert stranger.get(f"/rigs/edits/{edit.pk}/").status_code == 404
    assert "No rig is chosen" in page_of(stranger, f"/rigs/edits/new/?rig={ids_of()[0]}")


def test_the_facts_of_a_lot_name_the_deed_that_gave_them(client, operator):
    asked(client, ids_of(rack="R1", status="deployed"), country_of_origin="TH")
    edit = BulkEdit.objects.get()
    client.post(f"/rigs/edits/{edit.pk}/confirm/", {"shown": edit.plan_digest})
    told = text_of(page_of(client, f"/lots/{Rig.objects.get(rack='R1', status='deployed').lot_id}/"))
    upload = Upload.objects.get()
    assert re.search(rf"Country of origin Thailand ?ann by edit {edit.pk}", told)
    assert f"upload {upload.pk}, prairie.csv" in told
    assert "1 record came in" in told


@pytest.mark.parametrize(("lot", "status"), [("abc", 400), ("-1", 400), ("5.0", 200)])
def test_a_lot_that_is_no_number_is_told_beside_its_field(client, lot, status):
    assert client.get(f"/rigs/?lot={lot}").status_code == status
