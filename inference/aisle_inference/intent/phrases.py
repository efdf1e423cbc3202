"""What made-up shoppers type beside the name of a product; "{}" is the product. Written for this project.

Each list is dealt out in turn to training, held-out sessions and test, so that each asks with words of its own.
"""

from __future__ import annotations

from enum import IntEnum

from aisle_inference.intent.events import Intent


class Part(IntEnum):
    """Whose phrases."""

    TRAINING = 0
    HELD_OUT = 1
    TEST = 2


PHRASES: dict[Intent, dict[str, tuple[str, ...]]] = {
    Intent.KNOW: {
        "en": (
            "{} ingredients",
            "is {} vegan",
            "{} without sugar",
            "which {} is best",
            "{} price",
            "calories in {}",
            "how much is {}",
            "{} nut allergy",
            "compare {}",
            "what is in {}",
            "{} reviews",
            "is {} healthy",
            "{} for diabetics",
            "good {}",
        ),
        "de": ("{} zutaten", "ist {} vegan", "preis {}", "{} ohne zucker", "welche {} ist die beste", "{} kalorien"),
        "es": ("{} ingredientes", "precio {}", "{} sin azúcar", "cuánto cuesta {}", "{} calorías", "es sano {}"),
        "fr": ("{} ingrédients", "prix {}", "{} sans sucre", "combien coûte {}", "{} avis", "{} calories"),
    },
    Intent.GO: {
        "en": (
            "where is {}",
            "{} aisle",
            "way to {}",
            "toilet",
            "checkout",
            "find {}",
            "{} section",
            "which row is {} in",
            "take me to {}",
            "exit",
            "{} located",
            "restroom",
        ),
        "de": ("wo ist {}", "{} regal", "toilette", "wo stehen {}", "abteilung {}", "ausgang"),
        "es": ("dónde está {}", "pasillo {}", "baño", "llévame a {}", "sección {}", "salida"),
        "fr": ("où est {}", "rayon {}", "toilettes", "où sont {}", "allée {}", "sortie"),
    },
    Intent.BUY: {
        "en": (
            "buy {}",
            "need {}",
            "two packs of {}",
            "cheap {}",
            "{} on sale",
            "i want {}",
            "{} 6 pack",
            "get me {}",
            "three {}",
            "pick up {}",
        ),
        "de": ("{} kaufen", "brauche {}", "zwei packungen {}", "ich möchte {}", "günstig {}", "{} für heute"),
        "es": ("comprar {}", "necesito {}", "dos paquetes de {}", "quiero {}", "{} barato", "{} para hoy"),
        "fr": ("acheter {}", "besoin de {}", "deux paquets de {}", "je voudrais {}", "{} promotion", "{} pour ce soir"),
    },
    Intent.DO: {
        "en": (
            "return {}",
            "refund",
            "complaint",
            "talk to staff",
            "pay by card",
            "bake a cake",
            "use coupon",
            "{} was broken",
            "give back bottles",
            "speak to manager",
            "open an account",
            "cook dinner",
            "birthday party",
            "my {} is mouldy",
        ),
        "de": ("{} umtauschen", "pfand", "beschwerde", "mitarbeiter sprechen", "kuchen backen", "mit karte zahlen"),
        "es": ("devolver {}", "queja", "hablar con un empleado", "pagar", "hornear pastel", "cambiar {}"),
        "fr": ("rendre {}", "réclamation", "parler à un vendeur", "payer", "faire un gâteau", "ouvrir un compte"),
    },
}


def part_of(phrases: tuple[str, ...], part: Part) -> tuple[str, ...]:
    """Return the phrases of a part; no two parts share one."""
    return phrases[part :: len(Part)]
