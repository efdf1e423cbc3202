/* The data dictionary: what this firmware's messages look like, as text for the host. Made of messages.h alone. */
#ifndef AISLE_DICTIONARY_H
#define AISLE_DICTIONARY_H

#include <stddef.h>

extern const char DICTIONARY[];
extern const size_t DICTIONARY_BYTES;

#endif
