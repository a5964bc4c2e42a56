"""The single words of headings in other languages, each with the English word that it stands for here.

So that 'Modelo da máquina', 'Модель оборудования' and 'Modèle de mineur' need no spelling of their own. Words are
without accents; one that ends in * stands for all its endings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_TONGUES: Mapping[str, str] = {
    "number": "nro nummer numer nombor номер* ном",
    "serial": "serie series serien seriell seriale сериин* серииник* заводск*",
    "serial number": "seriennummer serienummer serienr seriennr serienum numserie nserie",
    "model": "modelo modele modell modello modelos модел*",
    "type": "typ tipo тип типа",
    "name": "nombre nome nom navn naam наименован* названи*",
    "equipment": (
        "equipo equipos equipamento equipamiento equipement оборудован* устроиств* maquina maquinas maskin "
        "maskinen maschine gerat minero mineros mineur mineurs minerador mineradora маинер* асик* appareil "
        "aparato aparelho apparat аппарат* машин*"
    ),
    "machine type": "maskintype maskinmodell maschinentyp maschinenmodell utstyrstype minertype gerattyp",
    "manufacturer": (
        "fabricante fabricant hersteller produsent produttore tillverkare производител* изготовител* leverandor"
    ),
    "brand": "marca marke marque merke бренд* марка марки",
    "country": "pais pays land страна страны",
    "country origin": "opprinnelsesland ursprungsland herkunftsland origenpais",
    "country manufacture": "produksjonsland herstellungsland fertigungsland produktionsland tilvirkningsland",
    "origin": "origen origem origine ursprung opprinnelse herkunft происхожден*",
    "assembly": "ensamblaje ensamble ensamblado montaje montagem assemblage montage montering сборк*",
    "manufacture": (
        "fabricacion fabricacao fabrication produksjon produccion producao herstellung производств* изготовлен*"
    ),
    "date": "fecha data datum dato дата даты",
    "entry": "entrada ingreso entree",
    "import": "importacion importacao importation innforsel einfuhr ввоз* импорта импорт",
    "import date": "importdato innforselsdato einfuhrdatum importdatum",
    "clearance": "dedouanement nacionalizacion desembaraco растамож* fortolling",
    "value": "valor valeur wert verdi стоимост*",
    "price": "precio preco prix preis pris цена цены",
    "customs": "aduana aduanero aduanera aduaneiro aduaneira douane douanier zoll toll таможен*",
    "duty": "arancel aranceles droits tollavgift пошлин*",
    "paid": "pagado pagados pagada pago payes payee bezahlt betalt уплачен*",
    "unit": "unitario unitaria unitaire unidad unidade unite einheit enhet ед единиц* шт штук* stk pieza peca",
    "quantity": (
        "cantidad cant quantidade qtd qtde quantite qte anzahl antall menge stuckzahl кол колво количеств*"
    ),
    "site": (
        "sitio ubicacion localizacion localizacao emplacement standort lokasjon lokalitet plassering площадк* "
        "локаци* местоположен* anlegg anlage sede predio instalacion instalacao"
    ),
    "warehouse": "almacen deposito armazem entrepot lager склад* whse wh",
    "status": "estado situacion situacao statut etat статус* driftsstatus tilstandstatus",
    "operation": "operacion operativo operacional operacao drift эксплуатац* работы",
    "power": "potencia puissance leistung effekt effekten мощност*",
    "consumption": "consumo consommation verbrauch forbruk потреблен* энергопотреблен*",
    "hash": "hachage hasheo hashing хеш хэш",
    "hashrate": "хешреит* хэшреит* hashleistung",
    "rate": "tasa taxa taux",
    "nominal": "nominale nominell nenn номинальн* паспортн*",
    "address": "direccion endereco adresse адрес*",
    "mac": "мас мак",
    "mac address": "macadresse macaddress",
    "rack": "bastidor стоик* стеллаж* regal",
    "position": "posicion posicao posisjon plass позици* место места ячеик*",
    "container": "contenedor conteiner conteneur контеинер*",
    "notes": (
        "observacion observaciones observacao observacoes remarque remarques merknad merknader merknadene "
        "bemerkung bemerkungen anmerkung примечан* commentaire commentaires kommentar kommentarer comentario "
        "comentarios nota notas комментари* заметк*"
    ),
    "importer": "importador importadora importateur importeur importor импортер*",
    "declaration": "declaracion declaracao deklaration deklarasjon деклараци*",
    "currency": "moneda moeda devise valuta wahrung валюта",
    "transport": "transporte транспорт* frakt",
    "expected": "previsto prevista estimado estimada prevu prevue estime ventet ожидаем* планов* предполагаем*",
    "arrival": "llegada chegada arrivee ankomst ankunft прибыти*",
}


@cache
def in_english(word: str) -> tuple[str, ...]:
    """The English words that a word stands for; itself where it is not known."""
    if told := _whole_words().get(word):
        return told
    stem = next((stem for stem in _stems() if word.startswith(stem)), None)
    return _stems()[stem] if stem else (word,)


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
