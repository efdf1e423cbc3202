"""Words of a search that tell what somebody wants rather than which product, in the four languages.

Written for this project, without looking at real searches; a word counts the same in every language, because shoppers
mix them. The words are compared as the catalogue compares them: folded and in a crude singular.
"""

from __future__ import annotations

from aisle_inference.intent.events import INTENTS, Intent
from catalogue.words import stem, tokens

_WORDS: dict[Intent, tuple[str, ...]] = {
    Intent.KNOW: (
        "allergen allergy ingredients contains nutrition calories sugar vegan vegetarian halal kosher gluten lactose",
        "price cost much compare comparison difference better best review rating origin healthy organic info versus vs",
        "allergene zutaten enthält nährwerte kalorien zucker laktose preis kostet vergleich unterschied besser beste",
        "bewertung herkunft gesund bio alérgenos ingredientes contiene calorías azúcar precio cuesta cuánto comparar",
        "diferencia mejor opiniones origen sano allergènes ingrédients contient sucre prix coûte combien comparer",
        "différence meilleur avis origine sain",
    ),
    Intent.GO: (
        "where aisle shelf way find located toilet restroom entrance exit checkout section department lead show map",
        "wo gang regal weg finde toilette eingang ausgang kasse abteilung bringen zeig dónde pasillo estante camino",
        "encuentro baño entrada salida caja sección llévame où rayon allée étagère chemin trouve toilettes entrée",
        "sortie caisse emmenez",
    ),
    Intent.BUY: (
        "buy need want get take pack bottles cheap offer sale kilo dozen pounds two three four six",
        "kaufen brauche möchte will nehme packung flaschen günstig angebot zwei drei vier sechs comprar necesito",
        "quiero paquete botellas barato oferta dos tres cuatro seis acheter besoin voudrais veux prendre paquet",
        "bouteilles promotion deux trois quatre",
    ),
    Intent.DO: (
        "return refund exchange complain complaint broken expired receipt pay card cash coupon account staff manager",
        "somebody help deposit gift make bake cook party recipe clean picnic",
        "zurückgeben umtauschen erstattung beschwerde kaputt abgelaufen kassenbon bezahlen karte gutschein konto",
        "mitarbeiter hilfe pfand machen backen kochen feier rezept putzen devolver reembolso cambiar queja roto",
        "caducado recibo pagar tarjeta cupón cuenta empleado ayuda hacer hornear cocinar fiesta receta limpiar",
        "rendre remboursement échanger réclamation cassé périmé ticket payer carte bon compte vendeur aide faire",
        "cuisiner fête recette nettoyer",
    ),
}

CUES: dict[str, Intent] = {
    stem(word): intent for intent in reversed(INTENTS) for line in _WORDS[intent] for word in tokens(line)
}
"""Stem -> what it hints at."""


def cues_of(text: str) -> dict[Intent, int]:
    """Return how many words of a search hint at each intent; intents without a word are left out."""
    found: dict[Intent, int] = {}
    for token in tokens(text):
        intent = CUES.get(stem(token))
        if intent is not None:
            found[intent] = found.get(intent, 0) + 1
    return found
