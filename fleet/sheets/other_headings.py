"""What people call our columns in other words and other languages; the plain English ones stand in COLUMNS.

Case, accents, spaces and marks do not matter, nor does the order of words, nor what is usually shortened.
"""

from __future__ import annotations

from collections.abc import Mapping

_OTHERS: Mapping[str, str] = {
    "serial_number": (
        "Asset SN, Asset Serial, ASIC SN, "
        "Serial Code, Chassis SN, Chassis Serial Number, Seriennummer, Serien-Nr., Seriennr, Gerätenummer, "
        "Número de serie, Nº de serie, N.º de serie, Serie, Núm. de serie, Número de série, Nº série, "
        "Numéro de série, N° de série, 机器SN, SN码, 机身序列号, 设备序列号, 矿机SN, 机器序列号, 序列号SN, "
        "机器编号, Серийный номер, Серийник, Серийный №, Заводской номер, С/Н, Сер. номер, "
        "Manufacturer Serial Number, ManufSerialNumber, ManufSerialNo., Mfr Serial, Maker Serial Number, "
        "Product Serial, Lot/Serial, Lot/Serial Number, "
        "序号SN, 機身序號"
    ),
    "model": (
        "Model No, Model Number, Make and Model, Make & Model, Equipment, Equipment Type, Description, "
        "Item Description, Modell, Gerätetyp, Typ, Gerät, Maschinentyp, Modelo, Modelo de minero, "
        "Tipo de minero, Tipo, Equipo, Modèle, 矿机型号, 机型, 设备型号, 机器型号, 产品型号, 规格型号, "
        "矿机, Модель, Модель майнера, Тип, Модель оборудования, Наименование, Оборудование, "
        "Product Name, Product Description, Material Description, Asset Description, Asset Type, "
        "Asset Model, Article, Item Name, Item, "
        "Commodity, Goods Description, Make / Model, "
        "Bezeichnung, Artikelbezeichnung, Beschreibung, Benennung, "
        "产品名称, 商品名称, 设备名称, 货物名称, 品名, "
        "Machine, ASIC"
    ),
    "maker": (
        "Mfg, Hersteller, Marke, Fabricante, Marca, Fabricant, Marque, 厂商, 制造商, 厂家, 生产厂家, "
        "生产商, Производитель, Бренд, Марка, Изготовитель"
    ),
    "quantity": (
        "Number of Machines, Number of ASICs, Number of Devices, ASIC Count, "
        "Total Units, Unit Qty, Machines, Miners, Rigs, Amount of Units, Anzahl, Menge, Stückzahl, Stk, "
        "Cantidad, Cant, Unidades, Quantidade, Qtde, Quantité, Qté, 台数, 台, 件数, Количество, Кол-во, "
        "Кол, Штук, Шт, "
        "No. of pcs, Number of pieces, Pieces, "
        "QOH, Quantity on Hand, EA"
    ),
    "site": (
        "Warehouse Location, Warehouse, Storage Location, Yard, "
        "Data Centre, Datacentre, "
        "Loc, Site Loc, DC, Hosting Facility, Hosting Location, Mine Site, Installed At, Standort, "
        "Rechenzentrum, Anlage, Sitio, Ubicación, Sede, Planta, Emplazamiento, Instalación, Local, "
        "Localização, Emplacement, Lieu, 场地, 站点, 机房, 所在矿场, 场区, 矿场名称, 存放地点, 所在地, "
        "Площадка, Локация, Местоположение, Дата-центр, ЦОД, Объект, Ферма, "
        "Premises, Plant, Galpón, Galpão, Nave, Склад, Whse, Nettsted, "
        "Final Destination, Destination Site, Almacén, Armazém, Entrepôt, "
        "Centro minero, Centro de minería, Centro de datos, Mining Center, 所在地点, Centrale, "
        "Mining Unit, Mining Farm, Mining Facility, Unidade de Mineração, Located At, Where Located, Stored At"
    ),
    "status": (
        "Current Status, Deployment Status, Estado, Estatus, Statut, État, Situação, 设备状态, 机器状态, "
        "Статус, Состояние, "
        "Driftsstatus, Operation Status, "
        "Run State, Machine State, Miner State, "
        "Stage, Lifecycle, Lifecycle Stage"
    ),
    "country_of_assembly": (
        "Country of Final Assembly, Final Assembly, Assembly Site, Country of Production, Country Made, "
        "Where Assembled, Montageland, Herstellungsland, Fertigungsland, Hergestellt in, "
        "País de ensamblaje, País de ensamble, País de fabricación, País de montaje, Ensamblado en, "
        "País de fabricação, Pays d'assemblage, Pays de fabrication, 组装国, 组装地, 组装国家, 生产地, "
        "生产国, 制造国, Страна сборки, Страна изготовления, Страна производства, "
        "Manufacture Country, Mfg Country, Tilvirkningsland, Tillverkningsland"
    ),
    "country_of_origin": (
        "Ctry Orig, Country Origin, CoO Declared, Origin (Customs), Ursprungsland, Herkunftsland, "
        "Ursprung, Herkunft, País de origen, Origen, País de origem, Origem, Pays d'origine, Origine, "
        "产地, 原产地国, 原产国家, 原产国别, Страна происхождения, Происхождение"
    ),
    "hashboard_origin": (
        "HB Origin, HB COO, Board Origin Country, Hashboard Origin Country, Hashboards From, Hash Board Made In, "
        "Hashboard COO, Hash Board COO, Board COO, Country of Hashboards, Hashboard Made In, "
        "Hashboard Herkunft, Origen de hashboards, Origen de las placas, Origen hashboard, 算力板产地, "
        "算力板原产国, 运算板产地, Происхождение хешплат, Страна хешплат, Страна происхождения плат"
    ),
    "hts_code": (
        "HTS 10, HTS10, HTS 10 Digit, HTSUS 10, "
        "HTS US, HTSUS No, US HTS, US HTS Code, HTS#, Tariff, Tariff Heading, Tariff Classification, "
        "Harmonized Code, Harmonized Tariff Code, Harmonised Code, HS Classification, Customs Code, "
        "Schedule B, Zolltarifnummer, Zolltarif-Nr., Warennummer, Warentarifnummer, Taric, "
        "Código arancelario, Partida arancelaria, Fracción arancelaria, Código HTS, NCM, Código NCM, "
        "Código HS, Code SH, Code douanier, Nomenclature, HS编码, HTS编码, 海关编码, 税号, 商品编码, "
        "税则号列, Код ТН ВЭД, ТН ВЭД, Код ТНВЭД, ТНВЭД, Код HTS, Таможенный код, "
        "Posición arancelaria, Posição tarifária, Classificação fiscal, Position tarifaire, "
        "Tolltariffnummer, Varenummer, "
        "Fracción, Subpartida, Partida, "
        "Код ТН ВЭД ЕАЭС, ТН ВЭД ЕАЭС, HTS Cd, HTS Code Used, 美国HTS"
    ),
    "import_country": (
        "Imported To, Import To, Entry Country, Customs Country, Country Imported, Einfuhrland, "
        "Importland, Bestimmungsland, País de importación, País importador, País destino, País de destino, "
        "País de importação, Pays d'importation, 进口国, 进口国家, 目的国, Страна ввоза, Страна импорта, "
        "Страна назначения"
    ),
    "entry_date": (
        "Entered On, Entered, Customs Entered, "
        "Cleared Date, Date Cleared, Customs Clearance Date, Clearance Date, Date of Import, "
        "Date of Importation, Importation Date, CBP Date, Entry Filed, Customs Date, Einfuhrdatum, "
        "Importdatum, Verzollungsdatum, Datum der Einfuhr, Zolldatum, Fecha de entrada, "
        "Fecha de importación, Fecha de ingreso, Fecha de despacho, Fecha de internación, Data de entrada, "
        "Data de importação, Date d'entrée, Date d'importation, Date de dédouanement, 进口日期, 入关日期, "
        "报关日期, 清关日期, 入境日期, Дата ввоза, Дата импорта, Дата таможенного оформления, "
        "Дата растаможки, Дата оформления, Дата декларации, "
        "Дата ДТ, Дата ГТД, Innførselsdato, Fortollingsdato, "
        "Fecha de pedimento, Fecha de nacionalización, "
        "Data DI, Data da DI, Data da DUIMP"
    ),
    "expected_entry_date": (
        "Expected Date, Expected Customs Entry, Est Arrival, ETA Port, Expected Delivery, "
        "Expected Delivery Date, Delivery ETA, Arrival ETA, Voraussichtliche Einfuhr, "
        "Voraussichtliches Einfuhrdatum, Voraussichtliche Ankunft, Erwartete Ankunft, "
        "Fecha estimada de llegada, Llegada estimada, Fecha prevista de entrada, "
        "Fecha estimada de entrada, Previsão de chegada, Arrivée prévue, Date d'arrivée prévue, "
        "预计到货日期, 预计到港, 预计到港日期, 预计入关日期, 预计进口日期, Ожидаемая дата ввоза, "
        "Ожидаемая дата прибытия, Ожидаемая дата поступления, Дата прибытия (план), Плановая дата ввоза"
    ),
    "entry_number": (
        "CBP Entry Summary, CBP Entry Summary Number, Entry Summary, Entry Summary No, "
        "CBP No, CBP #, CBP 7501, CF 7501, Customs Entry, Customs Declaration No, Declaration Number, "
        "Customs Declaration Number, Customs Ref, Entry ID, Entry Ref, Zollanmeldung, Einfuhrnummer, "
        "Zollnummer, Zollbelegnummer, MRN, ATC-Nummer, Número de entrada, Nº de entrada, "
        "Número de pedimento, Pedimento, Despacho, Número de despacho, Número de declaración, DUA, "
        "Numéro de déclaration, Número da DI, 报关单号, 报关单编号, 入关单号, 入境单号, 清关单号, "
        "Номер декларации, № декларации, Номер ДТ, ГТД, Номер ГТД, Таможенная декларация, "
        "Despacho N°, DUIMP, DI, Tolldeklarasjon, "
        "No. de pedimento, Número de despacho, "
        "7501 Entry, 7501 No, Nº DI"
    ),
    "transport_mode": (
        "Delivery Mode, Delivery Method, "
        "Freight, Freight Type, Freight Method, Transport Type, Transport Method, Ship Via, Shipped Via, "
        "Via, Carriage, Conveyance, MOT, Air/Sea, Air or Sea, Transportart, Versandart, Transportmittel, "
        "Verkehrsträger, Beförderungsart, Modo de transporte, Medio de transporte, Tipo de transporte, "
        "Vía, Envío, Vía de transporte, Mode de transport, 运输方式, 运输模式, 发货方式, Вид транспорта, "
        "Способ доставки, Транспорт, Доставка, Тип транспорта, "
        "Mode, Modality, Modalidad, Modal"
    ),
    "loaded_date": (
        "Date Loaded on Board, B/L On Board Date, Loaded on Vessel, "
        "Load Date, Date of Loading, B/L Date, BL Date, Bill of Lading Date, On-Board Date, "
        "Departure Loaded, Verladedatum, Ladedatum, Verladen am, Fecha de embarque, Fecha de carga, "
        "Embarque, Data de embarque, Date de chargement, 装船日期, 装运日期, 装货日期, 装柜日期, "
        "Дата погрузки, Дата отгрузки на борт"
    ),
    "importer_of_record": (
        "Importer (IOR), US Importer, Importer of Record Name, "
        "Importing Company, Importing Entity, Importer Name (IOR), Consignee Importer, Importeur, "
        "Einführer, Anmelder, Importador, Importador registrado, Importador de registro, Importateur, "
        "进口商, 进口人, 进口商名称, Импортер, Импортёр, Импортер (IOR)"
    ),
    "customs_value": (
        "Unit Cost, Cost per Unit, Cost, Price, Cost Each, Price Each, Invoice Value, Invoice Unit Value, "
        "Invoice Price, FOB Value, FOB Price, FOB, CIF Value, Dutiable Value, Value for Duty, Customs Val, "
        "Per Unit Value, Declared Unit Value, Zollwert, Warenwert, Stückpreis, Einzelpreis, Preis, Wert, "
        "Einheitspreis, Valor en aduana, Valor aduanero, Valor unitario, Precio unitario, Precio, Valor, "
        "Costo unitario, Valor declarado, Valor aduaneiro, Valor unitário, Preço unitário, "
        "Valeur en douane, Prix unitaire, Valeur unitaire, 单价, 申报价值, 海关价值, 完税价格, 申报单价, "
        "货值, 采购单价, Таможенная стоимость, Стоимость, Цена, Цена за единицу, Цена за шт, "
        "Стоимость единицы, "
        "Declared Customs Value, Customs Declared Value, Tullvärde, Tollverdi"
    ),
    "currency": ("Curr, Währung, Moneda, Divisa, Moeda, Devise, Monnaie, 币种, 货币, Валюта, Crcy, Cur"),
    "duty_paid": (
        "Duty, Duties, Customs Duty, Tariff Cost, Duty Amount, Zoll, Zollabgaben, Bezahlter Zoll, "
        "Gezahlter Zoll, Arancel pagado, Aranceles pagados, Derechos pagados, Impuesto pagado, "
        "Droits payés, Imposto pago, 关税, 已缴关税, 已付关税, 缴纳关税, Пошлина, Уплаченная пошлина, "
        "Таможенная пошлина"
    ),
    "purchase_order": (
        "Purchase Order No, Purchase Order #, P.O. Number, P.O. #, Order No, Order #, Order ID, Order Ref, "
        "Order Reference, Procurement No, Bestellnummer, Bestell-Nr., Bestellung, Auftragsnummer, "
        "Orden de compra, Nº de orden, OC, Número de orden, Pedido, Ordem de compra, Bon de commande, "
        "Commande, 采购订单, 采购单号, 订单号, 采购订单号, 订单编号, Заказ, Номер заказа, № заказа, "
        "Заказ на поставку, "
        "Nº OC, OC N°, Número de OC"
    ),
    "us_content_percent": (
        "US Content (%), Domestic Content %, US Origin Content %, US Value Content, US Part %, 美国成分比例"
    ),
    "usmca_claim": ("USMCA Qualifying, USMCA Eligible, T-MEC, CUSMA, USMCA (Y/N)"),
    "hashrate_ths": (
        "Nominal, Nominal HR, Rated HR, "
        "TH, THs, Terahash, Terahashes, Nameplate Hashrate, Spec Hashrate, Advertised Hashrate, "
        "Nominal TH, Rated TH, Hash Power, Hashpower, Nameplate, Hashleistung, Nennhashrate, "
        "Rechenleistung, Tasa de hash, Tasa de hasheo, Potencia de hash, Hashrate nominal, Taxa de hash, "
        "Taux de hachage, Puissance de hachage, 额定算力, 标称算力, 单机算力, Хешрейт, Хэшрейт, "
        "Номинальный хешрейт, Хешрейт номинальный, Производительность, "
        "Hash, HR, "
        "Номинал, Rated Hash, Nominal Hash, Nameplate Hash, "
        "TH Each, TH per Unit"
    ),
    "power_w": (
        "Nominal Watts, Rated Watts, Nameplate Watts, Watts Nominal, "
        "W, Watt, kW, Nameplate Power, Spec Power, Max Power, Power Rating, Leistung, Nennleistung, "
        "Leistungsaufnahme, Stromverbrauch, Verbrauch, Potencia, Consumo, Consumo eléctrico, "
        "Potencia nominal, Potência, Puissance, Consommation, 功率, 额定功率, 单机功耗, 额定功耗, "
        "Мощность, Потребление, Энергопотребление, Потребляемая мощность, Номинальная мощность, "
        "Nameplate kW, Rated kW, Nominal kW, "
        "Вт, Ватт, кВт, Watts Each"
    ),
    "mac_address": (
        "Ethernet MAC Address, Miner MAC, "
        "Ethernet Address, Hardware Address, Physical Address, Network Address (MAC), MAC-Adresse, "
        "Dirección MAC, Endereço MAC, Adresse MAC, MAC地址, 网卡地址, 物理地址, MAC-адрес, МАС-адрес, "
        "МАК-адрес, МАК адрес"
    ),
    "rack": (
        "Rack Location, Shelf, Row/Rack, Cabinet, Regal, Schrank, Estante, Bastidor, Armario, Étagère, "
        "机架, 货架, 架号, 货架号, 机柜, Стойка, Стеллаж, Полка, "
        "Container, Контейнер, Contenedor, Contêiner, Conteneur, "
        "Tank, Tank No, Shelf No, Container No, "
        "Pod, Pod No"
    ),
    "position": (
        "Rack Slot, Slot No, Bay, Position in Rack, Location in Rack, Rack Unit, Platz, Stellplatz, Fach, "
        "Posición, Ranura, Posição, Emplacement rack, 机位, 位置, 槽位, Место, Позиция, Слот, Ячейка, "
        "库位"
    ),
    "notes": (
        "Memo, Misc, Miscellaneous, Observations, Info, Bemerkung, Bemerkungen, Anmerkung, Anmerkungen, "
        "Notizen, Notiz, Kommentar, Notas, Nota, Observaciones, Comentarios, Observações, Remarques, "
        "Commentaires, 说明, 注释, 附注, Примечание, Примечания, Комментарий, Комментарии, Заметки"
    ),
}
OTHER_HEADINGS: Mapping[str, tuple[str, ...]] = {
    name: tuple(heading.strip() for heading in headings.split(",")) for name, headings in _OTHERS.items()
}
