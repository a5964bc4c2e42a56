"""Questions about vendors: their facts for the engine, and who bears a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value

from ledger.written_queries import Places, WrittenQuery
from risk.engine.facts import Affiliation, ContestedOrigin, VendorFacts
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.spans import DateSpan
from vendors import models
from vendors.catalogue.files import FORMER_NAME
from vendors.catalogue.identifiers import SYSTEMS, identifier_key
from vendors.models.vendor import NAME_KEY, VendorQuerySet

_VENDORS = WrittenQuery(lambda at: models.Vendor.objects.filter(pk__in=at.ids("vendors")).order_by("pk"))


def _said_of_vendors(rows: Callable[[], QuerySet[Any]]) -> WrittenQuery[Any]:
    return WrittenQuery(lambda at: rows().filter(vendor__in=at.ids("vendors")).order_by("pk"))


_ALIASES = _said_of_vendors(models.VendorAlias.objects.of_companies)
_AFFILIATIONS = _said_of_vendors(models.Ownership.objects.affiliating)
_CONTESTED = _said_of_vendors(models.ContestedOrigin.objects.all)


def vendor_facts(vendor_ids: Iterable[int]) -> dict[int, VendorFacts]:
    """The facts of vendors by their id, in four queries however many there are."""
    ids = set(vendor_ids)
    vendors = {vendor.pk: vendor for vendor in _VENDORS.rows(vendors=ids)}
    aliases, ties, contested = (
        _rows_by_vendor(said.rows(vendors=ids)) for said in (_ALIASES, _AFFILIATIONS, _CONTESTED)
    )
    return {
        pk: VendorFacts(
            name=vendor.name,
            other_names=tuple(sorted({alias.name for alias in aliases[pk]})),
            affiliations=tuple(_affiliation(tie) for tie in ties[pk]),
            contested_origins=tuple(_contested_origin(claim) for claim in contested[pk]),
        )
        for pk, vendor in vendors.items()
    }


def contested_origins() -> dict[int, frozenset[CountryCode]]:
    """The origins that customs is reported to assert for rigs, whenever, by the maker's id; one query."""
    found: defaultdict[int, set[CountryCode]] = defaultdict(set)
    for maker_id, country in models.ContestedOrigin.objects.values_list("vendor_id", "country"):
        found[maker_id].add(CountryCode(country))
    return {maker_id: frozenset(countries) for maker_id, countries in found.items()}


def vendors_named(name: str) -> VendorQuerySet:
    """The vendors of the register that bear a name, by whatever alias, in any case."""
    by_alias = models.VendorAlias.objects.filter(name__iexact=name).values("vendor_id")
    found = models.Vendor.objects.shared().standing()
    return (found.filter(name__iexact=name) | found.filter(pk__in=by_alias)).distinct()


def vendors_found(text: str, *, operator: Any) -> VendorQuerySet:
    """The vendors that an operator may see (with None: the register's) by a part of a name or any identifier."""
    return models.Vendor.objects.visible_to(operator).standing().filter(called_so(text, operator=operator))


def called_so(text: str, *, operator: Any) -> Q:
    """Vendors with a text in a name, or as slug or identifier; without a text all."""
    if not (text := text.strip()):
        return Q()
    numbered = models.VendorIdentifier.objects.visible_to(operator).written(text).values("vendor_id")
    called = models.VendorAlias.objects.filter(name__icontains=text).values("vendor_id")
    return Q(name__icontains=text) | Q(slug=text) | Q(pk__in=called) | Q(pk__in=numbered)


def bearers_of(texts: Collection[str], *, operator: Any) -> dict[str, tuple[int, ...]]:
    """The ids of the vendors who bear each text as a name, slug or alias, else as an identifier; () for nobody.

    Visible to the operator, and standing. Three queries, which read the rows of those vendors alone. Databases differ
    in the case of letters outside ASCII: of a text with such letters `names_borne` knows more.
    """
    called = _called([text for text in texts if _has_one_case_everywhere(text)], operator)
    numbered = _numbered(texts, operator)
    return {text: tuple(sorted(called.get(folded(text)) or numbered[text])) for text in texts}


def names_borne(*, operator: Any) -> dict[str, tuple[int, ...]]:
    """The ids of the vendors who bear each name, folded: all names, slugs and aliases that the operator may see."""
    return _by_name(_EVERY_NAME.rows(operator=operator.pk), _EVERY_ALIAS.rows(operator=operator.pk))


def folded(name: str) -> str:
    """The form in which two names are compared: in any case and spacing."""
    return " ".join(name.casefold().split())


def register_ids_by_slug() -> dict[str, int]:
    """The vendors of the register by slug, which stays whatever the name becomes; that of a merged one leads to the
    other."""
    vendors = models.Vendor.objects.shared().select_related("merged_into")
    return {vendor.slug: vendor.survivor.pk for vendor in vendors}


@dataclass(frozen=True, slots=True)
class NamesOfBefore:
    """By the id of a vendor of the register: names that it had before, or that records had which were merged into it,
    and the slugs of those."""

    names: dict[int, tuple[str, ...]]
    slugs: dict[int, tuple[str, ...]]


def names_of_before() -> NamesOfBefore:
    """What the register's vendors were called before; one query."""
    told: dict[str, dict[int, tuple[str, ...]]] = {"name": {}, "slug": {}}
    for what, vendor_id, text in sorted(_BEFORE.rows()):
        told[what][vendor_id] = (*told[what].get(vendor_id, ()), text)
    return NamesOfBefore(names=told["name"], slugs=told["slug"])


def _called_before() -> QuerySet[Any, tuple[str, int, str]]:
    shared = models.VendorAlias.objects.filter(vendor__operator__isnull=True, kind=FORMER_NAME)
    names = shared.annotate(what=Value("name")).values_list("what", "vendor_id", "name")
    merged = models.Vendor.objects.shared().filter(merged_into__isnull=False)
    others = merged.annotate(what=Value("name")).values_list("what", "merged_into_id", "name")
    slugs = merged.annotate(what=Value("slug")).values_list("what", "merged_into_id", "slug")
    return names.union(others, slugs)


_BEFORE = WrittenQuery(lambda at: _called_before())


def what_is_read(vendor_ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """All of vendors that screening or exposure reads, as values that are equal while neither need look anew."""
    facts = vendor_facts(vendor_ids)
    numbers = _by_vendor(models.VendorIdentifier.objects.of_the_record(), facts)
    ties = _by_vendor(models.Ownership.objects.of_shares(), facts)
    named = _by_vendor(models.VendorAlias.objects.of_companies(), facts)
    tied = _by_vendor(models.Ownership.objects.affiliating(), facts)
    homes = dict(models.Vendor.objects.filter(pk__in=list(facts)).values_list("pk", "home_country"))
    return {
        pk: (
            each,
            homes[pk],
            sorted((row.system, row.country, row.key) for row in numbers[pk]),
            sorted(repr(row.holding()) for row in ties[pk]),
            sorted((row.name, row.country) for row in named[pk]),
            sorted((row.other_party, row.country) for row in tied[pk]),
        )
        for pk, each in facts.items()
    }


_NAMES = ("pk", "name", "slug")


def _visible(at: Places) -> VendorQuerySet:
    return models.Vendor.objects.visible_to(at("operator")).standing()


_NAMED = WrittenQuery(
    lambda at: (
        _visible(at)
        .alias(name_key=NAME_KEY)
        .filter(Q(name_key__in=at.texts("keys")) | Q(slug__in=at.texts("slugs")))
        .order_by("pk")
        .values_list(*_NAMES)
    )
)
_KNOWN_AS = WrittenQuery(
    lambda at: (
        models.VendorAlias.objects.of_companies()
        .alias(name_key=NAME_KEY)
        .filter(name_key__in=at.texts("keys"), vendor__in=_visible(at))
        .order_by("pk")
        .values_list("vendor_id", "name")
    )
)
_EVERY_NAME = WrittenQuery(lambda at: _visible(at).order_by("pk").values_list(*_NAMES))
_EVERY_ALIAS = WrittenQuery(
    lambda at: (
        models.VendorAlias.objects.of_companies()
        .filter(vendor__in=_visible(at))
        .order_by("pk")
        .values_list("vendor_id", "name")
    )
)
_NUMBERED = WrittenQuery(
    lambda at: (
        models.VendorIdentifier.objects.visible_to(at("operator"))
        .filter(key__in=at.texts("keys"), vendor__in=_visible(at))
        .values_list("system", "key", "vendor_id")
    )
)


def _called(texts: Collection[str], operator: Any) -> dict[str, tuple[int, ...]]:
    """Who bears names, folded. The database finds them by a form without spaces, which is the wider one."""
    keys, slugs = {"".join(text.split()).upper() for text in texts}, {folded(text) for text in texts}
    return _by_name(
        _NAMED.rows(operator=operator.pk, keys=keys, slugs=slugs),
        _KNOWN_AS.rows(operator=operator.pk, keys=keys),
    )


def _by_name(
    named: Iterable[tuple[int, str, str]], known_as: Iterable[tuple[int, str]]
) -> dict[str, tuple[int, ...]]:
    """Who bears each name, folded, of vendors with their names and slugs, and of aliases."""
    borne: defaultdict[str, set[int]] = defaultdict(set)
    for pk, name, slug in named:
        borne[folded(name)].add(pk)
        borne[folded(slug)].add(pk)
    for pk, name in known_as:
        borne[folded(name)].add(pk)
    return {name: tuple(sorted(ids)) for name, ids in borne.items()}


def _has_one_case_everywhere(text: str) -> bool:
    """Whether every database compares the text in any case as Python does."""
    return all(sign.isascii() or sign.casefold() == sign == sign.upper() for sign in text)


def _numbered(texts: Collection[str], operator: Any) -> dict[str, set[int]]:
    """Who bears each text as an identifier, of the register or of the operator's own systems; one query."""
    keys = {text: _identifier_keys(text) for text in texts}
    wanted = {key for pairs in keys.values() for _, key in pairs}
    bearers: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for system, key, pk in _NUMBERED.rows(operator=operator.pk, keys=wanted):
        bearers[system, key].add(pk)
    return {text: {pk for pair in pairs for pk in bearers.get(pair, ())} for text, pairs in keys.items()}


def _identifier_keys(text: str) -> list[tuple[str, str]]:
    """The text as an identifier of every system that it fits."""
    found = []
    for system in SYSTEMS:
        try:
            found.append((system, identifier_key(system, text)))
        except ValueError:
            continue
    return found


def _by_vendor(said: QuerySet[Any], vendor_ids: Iterable[int]) -> defaultdict[int, list[Any]]:
    return _rows_by_vendor(said.filter(vendor_id__in=list(vendor_ids)).order_by("pk"))


def _rows_by_vendor(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.vendor_id].append(row)
    return found


def _affiliation(tie: models.Ownership) -> Affiliation:
    dated = tie.first_date or tie.through_date
    span = DateSpan(tie.first_date or date.min, tie.through_date) if dated else None
    return Affiliation(other_party=tie.other_party, relation=tie.relation, span=span)


def _contested_origin(claim: models.ContestedOrigin) -> ContestedOrigin:
    span = DateSpan(claim.first_date, claim.through_date)
    return ContestedOrigin(country=CountryCode(claim.country), span=span, source=claim.source)
