"""What people have in mind when they "want to do" something: which categories it takes."""

IDEAS: dict[str, tuple[str, ...]] = {
    "breakfast": ("milk", "eggs", "cereal", "coffee", "spreads", "butter", "rolls", "bacon", "juice"),
    "baking": ("flour", "sugar", "eggs", "butter", "baking_mixes", "baking_needs"),
    "pasta": ("pasta", "pasta_sauce", "cheese", "tomatoes", "olives", "oil"),
    "barbecue": ("grilling", "dinner_sausage", "beef", "condiments", "rolls", "salad_mix"),
    "cleaning": ("cleaners", "cleaning_tools", "dish_detergent", "laundry", "paper_towels"),
    "baby": ("diapers", "baby_food", "infant_formula", "baby_care"),
    "ill": ("cold_flu", "pain_relief", "tea", "tissues", "soup", "first_aid"),
    "party": ("crisps", "soft_drinks", "paper_plates", "cakes", "cards_party", "ice"),
}
