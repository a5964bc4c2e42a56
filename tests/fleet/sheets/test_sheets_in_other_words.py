"""Sheets of twelve made-up operators, headed as real people head them: all are read without a mapping."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fleet.sheets.made_files import reading_of

# The text of each sheet, what its first row is to come to, and the headings that are rightly left alone.
SHEETS = {
    "a yard in Texas": (
        "Unit S/N,Miner Model,Loc.,Mfr,COO,Ctry of Mfg,Date of Entry,Entry #,Unit Cost (USD),TH,"
        "Watts,Ship mode,PO #\n"
        'YNAHEAUBCJCBA0001,S19j Pro 104T,Pecos TX,Bitmain,CN,MY,2024-05-15,ABC-1234567-8,"$1,'
        '850.00",104,3068,Air,'
        "PO-17\n",
        {
            **{
                "serial_number": "YNAHEAUBCJCBA0001",
                "model": "S19j Pro 104T",
                "site": "Pecos TX",
                "maker": "Bitmain",
            },
            **{"country_of_origin": "CN", "country_of_assembly": "MY", "entry_date": date(2024, 5, 15)},
            **{
                "entry_number": "ABC-1234567-8",
                "customs_value": "1850.00",
                "hashrate_ghs": 104_000,
                "power_w": 3068,
            },
            **{"transport_mode": "air", "purchase_order": "PO-17"},
        },
        [],
    ),
    "a buyer with goods on the water": (
        "P.O. No.;Description;Qty (units);ETA US;Orig. country;Price/unit (US$);Status;HTSUS #;"
        "Ship Via;B/L Date\n"
        "4711;Antminer S21 XP;500;12/24/2026;Malaysia (MY);3,900.00;in transit;8543709860;ocean;"
        "11/30/2026\n",
        {
            **{
                "purchase_order": "4711",
                "model": "Antminer S21 XP",
                "quantity": 500,
                "country_of_origin": "MY",
            },
            **{"expected_entry_date": date(2026, 12, 24), "customs_value": "3900.00", "status": "in transit"},
            **{"transport_mode": "vessel", "loaded_date": date(2026, 11, 30)},
        },
        [],
    ),
    "a German host": (
        "Standort;Gerätetyp;Seriennummer;MAC-Adresse;Hersteller;Ursprungsland;Einfuhrdatum;"
        "Zollwert (USD);Leistung (kW)"
        ";Hashleistung (TH/s);Zustand\n"
        "Emden;Whatsminer M60;BTM0001;AA-BB-CC-DD-EE-01;MicroBT;China;15.05.2024;2.150,50;3,44;172,5;gut\n",
        {
            **{"site": "Emden", "model": "Whatsminer M60", "serial_number": "BTM0001", "maker": "MicroBT"},
            **{
                "mac_address": "aa:bb:cc:dd:ee:01",
                "country_of_origin": "CN",
                "entry_date": date(2024, 5, 15),
            },
            **{"customs_value": "2150.50", "power_w": 3440, "hashrate_ghs": 172_500},
        },
        ["Zustand"],
    ),
    "a farm in Paraguay": (
        "N° de serie\tModelo\tUbicación\tMarca\tPaís de origen\tPaís de ensamblaje\t"
        "Fecha de entrada\tValor unitario (USD)"
        "\tPotencia (W)\tEstado\tObservaciones\n"
        "A1\tAntminer S19 XP\tVilleta\tBitmain\tChina\tMalasia\t2024-05-15\t2500\t3010\ten operación\tsin tapa\n",
        {
            **{
                "serial_number": "A1",
                "model": "Antminer S19 XP",
                "site": "Villeta",
                "country_of_assembly": "MY",
            },
            **{"customs_value": "2500.00", "power_w": 3010, "status": "deployed", "notes": "sin tapa"},
        },
        [],
    ),
    "a farm in Sichuan that moved": (
        "序号,机器SN,矿机型号,品牌,所在矿场,原产国,报关日期,报关单号,单价(美元),额定算力（TH/s）,功耗（W）,MAC地址,运输方式,备注\n"
        "1,A1,Antminer S19XP Hyd,比特大陆,四川乐山,中国,2024年5月15日,ABC-1,2500,255,5304,aabbccddeeff,海运,无\n",
        {
            **{
                "serial_number": "A1",
                "model": "Antminer S19XP Hyd",
                "site": "四川乐山",
                "country_of_origin": "CN",
            },
            **{"entry_date": date(2024, 5, 15), "entry_number": "ABC-1", "customs_value": "2500.00"},
            **{
                "hashrate_ghs": 255_000,
                "power_w": 5304,
                "transport_mode": "vessel",
                "mac_address": "aa:bb:cc:dd:ee:ff",
            },
        },
        ["序号"],
    ),
    "a farm in Irkutsk": (
        "Серийный номер;Модель;Производитель;Площадка;Страна происхождения;Дата ввоза;"
        "Таможенная стоимость, USD;"
        "Хешрейт, TH/s;Мощность, Вт;Статус;Воркер;Примечание\n"
        "A1;Whatsminer M50S;MicroBT;Братск;Китай;15.05.2024;1850,5;126;3276;в работе;me.1;\n",
        {
            **{
                "serial_number": "A1",
                "model": "Whatsminer M50S",
                "site": "Братск",
                "country_of_origin": "CN",
            },
            **{
                "entry_date": date(2024, 5, 15),
                "customs_value": "1850.50",
                "hashrate_ghs": 126_000,
                "power_w": 3276,
            },
            **{"status": "deployed"},
        },
        ["Воркер"],
    ),
    "an accountant": (
        "Asset Serial|Make & Model|Site Location|Customs Entry No.|US Customs Entry Date|HTS US|"
        "Declared Value per Unit|CCY|"
        "Duty Paid per Unit (USD)|IOR|Origin (declared)|Book value\n"
        "A1|Bitmain Antminer S21 200T|Rockdale|ABC-7|Jun 10, 2025|8543.70.9860|5,000.00|USD|1,"
        "925.00|Prairie Hash LLC|PRC|"
        "4100\n",
        {
            **{
                "serial_number": "A1",
                "site": "Rockdale",
                "entry_number": "ABC-7",
                "entry_date": date(2025, 6, 10),
            },
            **{"customs_value": "5000.00", "duty_paid": "1925.00", "importer_of_record": "Prairie Hash LLC"},
            **{"country_of_origin": "CN", "currency": "USD"},
        },
        ["Book value"],
    ),
    "a technician": (
        "MAC addr.,ASIC type,Rack #,Slot No.,Data centre,Rated TH,Consumption (kW),Firmware,Pool user\n"
        "AABBCCDDEEFF,Antminer S19k Pro,R-7,12,Dalton GA,120,2.76,2024-01,x.1\n",
        {
            **{
                "mac_address": "aa:bb:cc:dd:ee:ff",
                "model": "Antminer S19k Pro",
                "rack": "R-7",
                "position": "12",
            },
            **{"site": "Dalton GA", "hashrate_ghs": 120_000, "power_w": 2760},
        },
        ["Firmware", "Pool user"],
    ),
    "a French importer": (
        "Numéro de série;Modèle;Fabricant;Emplacement;Pays d'origine;Date d'entrée;"
        "Valeur unitaire (USD);Puissance (W);"
        "Adresse MAC;Remarques\n"
        "A1;Avalon A1466;Canaan;Montréal;Malaisie;2024-05-15;1 850,00;3230;aa:bb:cc:dd:ee:ff;\n",
        {
            **{"serial_number": "A1", "model": "Avalon A1466", "site": "Montréal", "country_of_origin": "MY"},
            **{"customs_value": "1850.00", "power_w": 3230},
        },
        [],
    ),
    "a broker": (
        "Number of machines,Equipment type,Warehouse location,Country of mfg.,Board origin,"
        "Imported into,Import dt,"
        "CBP entry #,Mode of transportation,US content (%)\n"
        "250,Whatsminer M60S,Laredo yard,Thailand,China,United States,2025-03-01,ABC-9,Truck,12%\n",
        {
            **{
                "quantity": 250,
                "model": "Whatsminer M60S",
                "country_of_assembly": "TH",
                "hashboard_origin": "CN",
            },
            **{"import_country": "US", "entry_date": date(2025, 3, 1), "entry_number": "ABC-9"},
            **{"transport_mode": "truck", "site": "Laredo yard"},
        },
        [],
    ),
    "a shop floor in lower case": (
        "  serial no ; unit model;SITE;coo ;entry dt;value (each);hash rate gh/s;watts (nominal);"
        "remarks  \n"
        "a-1;s21 pro;Fargo ND;my;2025-01-09;4100;234000;3510;ok\n",
        {
            **{"serial_number": "a-1", "model": "s21 pro", "site": "Fargo ND", "country_of_origin": "MY"},
            **{"entry_date": date(2025, 1, 9), "customs_value": "4100.00", "hashrate_ghs": 234_000},
        },
        [],
    ),
    "a fund's register": (
        "#,Holder,Miner Serial No.,Miner Make,Miner Type,Hosting Facility,Deployment Status,"
        "Country Origin,Date Imported,"
        "Invoice Unit Value USD,Nameplate Hashrate (TH/s),Nameplate Power (W),USMCA (Y/N),Order Ref\n"
        "1,Fund II,A1,Bitmain,Antminer T21,Corsicana,Energized,Indonesia,2025-08-20,2750.00,190,"
        "3610,N,SO-88\n",
        {
            **{"serial_number": "A1", "maker": "Bitmain", "model": "Antminer T21", "site": "Corsicana"},
            **{
                "status": "deployed",
                "country_of_origin": "ID",
                "customs_value": "2750.00",
                "hashrate_ghs": 190_000,
            },
            **{"usmca_claim": False, "purchase_order": "SO-88", "power_w": 3610},
        },
        ["#", "Holder"],
    ),
}


@pytest.mark.parametrize("who", SHEETS)
def test_a_sheet_in_other_words_is_read_without_a_mapping(tmp_path, who):
    text, expected, ignored = SHEETS[who]
    reading = reading_of(tmp_path, text)
    assert [problem.sentence for problem in reading.problems] == []
    row = reading.rows[0]
    found = {name: getattr(row, name) for name in expected}
    assert {
        name: str(value) if name in ("customs_value", "duty_paid") else value for name, value in found.items()
    } == (expected)
    assert reading.ignored_columns == ignored
