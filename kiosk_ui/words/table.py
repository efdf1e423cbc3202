"""The sentences that every language must have; a missing one is an error of types and of construction."""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Names in braces are filled in where the sentence is shown."""

    name: str
    decimal_point: str
    keyboard: tuple[str, str, str]

    call_person: str
    person_called: str
    back: str
    home: str
    close: str
    offline: str
    demo_data: str

    attract_title: str
    attract_text: str
    attract_standing: str
    attract_start: str
    machine_notice: str

    home_title: str
    know: str
    know_hint: str
    go: str
    go_hint: str
    buy: str
    buy_hint: str
    do: str
    do_hint: str
    often_bought: str

    ask_know: str
    ask_go: str
    ask_buy: str
    ask_do: str
    type_here: str
    space: str
    departments: str
    ideas: str
    results: str
    more: str
    nothing_found: str
    nothing_found_hint: str
    not_sure_about: str
    no_catalogue: str
    unknown_product: str
    idea_names: dict[str, str]

    store_brand: str
    national_brand: str
    no_shelf: str
    no_shelf_hint: str
    allergens: str
    allergens_unknown: str
    allergens_none: str
    allergen_names: dict[str, str]
    reviews: str
    review_count: str
    no_reviews: str
    stock: str
    in_stock: str
    sold_out: str
    stock_unknown: str
    counted: str
    just_now: str
    minutes_ago: str
    hours_ago: str
    days_ago: str
    sold_out_since: str
    sold_out_unsure: str
    instead: str
    no_alternative: str
    show_shelf: str
    ean: str
    goes_with: str
    because: str
    also_bought: str
    whole_basket: str
    bought_before: str
    bought_every: str
    taste: str
    new_with: str
    new_kind: str
    small_reasons: str
    advice_coming: str
    advice_missing: str
    advice_fallback: str
    take_me_there: str
    starting: str
    robot_away: str
    cannot_drive: str
    tour_stopped: str
    tour_ended: str
    tour_lost: str
    must_charge: str

    follow_me: str
    follow_hint: str
    waiting_for_you: str
    waiting_hint: str
    way_is_busy: str
    busy_hint: str
    blocked: str
    blocked_hint: str
    stopped: str
    stopped_hint: str
    astray: str
    robot_lost: str
    robot_lost_hint: str
    metres_left: str
    asking_again_hint: str
    i_am_here: str
    cancel_tour: str
    stop_question: str
    stop_hint: str
    stop_yes: str
    go_on: str
    leading_somebody: str
    leading_somebody_hint: str
    call_colleague: str
    colleague_comes: str

    still_there: str
    still_there_hint: str
    i_am_done: str

    arrived: str
    this_bay: str
    found: str
    not_here: str
    sorry: str
    sorry_hint: str
    similar: str
    that_is_all: str
    question: str
    hard: str
    easy: str
    skip: str
    thanks: str
    thanks_hint: str
    something_else: str

    my_list: str
    my_code: str
    put_on_list: str
    on_list: str
    list_title: str
    list_empty: str
    list_empty_hint: str
    together: str
    total_of: str
    to_till: str
    to_till_hint: str
    lay_ready: str
    lay_ready_hint: str
    goes_with_list: str
    keep_list: str
    take_wishes: str
    code_late: str
    number: str
    till_open: str
    till_open_hint: str
    till_taken: str
    till_taken_hint: str
    paid: str
    given_back: str
    nothing_charged: str
    code_ended: str
    prices_changed: str
    prices_changed_hint: str
    not_enough: str
    not_enough_hint: str
    not_possible: str
    ordered: str
    ordered_hint: str
    collecting: str
    order_ready: str
    order_ready_hint: str
    fetched: str
    change_list: str
    person_comes: str
    call_claimed: str
    call_claimed_hint: str
    back_again: str
    back_again_hint: str
    note_said: str
    lets_go_on: str
    need_again: str
    for_you: str
    nearby: str
    remember: str
    consent_intro: str
    no: str
    yes: str
    memory_away: str
    memory_later: str
    new_words: str
    consent_removed: str
    erased: str
    welcome_back: str
    phone_knows_me: str
    see_memory: str
    my_number: str
    link_card: str
    erase_all: str
    erase_question: str
    erase_hint: str
    erase: str
    keep: str
    facts_title: str
    facts_none: str
    kept_until: str
    date_format: str
    correct: str
    correct_title: str
    delete: str
    save: str
    number_title: str
    number_hint: str
    greeting_title: str
    greeting_hint: str
    card_title: str
    card_hint: str
    fact_kinds: dict[str, str]
    fact_sources: dict[str, str]

    call_sending: str
    call_sending_hint: str
    call_next: str
    call_one_before: str
    call_many_before: str
    call_arrived: str
    call_late: str
    call_late_hint: str
    call_refused: str
    call_refused_hint: str

    place_aisle: str
    place_bay: str
    place_shelf: str
    ordinals: tuple[str, ...]
    lowest_shelf: str
    top_shelf: str
    shelf_from_bottom: str
    spoken: dict[str, str]

    pair_title: str
    pair_asking: str
    pair_code: str
    pair_command: str
    pair_answer: str
    pair_erase: str
    pair_wrong: str
    pair_over: str
    pair_refused: str
    pair_again: str
    pair_done: str
    pair_done_hint: str
