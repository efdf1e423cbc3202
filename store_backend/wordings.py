"""The words by which consent is asked for, by version and language. A version that was used is never changed."""

from __future__ import annotations

from collections.abc import Mapping

from aisle.messages.memory import Language, Purpose

Texts = Mapping[Purpose, Mapping[Language, str]]

_DE, _EN, _ES, _FR = Language.DE, Language.EN, Language.ES, Language.FR

_FIRST: Texts = {
    Purpose.HISTORY_FOR_ADVICE: {
        _DE: "Der Laden darf sich meine Einkäufe ein Jahr lang merken, um mich besser zu beraten.",
        _EN: "The store may remember my purchases for a year to advise me better.",
        _ES: "La tienda puede recordar mis compras durante un año para aconsejarme mejor.",
        _FR: "Le magasin peut mémoriser mes achats pendant un an pour mieux me conseiller.",
    },
    Purpose.WISH_LIST: {
        _DE: "Der Laden darf meine Wunschliste ein Jahr lang aufbewahren.",
        _EN: "The store may keep my wish list for a year.",
        _ES: "La tienda puede guardar mi lista de deseos durante un año.",
        _FR: "Le magasin peut conserver ma liste de souhaits pendant un an.",
    },
    Purpose.LOYALTY: {
        _DE: "Der Laden darf meine Kundenkarte mit meinen Einkäufen verbinden. Ohne Karte bekomme ich jeden Dienst.",
        _EN: "The store may link my loyalty card to my purchases. Without a card I get every service.",
        _ES: "La tienda puede vincular mi tarjeta de cliente con mis compras. Sin tarjeta recibo todos los servicios.",
        _FR: "Le magasin peut lier ma carte de fidélité à mes achats. Sans carte, j'ai droit à tous les services.",
    },
    Purpose.CONTACT: {
        _DE: "Der Laden darf mich wegen meiner Anliegen per E-Mail oder Telefon erreichen.",
        _EN: "The store may reach me by e-mail or phone about what I asked for.",
        _ES: "La tienda puede contactarme por correo o teléfono sobre lo que he pedido.",
        _FR: "Le magasin peut me joindre par e-mail ou téléphone au sujet de mes demandes.",
    },
}

VERSIONS: Mapping[int, Texts] = {1: _FIRST}
NEWEST_VERSION = max(VERSIONS)


def texts_of(language: Language, version: int = NEWEST_VERSION) -> dict[Purpose, str]:
    """Return the question of each purpose. Raises KeyError for a version that never was."""
    return {purpose: texts[language] for purpose, texts in VERSIONS[version].items()}
