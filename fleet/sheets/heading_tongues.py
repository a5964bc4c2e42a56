"""The single words of headings in other languages, each with the English word that it stands for here.

So that 'Modelo da máquina', 'Модель оборудования' and 'Modèle de mineur' need no spelling of their own. Words are
without accents; one that ends in * stands for all its endings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_TONGUES: Mapping[str, str] = {
    "number": "nro nummer numer nombor номер* ном",
    "serial": "seryjny serie series serien seriell seriale сериин* серииник* заводск*",
    "serial number": "sarjanumero seriennummer serienummer serienr seriennr serienum numserie nserie",
    "model": "malli modelu modelo modele modell modello modelos модел*",
    "type": "typ tipo тип типа",
    "name": "nombre nome nom navn naam наименован* названи*",
    "equipment": (
        "equipo equipos equipamento equipamiento equipement оборудован* устроиств* maquina maquinas maskin "
        "maskinen maschine gerat minero mineros mineur mineurs minerador mineradora маинер* асик* appareil "
        "aparato aparelho apparat аппарат* машин*"
    ),
    "machine type": "maskintype maskinmodell maschinentyp maschinenmodell utstyrstype minertype gerattyp",
    "manufacturer": (
        "constructeur valmistaja producent fabricante fabricant hersteller produsent produttore "
        "tillverkare fabrikant fabrikat "
        "производител* изготовител* вендор* leverandor"
    ),
    "brand": "marca marke marque merke бренд* марка марки",
    "country": "paese kraj maa pais pays land страна страны",
    "country origin": "alkuperamaa opprinnelsesland ursprungsland herkunftsland origenpais",
    "country manufacture": "produksjonsland herstellungsland fertigungsland produktionsland tilvirkningsland",
    "origin": (
        "herkomst provenienza pochodzenia procedencia provenance origen origem origine ursprung "
        "opprinnelse herkunft происхожден*"
    ),
    "assembly": "ensamblaje ensamble ensamblado montaje montagem assemblage montage montering сборк*",
    "manufacture": (
        "fabricacion fabricacao fabrication produksjon produccion producao herstellung производств* изготовлен*"
    ),
    "date": "fecha data datum dato дата даты",
    "entry": "entrada ingreso entree",
    "import": "importazione invoer importacion importacao importation innforsel einfuhr ввоз* импорта импорт",
    "import date": "importdato innforselsdato einfuhrdatum importdatum",
    "clearance": "dedouanement nacionalizacion desembaraco растамож* fortolling",
    "value": "valore waarde arvo valor valeur wert verdi стоимост*",
    "price": "precio preco prix preis pris цена цены",
    "customs": "dogana aduana aduanero aduanera aduaneiro aduaneira douane douanier zoll toll таможен*",
    "duty": "arancel aranceles droits tollavgift пошлин*",
    "paid": "pagado pagados pagada pago payes payee bezahlt betalt уплачен*",
    "unit": "unitario unitaria unitaire unidad unidade unite einheit enhet ед единиц*",
    "pcs": "шт штук* stk stuck pieza piezas peca pecas unidades unid uds ud",
    "quantity": (
        "quantita aantal maara ilosc cantidad cant quantidade qtd qtde quantite qte anzahl antall "
        "menge stuckzahl кол колво количеств*"
    ),
    "site": (
        "sito locatie sijainti lokalizacja sitio ubicacion localizacion localizacao emplacement "
        "standort lokasjon lokalitet "
        "plassering plats anlaggning площадк* "
        "локаци* местоположен* расположен* размещен* anlegg anlage sede predio instalacion instalacao"
    ),
    "warehouse": "almacen deposito armazem entrepot lager склад* whse wh magasin",
    "status": "stato tila estatus estado situacion situacao statut etat статус* driftsstatus tilstandstatus",
    "operation": (
        "exploitation operationnel operationnelle operacion operativo operacional operacao drift "
        "эксплуатац* работы"
    ),
    "power": "potenza vermogen teho moc potencia puissance leistung effekt effekten мощност*",
    "consumption": "consumo consommation verbrauch forbruk потр потреблен* энергопотреблен*",
    "hash": "hachage hasheo hashing хеш хэш",
    "hashrate": "хешреит* хэшреит* hashleistung hashhastighet hashpower hashkraft",
    "rate": "tasa taxa taux hastighet",
    "nominal": "nominale nominell nenn номинал* паспортн*",
    "address": "indirizzo direccion endereco adresse адрес*",
    "mac": "мас мак",
    "mac address": "macadresse macaddress",
    "rack": "baie bastidor стоик* стеллаж* regal",
    "position": "posicion posicao posisjon plass позици* место места мест ячеик*",
    "container": "contenedor conteiner conteneur контеинер*",
    "notes": (
        "opmerkingen opmerking huomautus uwagi observacion observaciones observacao observacoes "
        "remarque remarques merknad merknader "
        "merknadene anteckning anteckningar "
        "bemerkung bemerkungen anmerkung примечан* commentaire commentaires kommentar kommentarer comentario "
        "comentarios nota notas комментари* заметк*"
    ),
    "importer": "importador importadora importateur importeur importor импортер*",
    "declaration": "declaracion declaracao deklaration deklarasjon деклараци*",
    "currency": "moneda moeda devise valuta wahrung валюта",
    "transport": "transporte транспорт* frakt",
    "expected": "previsto prevista estimado estimada prevu prevue estime ventet ожидаем* планов* предполагаем*",
    "arrival": "arribo arrivo llegada chegada arrivee ankomst ankunft прибыти*",
    "description": "descripcion descricao beschreibung beskrivelse beskrivning designation описани*",
    "product": "товар* mercancia mercadoria ware varen produkt producto produto produit",
    "mining": "mineria mineracao minage minado маининг*",
    "farm": "ferme finca fazenda granja ферма фермы",
    "condition": "condicion condicao zustand tilstand skick",
}
# Chinese and Japanese headings have no spaces between their words.
_UNSPACED: Mapping[str, str] = {
    "序列号": "serial number",
    **dict.fromkeys(("机器序号", "设备序号", "产品序号", "序号SN"), "serial number"),
    "耗电": "power",
    "位址": "address",
    "地点": "site",
    "编号": "number",
    "编码": "code",
    "型号": "model",
    "机型": "model",
    "品牌": "brand",
    "厂商": "manufacturer",
    "制造商": "manufacturer",
    "算力": "hashrate",
    "功耗": "power",
    "功率": "power",
    "额定": "nominal",
    "地址": "address",
    "数量": "quantity",
    "台数": "quantity",
    "矿场": "site",
    "场地": "site",
    "机房": "site",
    "仓库": "warehouse",
    "机架": "rack",
    "货架": "rack",
    "状态": "status",
    "运行": "operation",
    "设备": "equipment",
    "机器": "equipment",
    "矿机": "equipment",
    "备注": "notes",
    "说明": "notes",
    "网口": "ethernet",
    "日期": "date",
    "原产": "origin",
    "产地": "origin",
    "组装": "assembly",
    "国家": "country",
    "海关": "customs",
    "报关": "customs declaration",
    "进口": "import",
}
# Traditional characters of headings, and the simplified ones.
_SIMPLER = str.maketrans(
    "設備型號機產數點電國備註狀態運進關編碼廠商場額組裝礦櫃倉庫單價幣稅貨輸採購訂據證總時間",
    "设备型号机产数点电国备注状态运进关编码厂商场额组装矿柜仓库单价币税货输采购订据证总时间",
)
# The ends of words that German, Dutch and Scandinavian write together.
_SECOND_PARTS: Mapping[str, str] = {
    "land": "country",
    "nummer": "number",
    "nr": "number",
    "datum": "date",
    "dato": "date",
    "wert": "value",
    "verdi": "value",
    "varde": "value",
    "preis": "price",
    "pris": "price",
    "adresse": "address",
    "adress": "address",
    "status": "status",
    "beteckning": "",
    "bezeichnung": "",
    "betegnelse": "",
}
_FIRST_PARTS: Mapping[str, str] = {
    **dict.fromkeys(("serien", "serie"), "serial"),
    **dict.fromkeys(("modell", "model"), "model"),
    **dict.fromkeys(("ursprung", "opprinnelse", "oprindelse", "herkunft"), "origin"),
    **dict.fromkeys(
        ("tillverkning", "produksjon", "produktion", "fertigung", "herstellung", "fremstillings"),
        "manufacture",
    ),
    **dict.fromkeys(("montage", "monterings"), "assembly"),
    **dict.fromkeys(("import", "einfuhr", "innforsel"), "import"),
    **dict.fromkeys(("zoll", "toll", "tull"), "customs"),
    **dict.fromkeys(("stuck", "einzel", "einheit", "stykk", "enhet"), "unit"),
    **dict.fromkeys(("drift", "betrieb", "gerate"), "operation"),
    "mac": "mac",
}


@cache
def in_english(word: str) -> tuple[str, ...]:
    """The English words that a word stands for; itself where it is not known."""
    if told := _whole_words().get(word):
        return told
    if stem := next((stem for stem in _stems() if word.startswith(stem)), None):
        return _stems()[stem]
    return _taken_apart(word) or (word,)


def spaced(heading: str) -> str:
    """The heading with the words of a script without spaces in English, each by itself."""
    if heading.isascii():
        return heading
    heading = heading.translate(_SIMPLER)
    for word, english in _UNSPACED.items():
        heading = heading.replace(word, f" {english} ")
    return heading


def _taken_apart(word: str) -> tuple[str, ...]:
    """'Ursprungsland' as (origin, country); empty where its parts are not known."""
    for end, second in _SECOND_PARTS.items():
        start = word.removesuffix(end)
        if start != word and (first := _FIRST_PARTS.get(start) or _FIRST_PARTS.get(start.removesuffix("s"))):
            return (first, *second.split())
    return ()


@cache
def _whole_words() -> Mapping[str, tuple[str, ...]]:
    return {word: english for word, english in _said() if not word.endswith("*")}


@cache
def _stems() -> Mapping[str, tuple[str, ...]]:
    """The longest first, so that the more exact one is found."""
    stems = {word[:-1]: english for word, english in _said() if word.endswith("*")}
    return dict(sorted(stems.items(), key=lambda stem: -len(stem[0])))


def _said() -> list[tuple[str, tuple[str, ...]]]:
    return [(word, tuple(english.split())) for english, words in _TONGUES.items() for word in words.split()]
