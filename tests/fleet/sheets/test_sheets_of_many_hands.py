"""Sheets of operators, brokers, auditors and offices in many languages: read without a mapping, or asked about."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.sheets.rows import UnreadableSheet
from tests.fleet.sheets.made_files import codes, reading_of

# The text of each sheet, what each heading that is read comes to, and what its first row is to hold.
SHEETS: dict[str, tuple[str, dict[str, str], dict[str, object]]] = {
    "a host in Odessa, Texas": (
        "Odessa TX - Client Inventory as of 11/01/2026\n"
        "\n"
        "Rack Location,Shelf Pos,Asset Serial,MAC Addr,Miner Make,Miner Model,Rated TH/s,"
        "Rated Watts,Facility,Client,Deploy Status,Made In,Remarks\n"
        "A12,3,YNAHEAUBCJCBA0001,02:aa:bb:cc:dd:01,Bitmain,Antminer S21 200T,200,3500,Odessa 1,"
        "Acme,Online,Malaysia,fan replaced\n",
        {
            "Rack Location": "rack",
            "Shelf Pos": "position",
            "Asset Serial": "serial_number",
            "MAC Addr": "mac_address",
            "Miner Make": "maker",
            "Miner Model": "model",
            "Rated TH/s": "hashrate_ths",
            "Rated Watts": "power_w",
            "Facility": "site",
            "Deploy Status": "status",
            "Made In": "country_of_assembly",
            "Remarks": "notes",
        },
        {
            "serial_number": "YNAHEAUBCJCBA0001",
            "hashrate_ghs": 200000,
            "power_w": 3500,
            "status": "deployed",
            "country_of_assembly": "MY",
        },
    ),
    "a broker's offer list": (
        "Lot #,Manufacturer,Unit,Hash (TH),Power Draw (kW),Units Avail.,Asking $/unit,"
        "Origin Country,Whse,Condition\n"
        '1,MicroBT,Whatsminer M50S 126T,126,3.276,250,"$1,150",China,Dallas,Used\n'
        '2,Bitmain,Antminer S19j Pro 104T,104,3.068,120,"$900",China,Dallas,Used\n',
        {
            "Manufacturer": "maker",
            "Unit": "model",
            "Hash (TH)": "hashrate_ths",
            "Power Draw (kW)": "power_w",
            "Units Avail.": "quantity",
            "Origin Country": "country_of_origin",
            "Whse": "site",
        },
        {
            "model": "Whatsminer M50S 126T",
            "hashrate_ghs": 126000,
            "power_w": 3276,
            "quantity": 250,
            "site": "Dallas",
        },
    ),
    "a liquidator's schedule": (
        "Item No.;Serial No(s).;Description of Equipment;Mfg.;Premises;Qty.;Net Book Value;"
        "Country of Mfr\n"
        "1;NGSBYPDBCJBAG0001;Antminer S19j Pro 100T;Bitmain;Rockdale, TX;1;450.00;CN\n",
        {
            "Serial No(s).": "serial_number",
            "Description of Equipment": "model",
            "Mfg.": "maker",
            "Premises": "site",
            "Qty.": "quantity",
            "Country of Mfr": "country_of_assembly",
        },
        {"serial_number": "NGSBYPDBCJBAG0001", "site": "Rockdale, TX", "country_of_assembly": "CN"},
    ),
    "a reseller in Shenzhen": (
        "机器型号,机器SN,MAC,算力(T),功耗(W),产地,存放地点,台数,备注,出厂日期\n"
        "S19j Pro 104T,SZ0001,02AABBCCDD02,104,3068,马来西亚,深圳仓库,1,二手,2022-05-01\n",
        {
            "机器型号": "model",
            "机器SN": "serial_number",
            "MAC": "mac_address",
            "算力(T)": "hashrate_ths",
            "功耗(W)": "power_w",
            "产地": "country_of_origin",
            "存放地点": "site",
            "台数": "quantity",
            "备注": "notes",
        },
        {
            "serial_number": "SZ0001",
            "hashrate_ghs": 104000,
            "power_w": 3068,
            "country_of_origin": "MY",
            "site": "深圳仓库",
        },
    ),
    "a reseller in Moscow": (
        "Наименование модели;Серийный №;MAC адрес;Хешрейт, TH/s;Потребление, Вт;"
        "Страна производства;Склад;Кол-во, шт;Состояние;Цена за ед., USD\n"
        "Whatsminer M50S 130T;RU0001;02:aa:bb:cc:dd:03;130;3380;Китай;Братск;1;б/у;1 150,50\n",
        {
            "Наименование модели": "model",
            "Серийный №": "serial_number",
            "MAC адрес": "mac_address",
            "Хешрейт, TH/s": "hashrate_ths",
            "Потребление, Вт": "power_w",
            "Страна производства": "country_of_assembly",
            "Склад": "site",
            "Кол-во, шт": "quantity",
            "Цена за ед., USD": "customs_value",
        },
        {
            "serial_number": "RU0001",
            "hashrate_ghs": 130000,
            "power_w": 3380,
            "country_of_assembly": "CN",
            "site": "Братск",
        },
    ),
    "a farm in Hernandarias, Paraguay": (
        "Nro. Serie;Equipo;Fabricante;Galpón;Rack;Posición;Potencia (kW);Hashrate (TH/s);Estado;"
        "Origen;Despacho N°;Fecha de despacho\n"
        "PY0001;Antminer T21 190T;Bitmain;Galpón 2;R-04;12;3,61;190;Operativo;Malasia;"
        "24011IC04000123;15/05/2024\n",
        {
            "Nro. Serie": "serial_number",
            "Equipo": "model",
            "Fabricante": "maker",
            "Galpón": "site",
            "Rack": "rack",
            "Posición": "position",
            "Potencia (kW)": "power_w",
            "Hashrate (TH/s)": "hashrate_ths",
            "Estado": "status",
            "Origen": "country_of_origin",
            "Despacho N°": "entry_number",
            "Fecha de despacho": "entry_date",
        },
        {
            "serial_number": "PY0001",
            "power_w": 3610,
            "hashrate_ghs": 190000,
            "status": "deployed",
            "country_of_origin": "MY",
            "entry_date": date(2024, 5, 15),
        },
    ),
    "an importer in Argentina": (
        "N.º de serie,Marca,Modelo de equipo,País de fabricación,Posición arancelaria,"
        "Nº de despacho,Fecha de ingreso,Valor FOB unitario (USD),Sitio,Situación\n"
        "AR0001,Canaan,Avalon A1466 150T,China,8471.80.00,23001IC04001111X,14/09/2023,1350.00,"
        "Zapala,En funcionamiento\n",
        {
            "N.º de serie": "serial_number",
            "Marca": "maker",
            "Modelo de equipo": "model",
            "País de fabricación": "country_of_assembly",
            "Posición arancelaria": "hts_code",
            "Nº de despacho": "entry_number",
            "Fecha de ingreso": "entry_date",
            "Valor FOB unitario (USD)": "customs_value",
            "Sitio": "site",
            "Situación": "status",
        },
        {
            "serial_number": "AR0001",
            "country_of_assembly": "CN",
            "entry_date": date(2023, 9, 14),
            "status": "deployed",
        },
    ),
    "a farm in Ekibastuz, Kazakhstan": (
        "№;Серийный номер устройства;Тип оборудования;Производитель;Контейнер;Место;"
        "Страна происхождения;ТН ВЭД;№ ДТ;Дата ДТ;Площадка;Статус\n"
        "1;KZ0001;Antminer S19k Pro 120T;Bitmain;C-07;18;КНР;8471500000;55302/150524/0001234;"
        "15.05.2024;Экибастуз;работает\n",
        {
            "Серийный номер устройства": "serial_number",
            "Тип оборудования": "model",
            "Производитель": "maker",
            "Контейнер": "rack",
            "Место": "position",
            "Страна происхождения": "country_of_origin",
            "ТН ВЭД": "hts_code",
            "№ ДТ": "entry_number",
            "Дата ДТ": "entry_date",
            "Площадка": "site",
            "Статус": "status",
        },
        {
            "serial_number": "KZ0001",
            "country_of_origin": "CN",
            "entry_date": date(2024, 5, 15),
            "status": "deployed",
            "site": "Экибастуз",
            "hts_code": "8471500000",
        },
    ),
    "a host in Norway": (
        "Serienr.;Maskintype;Produsent;Anlegg;Effekt (kW);Hashrate (PH/s);Produksjonsland;"
        "Driftsstatus;Merknad\n"
        "NO0001;Antminer S21 Hyd 335T;Bitmain;Mo i Rana;5,36;0,335;Malaysia;I drift;vannkjølt\n",
        {
            "Serienr.": "serial_number",
            "Maskintype": "model",
            "Produsent": "maker",
            "Anlegg": "site",
            "Effekt (kW)": "power_w",
            "Hashrate (PH/s)": "hashrate_ths",
            "Produksjonsland": "country_of_assembly",
            "Driftsstatus": "status",
            "Merknad": "notes",
        },
        {
            "serial_number": "NO0001",
            "power_w": 5360,
            "hashrate_ghs": 335000,
            "country_of_assembly": "MY",
            "status": "deployed",
        },
    ),
    "an auditor's count sheet": (
        "Ref,Observed Serial Number,Book Model,Location per FAR,Condition,Counted Qty,Asset Cost,"
        "In-service date,Vendor\n"
        "1,AU0001,Antminer S19 XP 140T,Corsicana,Good,1,4200.00,2023-02-01,Bitmain\n",
        {
            "Observed Serial Number": "serial_number",
            "Book Model": "model",
            "Location per FAR": "site",
            "Counted Qty": "quantity",
        },
        {"serial_number": "AU0001", "site": "Corsicana"},
    ),
    "an equipment list from SAP": (
        "Equipment;Description;ManufSerialNo.;Manufacturer;Model number;Plant;Functional loc.;"
        "Country of manuf.;System status;Acq. value;Crcy\n"
        "10000123;ASIC MINER;SAP0001;BITMAIN;S19J PRO 104T;Pecos;PEC-B1-R07;CN;INST;1850.00;USD\n",
        {
            "ManufSerialNo.": "serial_number",
            "Manufacturer": "maker",
            "Model number": "model",
            "Plant": "site",
            "Country of manuf.": "country_of_assembly",
            "Crcy": "currency",
        },
        {"serial_number": "SAP0001", "model": "S19J PRO 104T", "site": "Pecos"},
    ),
    "an item receipt from NetSuite": (
        "Internal ID,Document Number,Item,Serial/Lot Number,Quantity,Location,PO #,Vendor,"
        "Date Received,Country of Origin,Memo,Unit Price\n"
        "9921,IR1001,Whatsminer M60S 186T,NS0001,1,Abilene,PO2044,MicroBT USA,6/20/2024,"
        "United States,,2650.00\n",
        {
            "Item": "model",
            "Serial/Lot Number": "serial_number",
            "Quantity": "quantity",
            "Location": "site",
            "PO #": "purchase_order",
            "Country of Origin": "country_of_origin",
            "Memo": "notes",
            "Unit Price": "customs_value",
        },
        {"serial_number": "NS0001", "purchase_order": "PO2044", "country_of_origin": "US"},
    ),
    "stock from Odoo": (
        "Product,Lot/Serial Number,Location,On Hand Quantity,Product/Country of Origin,"
        "Product/HS Code,Purchase Order,Import Date\n"
        "Antminer S21 Pro 234T,OD0001,WH/Stock/Temple,1.00,Malaysia,8543.70.9960,P00045,"
        "2024-08-09\n",
        {
            "Product": "model",
            "Lot/Serial Number": "serial_number",
            "Location": "site",
            "On Hand Quantity": "quantity",
            "Product/Country of Origin": "country_of_origin",
            "Product/HS Code": "hts_code",
            "Purchase Order": "purchase_order",
            "Import Date": "entry_date",
        },
        {
            "serial_number": "OD0001",
            "quantity": 1,
            "country_of_origin": "MY",
            "hts_code": "8543709960",
            "entry_date": date(2024, 8, 9),
        },
    ),
    "a customs broker's entry list": (
        "Entry No.,Entry Date,IOR Name,Port,HTSUS No.,C/O,Export Date,MOT,Article Description,Qty,"
        "Entered Value (unit),Duty Amt (per unit),Consignee Site\n"
        "231-1234567-1,05/28/2024,Acme Mining LLC,5501,8543.70.9860,MY,05/24/2024,40,"
        'Antminer S21 200T,120,"3,200.00",83.20,Pecos TX\n',
        {
            "Entry No.": "entry_number",
            "Entry Date": "entry_date",
            "IOR Name": "importer_of_record",
            "HTSUS No.": "hts_code",
            "C/O": "country_of_origin",
            "MOT": "transport_mode",
            "Article Description": "model",
            "Qty": "quantity",
            "Entered Value (unit)": "customs_value",
            "Duty Amt (per unit)": "duty_paid",
            "Consignee Site": "site",
        },
        {
            "entry_number": "231-1234567-1",
            "quantity": 120,
            "country_of_origin": "MY",
            "transport_mode": "air",
        },
    ),
    "an immersion host in Georgia": (
        "Tank,Slot #,Machine Serial,Machine MAC,Make / Model,Nameplate TH,Nameplate kW,Bldg,"
        "Run State,Assembled In,Hashboards Made In\n"
        "T-03,14,GA0001,02aabbccdd10,Bitmain Antminer S19 XP Hyd 255T,255,5.304,Dalton GA,Hashing,"
        "Malaysia,China\n",
        {
            "Tank": "rack",
            "Slot #": "position",
            "Machine Serial": "serial_number",
            "Machine MAC": "mac_address",
            "Make / Model": "model",
            "Nameplate TH": "hashrate_ths",
            "Nameplate kW": "power_w",
            "Bldg": "site",
            "Run State": "status",
            "Assembled In": "country_of_assembly",
            "Hashboards Made In": "hashboard_origin",
        },
        {"hashrate_ghs": 255000, "power_w": 5304, "status": "deployed", "hashboard_origin": "CN"},
    ),
    "a lender's collateral schedule": (
        "Collateral ID;Borrower;Asset Model;Serial No.;Collateral Location;"
        "Declared Customs Value ($);Entry Summary #;Entry Date;Origin;Importer of Record\n"
        "77;Acme;Whatsminer M63S 390T;LE0001;Rockdale TX;8,900.00;231-7654321-0;2024-11-12;"
        "Malaysia;Acme LLC\n",
        {
            "Asset Model": "model",
            "Serial No.": "serial_number",
            "Collateral Location": "site",
            "Declared Customs Value ($)": "customs_value",
            "Entry Summary #": "entry_number",
            "Entry Date": "entry_date",
            "Origin": "country_of_origin",
            "Importer of Record": "importer_of_record",
        },
        {"site": "Rockdale TX", "entry_date": date(2024, 11, 12)},
    ),
    "a farm in Irkutsk": (
        "Инв. номер;Модель устройства;Заводской номер;МАС адрес;Номинал, TH/s;Мощность, кВт;"
        "Дата-центр;Стеллаж;Полка;Место;Страна сборки;Статус;Комментарий\n"
        "00017;Antminer S19j Pro 104T;IR0001;02:aa:bb:cc:dd:11;104;3,068;Братск-2;С-12;3;7;"
        "Малайзия;в ремонте;хэшплата 2\n",
        {
            "Модель устройства": "model",
            "Заводской номер": "serial_number",
            "МАС адрес": "mac_address",
            "Номинал, TH/s": "hashrate_ths",
            "Мощность, кВт": "power_w",
            "Дата-центр": "site",
            "Стеллаж": "rack",
            "Место": "position",
            "Страна сборки": "country_of_assembly",
            "Статус": "status",
            "Комментарий": "notes",
        },
        {"serial_number": "IR0001", "status": "repair", "country_of_assembly": "MY"},
    ),
    "a trader in Hong Kong": (
        "品牌,规格型号,SN编号,MAC地址,额定算力(TH/s),额定功率(W),原产国,海关编码,报关单号,进口日期,"
        "所在矿场,运行状态\n"
        "比特大陆,S21 200T,HK0001,02AABBCCDD12,200,3500,马来西亚,8543709860,231-0000001-5,"
        "2024/8/19,德州一号,运行中\n",
        {
            "品牌": "maker",
            "规格型号": "model",
            "SN编号": "serial_number",
            "MAC地址": "mac_address",
            "额定算力(TH/s)": "hashrate_ths",
            "额定功率(W)": "power_w",
            "原产国": "country_of_origin",
            "海关编码": "hts_code",
            "报关单号": "entry_number",
            "进口日期": "entry_date",
            "所在矿场": "site",
            "运行状态": "status",
        },
        {"serial_number": "HK0001", "status": "deployed", "entry_date": date(2024, 8, 19)},
    ),
    "a host in Sweden": (
        "Serienummer;Modellbeteckning;Tillverkare;Anläggning;Effekt (W);Hashhastighet (TH/s);"
        "Tillverkningsland;Ursprungsland;Importdatum;Tullvärde (USD);Status;Anteckningar\n"
        "SE0001;Antminer S19 Pro 110T;Bitmain;Boden;3250;110;Kina;Kina;2021-09-02;2100,00;I drift;"
        "-\n",
        {
            "Serienummer": "serial_number",
            "Modellbeteckning": "model",
            "Tillverkare": "maker",
            "Anläggning": "site",
            "Effekt (W)": "power_w",
            "Hashhastighet (TH/s)": "hashrate_ths",
            "Tillverkningsland": "country_of_assembly",
            "Ursprungsland": "country_of_origin",
            "Importdatum": "entry_date",
            "Tullvärde (USD)": "customs_value",
            "Status": "status",
            "Anteckningar": "notes",
        },
        {"serial_number": "SE0001", "country_of_origin": "CN", "status": "deployed"},
    ),
    "a farm in Ethiopia run from Shenzhen, in English": (
        "S/N Code,MAC Add.,Machine model,Hash rate(T),Power(W),Mine site,Shelf No.,Shelf layer,"
        "Machine state,Country origin,Remark\n"
        "ET0001,02:AA:BB:CC:DD:13,M50S++ 144T,144,3168,Addis Ababa,A05,2,online,China,ok\n",
        {
            "S/N Code": "serial_number",
            "MAC Add.": "mac_address",
            "Machine model": "model",
            "Hash rate(T)": "hashrate_ths",
            "Power(W)": "power_w",
            "Mine site": "site",
            "Shelf No.": "rack",
            "Machine state": "status",
            "Country origin": "country_of_origin",
            "Remark": "notes",
        },
        {"serial_number": "ET0001", "hashrate_ghs": 144000, "status": "deployed"},
    ),
    "a pre-alert from a forwarder": (
        "PO No,Consignee,Commodity,No. of pcs,Mode,ETD,ETA,HS code,Country of origin,"
        "Unit value USD,Final destination,Shipment status\n"
        "PO-88,Acme LLC,Antminer S21 XP 270T,480,Ocean,2026-10-20,2026-12-05,8543.70.9860,Malaysia,"
        "4100.00,Corsicana TX,In transit\n",
        {
            "PO No": "purchase_order",
            "Commodity": "model",
            "No. of pcs": "quantity",
            "Mode": "transport_mode",
            "ETA": "expected_entry_date",
            "HS code": "hts_code",
            "Country of origin": "country_of_origin",
            "Unit value USD": "customs_value",
            "Final destination": "site",
            "Shipment status": "status",
        },
        {"quantity": 480, "status": "in transit", "transport_mode": "vessel"},
    ),
    "a fixed-asset register from Oracle": (
        "ASSET_NUMBER,TAG_NUMBER,SERIAL_NUMBER,MANUFACTURER_NAME,MODEL_NUMBER,ASSET_DESCRIPTION,"
        "LOCATION_NAME,DATE_PLACED_IN_SERVICE,COST,UNITS,COUNTRY_OF_ORIGIN\n"
        "100234,T-9,OR0001,MicroBT,Whatsminer M60 170T,Mining server,Childress TX,2024-03-01,"
        "2750.00,1,US\n",
        {
            "SERIAL_NUMBER": "serial_number",
            "MANUFACTURER_NAME": "maker",
            "MODEL_NUMBER": "model",
            "LOCATION_NAME": "site",
            "UNITS": "quantity",
            "COUNTRY_OF_ORIGIN": "country_of_origin",
            "COST": "customs_value",
        },
        {"serial_number": "OR0001", "country_of_origin": "US", "model": "Whatsminer M60 170T"},
    ),
    "a warehouse count in Mexico": (
        "No. de Serie,Descripción del equipo,Marca,Cantidad,Almacén,Estatus,País de origen,"
        "Fracción,No. de pedimento,Fecha de pedimento,Valor en aduana USD\n"
        "MX0001,Antminer L7 9500,Bitmain,1,Monterrey,almacenado,China,8543.70.99,"
        "24 16 1234 4001234,2024-02-20,3100.00\n",
        {
            "No. de Serie": "serial_number",
            "Descripción del equipo": "model",
            "Marca": "maker",
            "Cantidad": "quantity",
            "Almacén": "site",
            "Estatus": "status",
            "País de origen": "country_of_origin",
            "Fracción": "hts_code",
            "No. de pedimento": "entry_number",
            "Fecha de pedimento": "entry_date",
            "Valor en aduana USD": "customs_value",
        },
        {"serial_number": "MX0001", "entry_date": date(2024, 2, 20)},
    ),
    "a hosting invoice annex in Ontario": (
        "Unit ID,Unit Serial No,Unit Type,Rated Power (kW),Rated Hash (GH/s),Container No.,Bay,"
        "Site Address,Service Status,Mfg Country\n"
        "U1,ON0001,Avalon A1566 185T,3.42,185000,C4,11,Timmins ON,Active,Malaysia\n",
        {
            "Unit Serial No": "serial_number",
            "Unit Type": "model",
            "Rated Power (kW)": "power_w",
            "Rated Hash (GH/s)": "hashrate_ths",
            "Container No.": "rack",
            "Bay": "position",
            "Site Address": "site",
            "Service Status": "status",
            "Mfg Country": "country_of_assembly",
        },
        {"serial_number": "ON0001", "hashrate_ghs": 185000, "power_w": 3420, "status": "deployed"},
    ),
    "a colocation customer's own list": (
        "Host Site|Rack/Shelf|Miner Serial #|Model & TH|Efficiency (J/TH)|Power (Watts)|"
        "Live Hashrate (TH/s)|Nominal Hashrate (TH/s)|Mfg. Country|Customs Origin|State\n"
        "Garden City|R3/2|CC0001|Antminer S21 200T|17.5|3500|187.2|200|MY|MY|TX\n"
        "Garden City|R3/3|CC0002|Antminer S21 200T|17.5|3500|0|200|MY|MY|TX\n",
        {
            "Host Site": "site",
            "Rack/Shelf": "rack",
            "Miner Serial #": "serial_number",
            "Model & TH": "model",
            "Power (Watts)": "power_w",
            "Nominal Hashrate (TH/s)": "hashrate_ths",
            "Mfg. Country": "country_of_assembly",
            "Customs Origin": "country_of_origin",
        },
        {"power_w": 3500, "hashrate_ghs": 200000},
    ),
    "a liquidator in Germany": (
        "Pos.;Bezeichnung;Hersteller;Seriennummer;Standort;Leistungsaufnahme (W);Hashrate (TH/s);"
        "Herstellungsland;Zollwert in USD;Einfuhrdatum;Betriebsstatus\n"
        "1;Antminer S19j Pro 100T;Bitmain;DE0001;Halle;3050;100;Malaysia;1.900,50;13.05.2023;"
        "in Betrieb\n",
        {
            "Pos.": "position",
            "Bezeichnung": "model",
            "Hersteller": "maker",
            "Seriennummer": "serial_number",
            "Standort": "site",
            "Leistungsaufnahme (W)": "power_w",
            "Hashrate (TH/s)": "hashrate_ths",
            "Herstellungsland": "country_of_assembly",
            "Zollwert in USD": "customs_value",
            "Einfuhrdatum": "entry_date",
            "Betriebsstatus": "status",
        },
        {"status": "deployed", "entry_date": date(2023, 5, 13)},
    ),
    "a farm in Abkhazia": (
        "Марка и модель;С/Н;Кол-во;Хэшрейт TH;Потр. Вт;Страна-производитель;Адрес площадки;"
        "Рабочий статус;Дата ввоза;№ таможенной декларации\n"
        "Antminer S19 95T;AB0001;1;95;3250;Китай;Сухум;работает;15.04.2021;10013/150421/001\n",
        {
            "Марка и модель": "model",
            "С/Н": "serial_number",
            "Кол-во": "quantity",
            "Хэшрейт TH": "hashrate_ths",
            "Потр. Вт": "power_w",
            "Страна-производитель": "country_of_assembly",
            "Адрес площадки": "site",
            "Рабочий статус": "status",
            "Дата ввоза": "entry_date",
            "№ таможенной декларации": "entry_number",
        },
        {"serial_number": "AB0001", "power_w": 3250, "status": "deployed"},
    ),
    "an insurer's schedule": (
        "Sched. Item,Insured Location,Equipment Make,Equipment Model,Equipment Serial Number,Year,"
        "Replacement Cost,Qty on site,Country of Manufacture\n"
        "1,Pecos TX,Bitmain,S19 XP 140T,IN0001,2023,4000,1,Malaysia\n",
        {
            "Insured Location": "site",
            "Equipment Make": "maker",
            "Equipment Model": "model",
            "Equipment Serial Number": "serial_number",
            "Qty on site": "quantity",
            "Country of Manufacture": "country_of_assembly",
        },
        {"serial_number": "IN0001", "site": "Pecos TX"},
    ),
    "a Taiwanese reseller": (
        "設備型號,機器序號,MAC位址,品牌,產地,數量,所在地點,算力TH,耗電量W,備註\n"
        "M50S 126T,TW0001,02aabbccdd22,MicroBT,中國,1,桃園,126,3276,無\n",
        {
            "設備型號": "model",
            "機器序號": "serial_number",
            "MAC位址": "mac_address",
            "品牌": "maker",
            "產地": "country_of_origin",
            "數量": "quantity",
            "所在地點": "site",
            "算力TH": "hashrate_ths",
            "耗電量W": "power_w",
            "備註": "notes",
        },
        {},
    ),
    "a farm in Chubut": (
        "Código;Modelo ASIC;Serial;Marca;Centro de minería;Fila;Rack;Consumo (kW);TH/s;"
        "Origen aduanero;Nº OC;Fecha de oficialización;Estado operativo\n"
        "7;Whatsminer M30S++ 108T;CH0001;MicroBT;Comodoro;2;R9;3,348;108;China;OC-12;25/02/2022;"
        "Fuera de servicio\n",
        {
            "Modelo ASIC": "model",
            "Serial": "serial_number",
            "Marca": "maker",
            "Centro de minería": "site",
            "Rack": "rack",
            "Consumo (kW)": "power_w",
            "TH/s": "hashrate_ths",
            "Origen aduanero": "country_of_origin",
            "Nº OC": "purchase_order",
            "Fecha de oficialización": "entry_date",
            "Estado operativo": "status",
        },
        {"power_w": 3348, "hashrate_ghs": 108000},
    ),
    "an Icelandic host in English": (
        "Serial no.,Machine,Manufacturer name,Hash TH/s,W,Hall,Rack no,Slot no,Running?,"
        "Country of origin,Comments\n"
        "IS0001,Antminer S21 200T,Bitmain,200,3500,Keflavik,3,4,yes,Malaysia,\n",
        {
            "Serial no.": "serial_number",
            "Machine": "model",
            "Manufacturer name": "maker",
            "Hash TH/s": "hashrate_ths",
            "W": "power_w",
            "Hall": "site",
            "Rack no": "rack",
            "Slot no": "position",
            "Country of origin": "country_of_origin",
            "Comments": "notes",
        },
        {"serial_number": "IS0001", "site": "Keflavik", "country_of_origin": "MY"},
    ),
    "a hosting client in Ohio": (
        "Customer,Miner SN#,MAC Addr.,ASIC Type,Terahash,kW draw,Pod,Slot,Data Center Location,"
        "Current State,Country Manufactured,Date Received,Remarks\n"
        "Acme,OH0001,02:aa:bb:cc:dd:31,Antminer S19 XP 141T,141,3.03,P4,17,Piketon OH,Running,"
        "Indonesia,2023-04-05,ok\n",
        {
            "Miner SN#": "serial_number",
            "MAC Addr.": "mac_address",
            "ASIC Type": "model",
            "Terahash": "hashrate_ths",
            "kW draw": "power_w",
            "Pod": "rack",
            "Slot": "position",
            "Data Center Location": "site",
            "Current State": "status",
            "Country Manufactured": "country_of_assembly",
            "Remarks": "notes",
        },
        {"hashrate_ghs": 141000, "power_w": 3030, "status": "deployed"},
    ),
    "a treasury's ledger": (
        "Asset #;Purchase Order #;Vendor;Asset Class;Make;Model #;Serial;Site Code;"
        "Capitalised cost;Customs Entry #;Import Dt;HTS;Origin Ctry;IOR\n"
        "1;PO1;Bitmain;ASIC;Bitmain;S19j Pro 100T;TR0001;PEC1;2000;231-1111111-1;04/25/2023;"
        "8543.70.9860;MY;Acme LLC\n",
        {
            "Purchase Order #": "purchase_order",
            "Make": "maker",
            "Model #": "model",
            "Serial": "serial_number",
            "Site Code": "site",
            "Customs Entry #": "entry_number",
            "Import Dt": "entry_date",
            "HTS": "hts_code",
            "Origin Ctry": "country_of_origin",
            "IOR": "importer_of_record",
        },
        {"entry_date": date(2023, 4, 25), "country_of_origin": "MY"},
    ),
    "a farm in Bratsk, short heads": (
        "Модель;S/N;MAC;TH;Вт;Стойка;Статус;Площадка;Пр-во;ГТД\n"
        "S19 95T;BR1;02aabbccdd32;95;3250;A1;Работает;Братск;Китай;10013/1\n",
        {
            "Модель": "model",
            "S/N": "serial_number",
            "MAC": "mac_address",
            "TH": "hashrate_ths",
            "Вт": "power_w",
            "Стойка": "rack",
            "Статус": "status",
            "Площадка": "site",
            "ГТД": "entry_number",
        },
        {},
    ),
    "a Spanish-speaking broker": (
        "Equipo/Modelo,Cant.,TH/s por unidad,Watts por unidad,Origen (aduana),Ubicación actual,"
        "Precio unit. USD,Fecha estimada de arribo,Estatus\n"
        "Antminer S21 200T,100,200,3500,Malasia,Miami,3200,2026-12-01,en tránsito\n",
        {
            "Equipo/Modelo": "model",
            "Cant.": "quantity",
            "TH/s por unidad": "hashrate_ths",
            "Watts por unidad": "power_w",
            "Origen (aduana)": "country_of_origin",
            "Ubicación actual": "site",
            "Precio unit. USD": "customs_value",
            "Fecha estimada de arribo": "expected_entry_date",
            "Estatus": "status",
        },
        {"quantity": 100, "status": "in transit", "expected_entry_date": date(2026, 12, 1)},
    ),
    "a French farm": (
        "Réf.;Désignation;N° série;Constructeur;Site d'exploitation;Baie;Puissance nominale (kW);"
        "Hashrate nominal (TH/s);Pays de fabrication;Code douanier;Date de dédouanement;"
        "Statut opérationnel\n"
        "1;Antminer T21 190T;FR0001;Bitmain;Lacq;B2;3,61;190;Malaisie;8543709860;2024-07-30;"
        "en service\n",
        {
            "Désignation": "model",
            "N° série": "serial_number",
            "Constructeur": "maker",
            "Site d'exploitation": "site",
            "Baie": "rack",
            "Puissance nominale (kW)": "power_w",
            "Hashrate nominal (TH/s)": "hashrate_ths",
            "Pays de fabrication": "country_of_assembly",
            "Code douanier": "hts_code",
            "Date de dédouanement": "entry_date",
            "Statut opérationnel": "status",
        },
        {"power_w": 3610, "status": "deployed"},
    ),
    "a Brazilian host": (
        "Nº Série;Equipamento;Marca;Qtde;Unidade de Mineração;Consumo (W);Hash Rate (TH/s);Origem;"
        "Nº DI;Data DI;Status\n"
        "BZ0001;Whatsminer M50 114T;MicroBT;1;Itaipu;3306;114;China;24/0012345-6;30/01/2024;"
        "Em operação\n",
        {
            "Nº Série": "serial_number",
            "Equipamento": "model",
            "Marca": "maker",
            "Qtde": "quantity",
            "Unidade de Mineração": "site",
            "Consumo (W)": "power_w",
            "Hash Rate (TH/s)": "hashrate_ths",
            "Origem": "country_of_origin",
            "Nº DI": "entry_number",
            "Data DI": "entry_date",
            "Status": "status",
        },
        {"entry_date": date(2024, 1, 30), "status": "deployed"},
    ),
    "a Chinese operator in Texas": (
        "序号,矿机编号,机器型号,MAC,算力,功耗,所在矿场,货架号,原产地国,HTS编码,清关日期,"
        "申报单价(USD),状态\n"
        "1,CT0001,S21 200T,02aabbccdd33,200T,3500W,德州,A1,马来西亚,8543709860,2024-10-03,3200,"
        "在线\n",
        {
            "矿机编号": "serial_number",
            "机器型号": "model",
            "MAC": "mac_address",
            "算力": "hashrate_ths",
            "功耗": "power_w",
            "所在矿场": "site",
            "货架号": "rack",
            "原产地国": "country_of_origin",
            "HTS编码": "hts_code",
            "清关日期": "entry_date",
            "申报单价(USD)": "customs_value",
            "状态": "status",
        },
        {"hashrate_ghs": 200000, "status": "deployed"},
    ),
    "an MSA exhibit": (
        "Exhibit B Equipment\n"
        "\n"
        "Line,Qty,Equipment Description,Per-Unit Hashrate (TH/s),Per-Unit Power (W),Delivery Site,"
        "Delivery Status,Mfr. Origin,Unit Declared Value (US$)\n"
        '1,250,Antminer S21 Pro 234T,234,3510,Kearney NE,Deployed,Malaysia,"4,050.00"\n',
        {
            "Qty": "quantity",
            "Equipment Description": "model",
            "Per-Unit Hashrate (TH/s)": "hashrate_ths",
            "Per-Unit Power (W)": "power_w",
            "Delivery Site": "site",
            "Delivery Status": "status",
            "Unit Declared Value (US$)": "customs_value",
        },
        {"quantity": 250, "power_w": 3510},
    ),
    "a bitcoin mine in Wyoming": (
        "Miner Tag,Serial No,NIC MAC,Make,Model/Variant,Rated Output (TH/s),Rated Draw (kW),"
        "Facility Name,Building,Aisle,Rack #,Shelf #,Op Status,COO (label),HTSUS code used,"
        "7501 entry,Entry dt\n"
        "T1,WY0001,02:aa:bb:cc:dd:41,Bitmain,S21 XP 270T,270,3.645,Cheyenne,B1,A3,R7,2,Online,"
        "Malaysia,8543.70.9860,231-2222222-2,2024-12-01\n",
        {
            "Serial No": "serial_number",
            "NIC MAC": "mac_address",
            "Make": "maker",
            "Model/Variant": "model",
            "Rated Output (TH/s)": "hashrate_ths",
            "Rated Draw (kW)": "power_w",
            "Facility Name": "site",
            "Rack #": "rack",
            "Op Status": "status",
            "COO (label)": "country_of_origin",
            "HTSUS code used": "hts_code",
            "7501 entry": "entry_number",
            "Entry dt": "entry_date",
        },
        {"power_w": 3645, "hashrate_ghs": 270000},
    ),
    "a bankruptcy trustee": (
        "Asset Description|Make|Serial|Debtor Location|Quantity|Liquidation Value|"
        "Country of Origin|Est. Age\n"
        "Antminer S19 95T|Bitmain|BK0001|Denton TX|1|300|China|3\n",
        {
            "Asset Description": "model",
            "Make": "maker",
            "Serial": "serial_number",
            "Debtor Location": "site",
            "Quantity": "quantity",
            "Country of Origin": "country_of_origin",
        },
        {},
    ),
    "a farm in Norilsk": (
        "Серийный номер;Наименование;Вендор;Расположение;Хэшрейт (TH/s);Энергопотребление (кВт);"
        "Страна-изготовитель;Код ТН ВЭД ЕАЭС;Номер ДТ;Состояние оборудования\n"
        "NR0001;Whatsminer M50 118T;MicroBT;Норильск;118;3,42;Китай;8471500000;10005/1;"
        "в эксплуатации\n",
        {
            "Серийный номер": "serial_number",
            "Наименование": "model",
            "Вендор": "maker",
            "Расположение": "site",
            "Хэшрейт (TH/s)": "hashrate_ths",
            "Энергопотребление (кВт)": "power_w",
            "Страна-изготовитель": "country_of_assembly",
            "Код ТН ВЭД ЕАЭС": "hts_code",
            "Номер ДТ": "entry_number",
            "Состояние оборудования": "status",
        },
        {"power_w": 3420, "status": "deployed"},
    ),
    "a Mexican maquila": (
        "Núm. serie,Modelo equipo,Fabricante,Ubicación física,Potencia nominal W,"
        "Hashrate nominal TH,País origen,Pedimento No.,Fecha importación,Valor aduana (USD),"
        "Estado del equipo\n"
        "MQ0001,Antminer S19j Pro 100T,Bitmain,Juárez,3050,100,China,23 07 1,2023-02-14,1500,"
        "En operación\n",
        {
            "Núm. serie": "serial_number",
            "Modelo equipo": "model",
            "Fabricante": "maker",
            "Ubicación física": "site",
            "Potencia nominal W": "power_w",
            "Hashrate nominal TH": "hashrate_ths",
            "País origen": "country_of_origin",
            "Pedimento No.": "entry_number",
            "Fecha importación": "entry_date",
            "Valor aduana (USD)": "customs_value",
            "Estado del equipo": "status",
        },
        {"power_w": 3050, "status": "deployed"},
    ),
    "a Chinese warehouse in Kentucky": (
        "产品名称,SN码,网口MAC,标称算力TH/s,整机功耗W,库位,仓库,入库状态,原产国(地区),美国HTS,"
        "报关日期,备注说明\n"
        "S19k Pro 115T,KY0001,02aabbccdd42,115,2645,A-1-2,肯塔基,在库,马来西亚,8543709860,"
        "2024-02-02,无\n",
        {
            "产品名称": "model",
            "SN码": "serial_number",
            "网口MAC": "mac_address",
            "标称算力TH/s": "hashrate_ths",
            "整机功耗W": "power_w",
            "库位": "position",
            "仓库": "site",
            "入库状态": "status",
            "原产国(地区)": "country_of_origin",
            "美国HTS": "hts_code",
            "报关日期": "entry_date",
            "备注说明": "notes",
        },
        {"status": "stored", "entry_date": date(2024, 2, 2)},
    ),
    "an ERP dump in snake case": (
        "item_desc,lot_serial_nbr,mac_addr,whse_loc,qty_on_hand,mfr_name,ctry_of_orig,hts_cd,"
        "entry_nbr,entry_dt,unit_cust_val,po_nbr,stat\n"
        "Whatsminer M60S 186T,ER0001,02aabbccdd43,Abilene,1,MicroBT,US,8471.50.0150,231-3333333-3,"
        "2025-01-05,2500,PO-1,active\n",
        {
            "item_desc": "model",
            "lot_serial_nbr": "serial_number",
            "mac_addr": "mac_address",
            "whse_loc": "site",
            "qty_on_hand": "quantity",
            "mfr_name": "maker",
            "ctry_of_orig": "country_of_origin",
            "hts_cd": "hts_code",
            "entry_nbr": "entry_number",
            "entry_dt": "entry_date",
            "unit_cust_val": "customs_value",
            "po_nbr": "purchase_order",
            "stat": "status",
        },
        {"status": "deployed", "country_of_origin": "US"},
    ),
    "a utility's tenant list": (
        "Tenant,Unit Serial,Miner Brand,Miner Type,Nominal TH/s,Nominal kW,Substation Site,Rack,"
        "Position,Mode of Operation,Assembled in Country\n"
        "X,UT0001,Bitmain,S19 95T,95,3.25,Odessa,R1,2,Low,Malaysia\n",
        {
            "Unit Serial": "serial_number",
            "Miner Brand": "maker",
            "Miner Type": "model",
            "Nominal TH/s": "hashrate_ths",
            "Nominal kW": "power_w",
            "Substation Site": "site",
            "Rack": "rack",
            "Position": "position",
            "Assembled in Country": "country_of_assembly",
        },
        {},
    ),
    "a Kazakh customs list": (
        "Наименование товара;Серийные номера;Кол-во мест;Страна отправления;"
        "Страна происхождения товара;Код товара по ТН ВЭД;Стоимость за единицу, USD;"
        "Номер декларации;Дата выпуска;Получатель;Склад хранения\n"
        "Antminer S19 95T;KZC001;1;Китай;Китай;8471500000;1200;555/1;15.05.2024;ТОО;Алматы\n",
        {
            "Наименование товара": "model",
            "Серийные номера": "serial_number",
            "Страна происхождения товара": "country_of_origin",
            "Код товара по ТН ВЭД": "hts_code",
            "Стоимость за единицу, USD": "customs_value",
            "Номер декларации": "entry_number",
            "Склад хранения": "site",
        },
        {},
    ),
    "a lease schedule": (
        "Lessor Ref,Make & Model of Miner,Mfr. Serial No.,Qty.,Installation Site,Rated Hashrate,"
        "Rated Power,Country of Final Assembly,Declared Origin,HTS Classification,US Entry No.,"
        "US Entry Date,Duty Paid per Unit\n"
        "L1,Antminer S21 200T,LS0001,1,Granbury TX,200 TH/s,3500 W,Malaysia,Malaysia,8543.70.9860,"
        "231-4444444-4,2024-06-06,81.60\n",
        {
            "Make & Model of Miner": "model",
            "Mfr. Serial No.": "serial_number",
            "Qty.": "quantity",
            "Installation Site": "site",
            "Rated Hashrate": "hashrate_ths",
            "Rated Power": "power_w",
            "Country of Final Assembly": "country_of_assembly",
            "Declared Origin": "country_of_origin",
            "HTS Classification": "hts_code",
            "US Entry No.": "entry_number",
            "US Entry Date": "entry_date",
            "Duty Paid per Unit": "duty_paid",
        },
        {"hashrate_ghs": 200000},
    ),
}
# Sheets that leave something open, and the code of the question.
ASKED = {
    "a farm in Brazil": (
        "Número de Série;Modelo da Máquina;Fabricante;Local;Qtd.;Potência (W);Taxa de Hash (TH/s);"
        "País de Origem;NCM;Data de Entrada;Valor Aduaneiro (USD);Situação;Observação\n"
        "BR0001;Antminer S19 95T;Bitmain;Ceará 1;1;3.250;95;China;8471.50.10;03/02/2022;2.750,00;"
        "Desligado;sem fonte\n",
        "entry_date_ambiguous",
    ),
    "a host in Quebec": (
        "No de série;Modèle de mineur;Fabricant;Emplacement;Puissance (W);Taux de hachage (TH/s);"
        "Pays d'origine;Date d'importation;Valeur en douane (CAD);État;Remarques\n"
        "QC0001;Whatsminer M30S++ 110T;MicroBT;Baie-Comeau;3410;110;Chine;2021-11-30;5 400,00;"
        "En service;\n",
        "currency_not_usd",
    ),
    "a container farm in Oman": (
        "Container ID,Row,Column,Miner S/N,PSU S/N,Control Board S/N,MAC,Miner type,Firmware model,"
        "Ideal HR,Commissioned on,Country\n"
        "C1,3,4,OM0001,PS1,CB1,02aabbccdd20,Whatsminer M63 354T,x,354,2024-01-02,Oman\n",
        "columns_missing",
    ),
    "a factory's packing list": (
        "CTN NO.,Model Name,SN,MAC,Hashrate(TH/S),Power(W),Made in,N.W.(kg),G.W.(kg),PO#\n"
        "1,S21 Pro 234T,PL0001,02aabbccdd21,234,3510,Indonesia,15.9,18.1,PO-9\n",
        "columns_missing",
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_every_heading_of_the_sheet_is_read_as_what_it_means(tmp_path, name):
    text, columns, _ = SHEETS[name]
    assert reading_of(tmp_path, text).columns == columns


@pytest.mark.parametrize("name", SHEETS)
def test_the_first_row_of_the_sheet_is_read_right(tmp_path, name):
    text, _, values = SHEETS[name]
    reading = reading_of(tmp_path, text)
    assert reading.problems == []
    row = reading.rows[0]
    told = {attribute: getattr(row, attribute) for attribute in values}
    assert {name: getattr(value, "digits", value) for name, value in told.items()} == values


@pytest.mark.parametrize("name", ASKED)
def test_what_the_sheet_leaves_open_is_asked(tmp_path, name):
    text, code = ASKED[name]
    try:
        assert codes(reading_of(tmp_path, text)) == [code]
    except UnreadableSheet as wreck:
        assert wreck.code == code
