/* A condition that a check insists on: otherwise it names the place and exits 1. */
#ifndef AISLE_EXPECT_H
#define AISLE_EXPECT_H

#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition)                                                    \
    do {                                                                     \
        if (!(condition)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
            exit(EXIT_FAILURE);                                              \
        }                                                                    \
    } while (0)

#endif
