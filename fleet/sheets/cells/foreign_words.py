"""Countries, statuses and ways of transport as sheets in other languages name them.

country_names.csv: the names that Unicode CLDR has (by babel 2.19.0) in Spanish, Portuguese, French, German,
Italian, Dutch, Norwegian, Swedish, Danish, Finnish, Turkish, Russian, Ukrainian, Kazakh and Chinese, without those
that are English for another country or mean two. Here stand short and other names of countries where rigs are
made, moved and mined.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from risk.engine.terms.rigs import RigStatus, TransportMode

_TABLE = Path(__file__).with_name("country_names.csv")
_COUNTRIES = {
    "CN": (
        "kina, 中国, 中國, китай, кнр, volksrepublik china, chine, república popular china, 中国大陆, "
        "中华人民共和国"
    ),
    "MY": "馬來西亞, малайзия, malasia, malaisie, malásia, 马来西亚, 大马",
    "TH": "泰國, thailand, таиланд, тайланд, tailandia, thaïlande, tailândia, 泰国",
    "ID": "印度尼西亞, индонезия, indonesien, indonésie, indonésia, 印度尼西亚, 印尼",
    "VN": "вьетнам, vietnã, 越南",
    "US": (
        "amerikas forente stater, etats-unis, соединенные штаты, сша, vereinigte staaten, estados unidos, ee. uu., "
        "eeuu, ee.uu., états-unis, eua, 美国"
    ),
    "TW": "taiwan, тайвань, taiwán, taïwan, 台湾, 中国台湾",
    "HK": "гонконг, hongkong, 香港, 中国香港",
    "SG": "singapore, сингапур, singapur, singapour, singapura, 新加坡",
    "KR": "sør-korea, sydkorea, южная корея, корея, südkorea, corea del sur, corée du sud, coreia do sul, 韩国",
    "JP": "япония, japón, japon, japão, 日本",
    "RU": "ryssland, rússia, российская федерация, россия, рф, russland, rusia, russie, 俄罗斯",
    "KZ": "казахстан, kasachstan, kazajistán, 哈萨克斯坦",
    "CA": "canada, канада, kanada, canadá, 加拿大",
    "MX": "mexico, мексика, mexiko, méxico, mexique, 墨西哥",
    "BR": "бразилия, brasilien, brasil, brésil, 巴西",
    "PY": "парагвай, 巴拉圭",
    "AR": "аргентина, argentinien, argentine, 阿根廷",
    "DE": "tyskland, alemania, германия, deutschland, alemania, allemagne, alemanha, 德国",
    "NO": "norge, норвегия, norwegen, noruega, norvège, 挪威",
    "SE": "sverige, швеция, schweden, suecia, suède, 瑞典",
    "IS": "исландия, island, islandia, islande, 冰岛",
    "ET": "эфиопия, äthiopien, etiopía, éthiopie, 埃塞俄比亚",
    "AE": "оаэ, vae, emiratos árabes unidos, émirats arabes unis, 阿联酋",
    "OM": "оман, omán, 阿曼",
    "IN": "индия, indien, inde, 印度",
    "LA": "лаос, 老挝",
    "PH": "филиппины, philippinen, filipinas, 菲律宾",
}
_STATUSES = {
    RigStatus.ON_ORDER: (
        "bestellt, pedido, encargado, en pedido, commandé, 已订购, 订购中, 已下单, заказан, заказано, в заказе"
    ),
    RigStatus.IN_TRANSIT: (
        "unterwegs, en tránsito, en transito, en camino, en transit, em trânsito, 运输中, 在途, в пути"
    ),
    RigStatus.STORED: (
        "қоймада, på lager, em estoque, estoque, em depósito, en depósito, depósito, en stock, en entrepôt, "
        "entreposé, desligado, desligada, apagado, выключен, хранение, eingelagert, lager, auf lager, almacenado, "
        "en almacén, stocké, 库存, 在库, 仓库, на складе, склад"
    ),
    RigStatus.DEPLOYED: (
        "жұмыс істейді, жұмыс істеп тұр, жұмыста, қосулы, орнатылған, in betrieb, aktiv, betrieb, en operación, "
        "en operacion, operativo, activo, instalado, en service, ativo, operativa, operacional, en funcionamiento, "
        "en marcha, funcionando, em operação, em funcionamento, ligado, ligada, i drift, aktiv drift, driftsatt, "
        "en fonction, en marche, actif, в эксплуатации, включен, онлайн, майнит, 运行中, 运行, 在线, 已上架, "
        "已部署, в работе, работает, активен, установлен, запущен"
    ),
    RigStatus.REPAIR: (
        "жөндеуде, til reparasjon, reparasjon, em reparo, em manutenção, manutenção, conserto, avariado, "
        "en mantenimiento, mantenimiento, averiado, en panne, на ремонте, неисправен, сломан, reparatur, "
        "in reparatur, defekt, en reparación, reparación, en réparation, 维修, 维修中, 返修, в ремонте, ремонт"
    ),
    RigStatus.RETIRED: (
        "ute av drift, utrangert, fora de uso, fuera de uso, fuera de servicio, hors service, désactivé, "
        "ausgemustert, stillgelegt, retirado, dado de baja, retiré, 报废, 已退役, 退役, списан, списано"
    ),
    RigStatus.SOLD: "verkauft, vendido, vendu, 已售, 已出售, продан, продано",
}
_TRANSPORTS = {
    TransportMode.AIR: (
        "luft, luftfracht, flugzeug, flug, aéreo, aereo, avión, aérien, avion, 空运, 航空, авиа, самолет, "
        "воздушный"
    ),
    TransportMode.VESSEL: (
        "see, seefracht, schiff, marítimo, maritimo, barco, mar, maritime, bateau, 海运, 船运, море, морской, "
        "морем"
    ),
    TransportMode.TRUCK: (
        "lkw, straße, lastwagen, terrestre, camión, camion, carretera, routier, 陆运, 卡车, 汽运, авто, "
        "автотранспорт"
    ),
    TransportMode.RAIL: ("bahn, zug, schiene, ferrocarril, ferroviario, tren, 铁路, 火车, жд, ж/д, поезд"),
}


_SIMPLIFIED = str.maketrans(
    "產號廠數組裝倉庫單價預計貨運輸備註礦場機櫃額關報編碼稅國狀態網幣種進業類電壓線銷維壞賣訂購陸鐵車飛項",
    "产号厂数组装仓库单价预计货运输备注矿场机柜额关报编码税国状态网币种进业类电压线销维坏卖订购陆铁车飞项",
)
_Meant = TypeVar("_Meant")


def _by_word(said: Mapping[_Meant, str]) -> dict[str, _Meant]:
    return {word.strip(): meant for meant, words in said.items() for word in words.split(",")}


@cache
def countries() -> Mapping[str, str]:
    """The code of each name, which is folded."""
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        rows = [(row["alpha_2"], row["names"].split(";")) for row in csv.DictReader(stream)]
    said = [*rows, *((code, words.split(", ")) for code, words in _COUNTRIES.items())]
    return {folded_name(name): code for code, names in said for name in names if name}


def simplified(text: str) -> str:
    """Traditional Chinese characters of fleet sheets as simplified ones."""
    return text.translate(_SIMPLIFIED)


def folded_name(text: str) -> str:
    """A name without case, accents, spaces and marks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]", "", "".join(letter for letter in apart if not unicodedata.combining(letter)))


STATUSES: Mapping[str, RigStatus] = _by_word(_STATUSES)
TRANSPORTS: Mapping[str, TransportMode] = _by_word(_TRANSPORTS)
