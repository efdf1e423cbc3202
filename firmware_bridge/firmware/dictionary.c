#include "dictionary.h"

#include "messages.h"

#define AS_TEXT(type, name, unit) " " #name ":" #type ":" unit
#define AS_HOST_LINE(number, name, NAME, FIELDS) "> " #number " " #name FIELDS(AS_TEXT) "\n"
#define AS_BASE_LINE(number, name, NAME, FIELDS) "< " #number " " #name FIELDS(AS_TEXT) "\n"
#define AS_PARAMETER_LINE(number, name, unit) "= " #number " " #name ":" unit "\n"
#define AS_WORD(name) " " #name
#define WORDS \
    "# mode" MODES(AS_WORD) "\n# faults" FAULTS(AS_WORD) "\n# bumpers" BUMPERS(AS_WORD) "\n# cliffs" CLIFFS(AS_WORD) \
    "\n# contacts" CONTACTS(AS_WORD) "\n# stop_chain" STOP_CHAIN(AS_WORD) "\n# result" RESULTS(AS_WORD) "\n"

const char DICTIONARY[] = HOST_MESSAGES(AS_HOST_LINE) BASE_MESSAGES(AS_BASE_LINE) PARAMETERS(AS_PARAMETER_LINE) WORDS;
const size_t DICTIONARY_BYTES = sizeof DICTIONARY - 1;
