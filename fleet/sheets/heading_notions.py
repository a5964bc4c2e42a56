"""What the words of headings stand for, in the languages of the places where rigs are made, sold and run.

English, Spanish, Portuguese, French, German, Norwegian, Swedish, Russian, Kazakh, Chinese; a little Italian,
Dutch, Turkish and Finnish. A word that ends in * is a beginning of words; case and accents do not matter.
`nothing` are words that say nothing of their own, `stranger` words that make a heading something which is none
of our columns, `live` words for figures of the moment, `worth` for values other than that at customs.
"""

from __future__ import annotations

from collections.abc import Mapping

HEADING_NOTIONS: Mapping[str, str] = {
    "serial": (
        "serienummer seriale matricola seri sarjanumero serial serials sn serie series séries série serien serienr "
        "seriennr sernr serienummer серийн* серия зав заводск* сериялық 序列 序列号 串号 机身号 sn号 sn码"
    ),
    "label": "label sticker plate 标签",
    "number": (
        "numara numarası nro number no num nr nbr nro núm número numéro numero nummer номер номера ном нөмірі "
        "нөмір 号 编号 号码 id ref reference referencia referência référence"
    ),
    "code": "code codigo código kode kod код коды 编码 代码 码 classification clasificación",
    "model": (
        "mod modello malli model models modell modelo modelos modèle модель модели моделі үлгі үлгісі 型号 机型 "
        "款式 规格 sku"
    ),
    "type": "type typ tipo tipos тип түрі 类型 种类 category categoría categoria catégorie",
    "equipment": (
        "equip mach equipamento equipamentos maquinaria apparaat toestel apparecchio macchina cihaz makine laite "
        "kone artículos articolo goods mercancía mercadería mercadoria marchandise varer vara ware miner rig "
        "machine asic device unit hardware equipment equipo minero maquina máquina minerador mineradora appareil "
        "machine mineur équipement gerät maschine maskin utstyr enhet майнер майнера асик асика устройств* "
        "оборудован* құрылғы жабдық 矿机 机器 设备 主机 product produit producto produto produkt item artikel "
        "article artículo материал товар* 货品 产品 商品"
    ),
    "equipment_many": (
        "items miners rigs machines asics devices units pcs pieces equipos mineros máquinas mineradoras appareils "
        "mineurs geräte maschinen maskiner enheter майнеров асиков устройств машин"
    ),
    "name": "name nombre nome nom navn namn наименован* назван* атауы 名称 designation designación désignation",
    "description": (
        "номенклатур* descrizione omschrijving açıklama kuvaus desc descr description descripción descrição "
        "beskrivelse beschreibung bezeichnung описан* сипаттама* 描述 品名"
    ),
    "maker": (
        "productor produttore marchio fabrikant üretici valmistaja 厂牌 manufacturer maker make brand oem mfr mfgr "
        "manuf manufacturers fabricante fabricant manufacturier constructeur marca marque hersteller produsent "
        "produzent tilverkare tillverkare märke merke производител* изготовител* бренд* марка вендор өндіруші 品牌 "
        "厂商 厂家 厂牌 制造商 生产商"
    ),
    "country": (
        "paese maa ülke country ctry cntry pais país pays land страна страны ел елі мемлекет 国 国家 国别 nation "
        "nationality"
    ),
    "origin": (
        "oorsprong herkomst menşe alkuperä origin origins orig coo origen origem origine herkunft ursprung "
        "opprinnelse ursprungs происхожд* происх шығу шыққан шығарылған 原产 产地 原产地 原产国 货源地"
    ),
    "assembly": (
        "monterad monterat assembly assembled asm assy ensamblaje ensamble ensamblado montaje montado montagem "
        "montado assemblage assemblé montage montering montert сборк* собран* құрастыр* жиналған 组装 组装地 "
        "组装国 装配"
    ),
    "made": (
        "hecho elaborado fabbricato fabbricazione produzione gemaakt üretim valmistus laget mfr mfgr manuf "
        "производител* изготовител* mfd mfctd made manufacture manufactured manufacturing mfg production produced "
        "producción produção fabricación fabricado fabricação fabrication fabriqué herstellung hergestellt "
        "fertigung produksjon produsert tillverkning built изготовлен* производств* произведен* өндірілген 制造 "
        "生产 生产地 制造地"
    ),
    "board": (
        "hashboard hashboards hb board boards placa placas plaquette carte cartes hashplate hashkort плат* "
        "хешплат* хэшплат* 算力板 运算板"
    ),
    "us": "us usa",
    "content": "content contenido conteúdo contenu",
    "usmca": "usmca cusma tmec aceum",
    "date": (
        "pvm päivämäärä tarih date dt day dates fecha fechas data dato datum день дата даты күні күн 日期 时间 日 "
        "fch fec"
    ),
    "entry": (
        "förtullning förtullnings fortullad sdoganamento importazione inklaring ithalat gümrükleme tullaus entry "
        "entered entries cleared clearance import imported importation importación importação importado "
        "nacionalización nacionalizado oficialización despacho desembaraço desaduanamiento ingreso entrada "
        "internación dédouanement dédouané entrée innførsel import importert fortolling fortollet tollklarering "
        "tollbehandling einfuhr verzollung verzollt ввоз* импорт* растамож* очистк* оформлен* 进口 入关 报关 清关 "
        "入境 通关 кедендік әкелу"
    ),
    "import": "importing imp importland einfuhrland",
    "customs": (
        "customs cbp cust aduana aduanas aduanero aduanera aduaneiro aduaneira alfândega douane douanier douanière "
        "toll tull zoll таможен* тамож кеден* 海关 关务"
    ),
    "declaration": (
        "decl declaration declarations summary 7501 pedimento dua duimp sad mrn transaction b3 declaración "
        "declaração déclaration deklarasjon anmeldung zollanmeldung декларац* дт гтд 报关单 报关单号 декларация*"
    ),
    "hts": (
        "hts htsus hs ncm taric sh тн тнвэд вэд tariffnummer warennummer zolltarif zolltarifnummer hsn statnummer "
        "税号 商品编码 税则 海关编码 hs编码"
    ),
    "tariff": (
        "tariff harmonized harmonised schedule arancelaria arancelario arancel tarifaire tariffs tolltariff 税则号"
    ),
    "commodity": "commodity comm commod",
    "expected": (
        "expected est estimated exp planned anticipated projected eta estimada estimado esperada prevista previsto "
        "previsão prévue prévu estimée forventet planlagt beräknad voraussichtlich* erwartet* ожида* планов* план "
        "прогноз* күтілетін жоспарлы* 预计 预期 计划 预估"
    ),
    "eta": "eta",
    "arrival": (
        "arrival arrives arrive arr delivery llegada arribo entrega chegada arrivée livraison ankomst levering "
        "ankunft lieferung прибыт* приход* поступлен* поставк* доставк* келу 到货 到港 抵达 交货 到达"
    ),
    "loaded": (
        "loaded loading laden lading embarque carga carregamento chargement embarquement lasting lastet verladung "
        "verladen погрузк* отгрузк* тиеу 装船 装运 装货 装柜 发运"
    ),
    "vessel": "vessel ship buque navire schiff skip судн* борт 船",
    "importer": (
        "importer ior importador importadora importateur importeur importør importör einführer импортер* импортёр* "
        "进口商 进口人 进口方"
    ),
    "duty": (
        "duty duties arancel aranceles impuesto imposto droit droits zollabgabe* avgift пошлин* баж 关税 税额 税款"
    ),
    "paid": "paid pd pagado pagados pago pagos payé payés betalt bezahlt gezahlt уплачен* төленген 已缴 已付",
    "purchase": (
        "purchase purch procurement compra compras achat achats beschaffung innkjøp inköp закупк* сатып 采购"
    ),
    "po": "po oc bestellnummer bestellung",
    "order": (
        "order orden pedido ordem commande bestilling bestell bestellung auftrag ordre заказ* заявк* тапсырыс 订单"
    ),
    "currency": "currency ccy curr moneda divisa moeda devise monnaie valuta währung валют* валюта 币种 货币",
    "value": (
        "valore waarde değer arvo себестоимост* value val valor valeur verdi värde wert стоимост* құны 价值 货值 "
        "完税价格 acquis acquisition adquisición"
    ),
    "price": (
        "prezzo prijs fiyat hinta price cost costs precio preço costo custo coste prix coût pris kostnad preis "
        "kosten цена цены бағасы баға 单价 价格 售价 报价 成本 单位成本 fob cif exw ddp"
    ),
    "total": (
        "total totals extended ext subtotal line sum amount importe montant suma somme summe gesamt gesamtwert "
        "totalt sum сумм* итог* всего общ* жалпы барлығы 总 总价 总额 合计 总计 总值"
    ),
    "transport": (
        "transport transportation freight frete flete fret transporte carriage conveyance mot shipping shipment "
        "frakt fracht beförderung versand транспорт* перевозк* тасымал* 运输 货运 物流"
    ),
    "shipped": "shipped ship envío envio envoi enviado sendt via 发货",
    "mode": "mode method modo modalidad modalidade medio meio måte art вид способ 方式 模式",
    "quantity": (
        "quantità aantal hoeveelheid adet miktar määrä quantity qty qnty count cantidad cant quantidade qtd qtde "
        "quantité qté antall antal anzahl menge stückzahl количеств* кол колво шт штук саны дана 数量 台数 件数 "
        "个数"
    ),
    "hashrate": (
        "hashrate hash hashing hashpower hr hashleistung hasheo hachage hashkraft hashytelse rechenleistung "
        "хешрейт* хэшрейт* хеш хэш 算力 terahash terahashes"
    ),
    "power": (
        "potenza consumo vermogen verbruik güç teho power pwr wattage watts watt consumption draw potencia "
        "potência consumo puissance consommation effekt forbruk strømforbruk leistung stromverbrauch "
        "leistungsaufnahme verbrauch effektforbruk förbrukning мощност* потреблен* энергопотреблен* потребляем* "
        "қуат* тұтыну 功耗 功率 耗电"
    ),
    "status": (
        "stato durum tila läge tilanne status state estado estatus statut état situação situación situation "
        "tilstand driftsstatus состоян* статус* күйі жағдайы мәртебесі 状态 情况"
    ),
    "place": (
        "centro center hub situs premises ranch room zone hébergement bâtiment terreno parque emplaza locatie "
        "vestiging sede sito impianto magazzino ubicazione tesis konum depo saha sijainti laitos varasto område "
        "galpón predio granero nave barn shed bâtiment lokal where site location loc locn facility plant warehouse "
        "yard building bldg campus farm datacenter datacentre sitio ubicación sede planta nave emplazamiento "
        "instalación predio granja localidad bodega depósito almacén local localidade localização unidade galpão "
        "armazém emplacement lieu centre usine entrepôt standort anlage halle rechenzentrum lager lagerort sted "
        "anlegg lokasjon lokalitet datasenter hall anläggning plats площадк* локаци* местоположен* мест* объект* "
        "склад* цод дата-центр датацентр ферма орналасқан орны орын алаң* қойма* 场地 场区 站点 机房 矿场 仓库 仓 "
        "地点 所在地 存放地 存放 园区 位于"
    ),
    "rack": (
        "baie rayon armadio scaffale kast kabin teline hylla stativ fila rack racks shelf cabinet tank container "
        "estantería estante bastidor armario prateleira étagère armoire reol hylle skap regal schrank стойк* "
        "стеллаж* полк* контейнер* ряд сөре 机架 货架 机柜 架号 集装箱"
    ),
    "position": (
        "hueco casilla posizione positie konumu paikka fack hylleplass 层位 position slot bay bin pos posición "
        "ranura puesto posição vaga ranhura fente plass platz fach stellplatz позици* слот* ячейк* 槽位 机位 库位 "
        "位置"
    ),
    "mac": "мас мак-адрес mac маc мак 网卡 物理地址",
    "notes": (
        "osservazioni opmerkingen notlar huomautus anteckning* прим notes note comment comments remark remarks "
        "memo notas nota observación observaciones obs comentario comentarios observação observações remarque "
        "remarques commentaire commentaires merknad merknader kommentar bemerkung* anmerkung* notiz notizen "
        "примечан* комментар* ескертпе ескерту түсініктеме 备注 说明 附注 注释"
    ),
    "destination": "destination destino destinasjon bestimmung назначен* destino 目的 межелі",
    "percent": "percent pct percentage porcentaje porcentagem pourcentage prosent prozent процент* 比例 百分比",
    "port": "port puerto porto hafen порт havn 港口 口岸",
    "person": "manager contact owner responsable gerente encargado person employee custodian",
    "efficiency": (
        "efficiency eff eficiencia eficiência efficacité rendement effektivitet effizienz энергоэфф* эфф* 能效 "
        "能效比 功耗比"
    ),
    "perhash": "perhash",
    "energy": "energy kwh electricity electric energía energia énergie",
    "worth": (
        "book depreciation depreciated insurance insured replacement market residual liquidation appraised resale "
        "scrap salvage monthly deposit reserve repair mercado residual contable libro contábil marknad marked "
        "рыночн* балансов* остаточн* залог 账面 残值 押金 净值"
    ),
    "live": (
        "live rt realtime average avg now instant uptime elapsed 5m 24h last measured moyen moyenne средн* 实时 "
        "当前算力 平均"
    ),
    "stranger": (
        "изм wrong reason psu fan fans chip chips firmware fw version versión versão ip ipaddress hostname gateway "
        "netmask dns url pool worker temp temperature temperatura température температур* 温度 warranty garantía "
        "garantia garantie garanti гаранти* кепілдік 保修 phone email telephone tracking invoice factura fatura "
        "facture faktura rechnung счет счёт инвойс 发票 pallet carton crate year month age año ano année jahr år "
        "год жыл height width weight vekt peso poids gewicht вес 重量 volume supplier proveedor fornecedor "
        "fournisseur lieferant leverandør поставщик* продавец* 供应商 seller buyer vendor customer client cliente "
        "kunde клиент* 客户 asset acq acquisition capitalised capitalized мест batch 批次 批次号 lote los "
        "condition bedingung zustand driver algo algorithm алгоритм* measure medida medición мера 计量 noise "
        "voltage volt amps inventory инв инвентарн* цвет color"
    ),
    "unit_hash": "th ths ph phs gh ghs mh mhs тх тхс",
    "unit_power": "kw вт квт 瓦 千瓦",
    "unit_letter": "w t",
    "rated": "nameplate rated nominal",
    "nothing": (
        "spec specified standard nominell номинальн* номин 额定 标称 理论 declared decl declarado declarada "
        "déclaré déclarée deklarert заявленн* деклар 申报 unitario unitaria unitário unitária unit unitaire enhets "
        "ед единиц* штуку per each ea 单台 单机 每台 台 final full official actual current actuel текущ* ағымдағы "
        "当前 wall op operating operational operativo drift drifts lifecycle deployment activo ativo actif físico "
        "fisico física physical physique installed установки usd us dollar dollars долл 美元 含税 不含税 eur euro "
        "gbp cny rmb cad aud kzt rub руб pyg brl nok sek kr reais lot box line mining hosting hosted bitcoin btc "
        "майнинга mineração minería system technical object doc address dirección endereço adresse адрес addr al "
        "du des do dos das le les l d para por pro og for till med und y e et и в на за по с для от к не со av og "
        "i"
    ),
}
