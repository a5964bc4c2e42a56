"""Every column that a fleet sheet can have: its headings, what it holds, and how its cells are read.

A new column is one more `Column(...)` here. The upload page, the template and the error texts read COLUMNS;
its order is that of ParsedRow's attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fleet.sheets.cells.numbers import percentage, quantity, settled_mark
from fleet.sheets.cells.ratings import HASHRATE, POWER
from fleet.sheets.cells.texts import (
    PLAIN_IDENTIFIER,
    PLAIN_MAC_ADDRESS,
    identifier,
    mac_address,
    name,
    parsed_identifier,
    prose,
)
from fleet.sheets.cells.words import STATUS_WORDS, TRANSPORT_WORDS, YES_AND_NO, currency, one_of
from fleet.sheets.column import (
    Column,
    amount_column,
    country_column,
    day_column,
    rating_column,
    text_column,
)
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.rigs import RigStatus


def _spelled(headings: str) -> tuple[str, ...]:
    return tuple(heading.strip() for heading in headings.split(","))


COLUMNS: tuple[Column, ...] = (
    Column(
        name="serial_number",
        headings=_spelled(
            "Serial Number, Serial, Serial No, Serial Num, Serial #, S/N, SN, SN Code, Miner SN, "
            "Machine SN, Device SN, Unit Serial, Machine Serial Number, Miner Serial Number, 序列号",
        ),
        holds="The serial number on the rig's label, as text, so that zeros at its beginning stay.",
        example="YNAHEAUBCJCBA0001",
        code="serial_number_unreadable",
        read=identifier("serial_number", "serial number", longest=80),
        plain=PLAIN_IDENTIFIER,
        required="or a MAC address, or a quantity",
        is_of_one_rig=True,
        can_be_cleared=False,
    ),
    Column(
        name="model",
        headings=_spelled(
            "Model, Miner Model, Rig Model, Machine Model, ASIC Model, Device Model, Hardware Model, "
            "Model Name, Unit Model, Miner Type, Machine Type, Type, Miner, Product, 型号",
        ),
        holds=(
            "The model as people write it, with its hashrate where that tells it apart: Antminer S19j Pro "
            "104T."
        ),
        example="Antminer S19j Pro 104T",
        code="model_unreadable",
        read=name("model", "model"),
        required="yes",
        can_be_cleared=False,
    ),
    text_column(
        "maker",
        "maker",
        headings=_spelled("Maker, Manufacturer, Brand, Make, Mfr, OEM, Miner Make, 品牌"),
        holds="Who made the rig; follows from the model, and must not contradict it.",
        example="Bitmain",
        can_be_cleared=False,
    ),
    Column(
        name="quantity",
        headings=_spelled(
            "Quantity, Qty, Count, Units, Number of Units, No. of Units, Unit Count, Pcs, # Units, "
            "Number of Rigs, Number of Miners, 数量",
        ),
        holds="How many rigs the row stands for, 1 to 100,000, where they have no serial numbers.",
        code="quantity_unreadable",
        read=quantity,
        settled=lambda context: partial(quantity, mark=context.decimal_mark),
        can_be_cleared=False,
    ),
    Column(
        name="site",
        headings=_spelled(
            "Site, Site Name, Location, Facility, Data Center, Datacenter, Mining Site, Hosting Site, "
            "Site Location, Farm, Campus, Mine, 矿场",
        ),
        holds=(
            "Where the rig stands; a new name makes a new site. Not needed for what is on order or in "
            "transit."
        ),
        example="Pecos TX",
        code="site_unreadable",
        read=name("site", "site", longest=100),
        required="yes, but not for what is on order or in transit",
        can_be_cleared=False,
    ),
    Column(
        name="status",
        headings=_spelled(
            "Status, Rig Status, Miner Status, Asset Status, Machine Status, Lifecycle Status, 状态",
        ),
        holds=f"One of {', '.join(RigStatus)}; deployed where it is left out.",
        example="deployed",
        code="status_unknown",
        read=one_of("status_unknown", STATUS_WORDS, ", ".join(RigStatus)),
        can_be_cleared=False,
    ),
    country_column(
        "country_of_assembly",
        headings=_spelled(
            "Country of Assembly, Assembly Country, Assembled In, Assembly, Made In, Assembly "
            "Location, Country of Manufacture, Manufactured In",
        ),
        holds="The country where the rig was put together, by ISO code or name in English.",
        example="MY",
    ),
    country_column(
        "country_of_origin",
        headings=_spelled(
            "Country of Origin, COO, Origin, Origin Country, Declared Origin, Customs Origin, C/O, "
            "原产国, 原产地",
        ),
        holds="The country of origin as declared to customs; empty where it is not known.",
        example="MY",
    ),
    country_column(
        "hashboard_origin",
        headings=_spelled(
            "Hashboard Origin, Hash Board Origin, Board Origin, Hashboard Country, Hashboards Made "
            "In, Hashboard Country of Origin",
        ),
        holds="The country where the hashboards were made.",
        example="CN",
    ),
    Column(
        name="hts_code",
        headings=_spelled(
            "HTS Code, HTS, HTSUS, HTSUS Code, HTS No, HTS Number, HTS Classification, HS Code, HTSUS "
            "Number, HS, HS Number, Tariff Code, Tariff Number, Commodity Code",
        ),
        holds="The code of the US tariff schedule, 8 or 10 digits, with or without dots.",
        example="8543.70.9860",
        code="hts_code_unreadable",
        read=parsed_identifier("hts_code", "HTS code", HtsCode.parse),
    ),
    country_column(
        "import_country",
        headings=_spelled(
            "Import Country, Country of Import, Importing Country, Imported Into, Destination "
            "Country, Country of Entry",
        ),
        holds=(
            "The country whose customs the rig entered or will enter; the site's country where it is left "
            "out."
        ),
        example="US",
    ),
    day_column(
        "entry_date",
        headings=_spelled(
            "Entry Date, Date of Entry, Customs Entry Date, CBP Entry Date, Import Date, Date "
            "Imported, Date Entered, Imported On, US Entry Date",
        ),
        holds="The day of entry at customs: a date cell, or text like 2025-06-10.",
        example="2024-05-15",
    ),
    day_column(
        "expected_entry_date",
        headings=_spelled(
            "Expected Entry Date, Expected Entry, Expected Import Date, ETA, Estimated Entry Date, "
            "Expected Arrival, Estimated Arrival, Expected Arrival Date",
        ),
        holds="The day on which entry is expected, for what is on order or in transit.",
    ),
    Column(
        name="entry_number",
        headings=_spelled(
            "Entry Number, Entry No, Entry Num, Entry #, Customs Entry Number, CBP Entry Number, "
            "Customs Entry No, CBP Entry No, Entry Summary Number, CBP Entry, 7501, 7501 Number",
        ),
        holds="The number of the customs entry, as text.",
        example="ABC-1234567-8",
        code="entry_number_unreadable",
        read=identifier("entry_number", "entry number", longest=50),
        plain=PLAIN_IDENTIFIER,
    ),
    Column(
        name="transport_mode",
        headings=_spelled(
            "Transport Mode, Mode of Transport, Transport, Shipping Mode, Shipment Mode, Freight "
            "Mode, Ship Mode, Shipping Method, Shipped By",
        ),
        holds="How the goods came to the border: air, vessel, truck or rail.",
        example="air",
        code="transport_mode_unknown",
        read=one_of("transport_mode_unknown", TRANSPORT_WORDS, "air, vessel, truck or rail"),
    ),
    day_column(
        "loaded_date",
        headings=_spelled(
            "Loaded Date, Date Loaded, Loading Date, Loaded On, On Board Date, Laden on Board, "
            "Onboard Date, Shipped on Board, Shipped on Board Date",
        ),
        holds="The day on which the goods were loaded on the vessel that reached the country.",
    ),
    text_column(
        "importer_of_record",
        "importer",
        headings=_spelled("Importer of Record, Importer, IOR, Importer Name"),
        holds="Whom the entry names as importer of record.",
        example="Prairie Hash LLC",
    ),
    amount_column(
        "customs_value",
        headings=_spelled(
            "Customs Value, Entered Value, Declared Value, Unit Value, Value per Unit, Value, Customs "
            "Value per Unit, Unit Customs Value, Unit Price, Price per Unit, Entered Value per Unit",
        ),
        holds="The value of one unit as entered at customs, in US dollars.",
        example="1850.00",
    ),
    Column(
        name="currency",
        headings=_spelled("Currency, Currency Code, CCY"),
        holds="USD; another currency cannot be taken yet.",
        example="USD",
        code="currency_not_usd",
        read=currency,
    ),
    amount_column(
        "duty_paid",
        headings=_spelled(
            "Duty Paid, Duties Paid, Duty per Unit, Duty Paid per Unit, Customs Duty Paid, Tariff "
            "Paid, Unit Duty",
        ),
        holds="The duty paid for one unit, in US dollars.",
        example="48.10",
    ),
    Column(
        name="purchase_order",
        headings=_spelled(
            "Purchase Order, PO, P.O., PO Number, PO No, PO #, Purchase Order Number, Order Number",
        ),
        holds="The number of the purchase order, as text.",
        example="PO-2024-017",
        code="purchase_order_unreadable",
        read=identifier("purchase_order", "purchase order"),
    ),
    Column(
        name="us_content_percent",
        headings=_spelled(
            "US Content %, US Content Percent, U.S. Content, Percent US Content, US Content Percentage",
        ),
        holds="The part of the customs value that is US content, 0 to 100 percent.",
        code="us_content_percent_unreadable",
        read=percentage("us_content_percent"),
        settled=lambda context: percentage(
            "us_content_percent", context.decimal_mark or settled_mark(context.cells)
        ),
        has_decimals=True,
    ),
    Column(
        name="usmca_claim",
        headings=_spelled("USMCA Claim, USMCA, USMCA Claimed, Claims USMCA"),
        holds="Whether USMCA treatment was claimed: yes or no.",
        code="usmca_claim_unknown",
        read=one_of("usmca_claim_unknown", YES_AND_NO, "yes or no"),
    ),
    rating_column(
        HASHRATE,
        field="hashrate_ghs",
        headings=_spelled(
            "Hashrate, Hash Rate, Nominal Hashrate, Rated Hashrate, Rated Hash Rate, Sticker "
            "Hashrate, Expected Hashrate, THS, Rated, 算力",
        ),
        holds="The hashrate of one rig in TH/s; another unit is to stand in the heading: MH/s, GH/s, PH/s.",
        example="104",
    ),
    rating_column(
        POWER,
        field="power_w",
        headings=_spelled(
            "Power, Wattage, Watts, Power Consumption, Rated Power, Nominal Power, Power Draw, 功耗, "
            "Miner Power, Consumption",
        ),
        holds="The power of one rig in W; kW is to stand in the heading.",
        example="3068",
    ),
    Column(
        name="mac_address",
        headings=_spelled("MAC Address, MAC, MACAddr, MAC Addr, Ethernet MAC, MAC ID"),
        holds="The MAC address in any notation.",
        example="aa:bb:cc:dd:ee:01",
        code="mac_address_unreadable",
        read=parsed_identifier("mac_address", "MAC address", mac_address),
        plain=PLAIN_MAC_ADDRESS,
        is_of_one_rig=True,
        can_be_cleared=False,
    ),
    text_column(
        "rack",
        "rack",
        headings=_spelled("Rack, Rack ID, Rack Name, Rack No, Rack Number"),
        holds="The rack.",
        example="R12",
    ),
    text_column(
        "position",
        "position",
        headings=_spelled("Position, Slot, Rack Position, Shelf Position, Slot Number"),
        holds="The place in the rack.",
        example="7",
    ),
    Column(
        name="notes",
        headings=_spelled("Notes, Note, Comments, Comment, Remarks, Remark, 备注"),
        holds="Anything else, up to 2,000 characters.",
        code="notes_too_long",
        read=prose("notes"),
    ),
)
COLUMNS_BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
