"""The words of an exported memory, in four languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aisle.messages.memory import FactKind, Language, Purpose, Reason, Source


@dataclass(frozen=True, slots=True)
class MemoryWords:
    """One language; the names of enumerated things by their values."""

    title: str
    told: str
    consents: str
    facts: str
    accesses: str
    nothing: str
    given: str
    not_given: str
    kept_until: str
    product: str
    names: Mapping[str, str]


def _names(purposes: str, kinds: str, sources: str, reasons: str) -> dict[str, str]:
    """Name the members of each enumeration in their order."""
    texts = ((Purpose, purposes), (FactKind, kinds), (Source, sources), (Reason, reasons))
    return {
        f"{kind.__name__}.{member.value}": text
        for kind, line in texts
        for member, text in zip(kind, line.split("|"), strict=True)
    }


WORDS: Mapping[Language, MemoryWords] = {
    Language.DE: MemoryWords(
        title="Was sich der Laden gemerkt hat",
        told="Stand",
        consents="Einwilligungen",
        facts="Gemerktes",
        accesses="Wer hat nachgesehen",
        nothing="nichts",
        given="erlaubt",
        not_given="nicht erlaubt",
        kept_until="bis",
        product="Artikel",
        names=_names(
            "Einkäufe für die Beratung|Wunschliste|Kundenkarte|Kontakt",
            "Einkauf|Wunsch|Kundenkarte|E-Mail|Telefon",
            "Kasse|Kiosk|Telefon|Web-Formular|Karte|Personal",
            "auf Wunsch der Kundin oder des Kunden|Beratung|Betreuung",
        ),
    ),
    Language.EN: MemoryWords(
        title="What the store remembers",
        told="As of",
        consents="Consent",
        facts="Remembered",
        accesses="Who looked",
        nothing="nothing",
        given="allowed",
        not_given="not allowed",
        kept_until="until",
        product="product",
        names=_names(
            "Purchases for advice|Wish list|Loyalty card|Contact",
            "Purchase|Wish|Loyalty card|E-mail|Phone",
            "till|kiosk|phone|web form|card|staff",
            "asked for by the shopper|advice|care",
        ),
    ),
    Language.ES: MemoryWords(
        title="Lo que recuerda la tienda",
        told="Fecha",
        consents="Consentimientos",
        facts="Recordado",
        accesses="Quién ha consultado",
        nothing="nada",
        given="permitido",
        not_given="no permitido",
        kept_until="hasta",
        product="artículo",
        names=_names(
            "Compras para el consejo|Lista de deseos|Tarjeta de cliente|Contacto",
            "Compra|Deseo|Tarjeta de cliente|Correo|Teléfono",
            "caja|quiosco|teléfono|formulario web|tarjeta|personal",
            "a petición del cliente|consejo|atención",
        ),
    ),
    Language.FR: MemoryWords(
        title="Ce que le magasin a mémorisé",
        told="État au",
        consents="Consentements",
        facts="Mémorisé",
        accesses="Qui a consulté",
        nothing="rien",
        given="autorisé",
        not_given="non autorisé",
        kept_until="jusqu'au",
        product="article",
        names=_names(
            "Achats pour le conseil|Liste de souhaits|Carte de fidélité|Contact",
            "Achat|Souhait|Carte de fidélité|E-mail|Téléphone",
            "caisse|borne|téléphone|formulaire web|carte|personnel",
            "à la demande du client|conseil|assistance",
        ),
    ),
}
