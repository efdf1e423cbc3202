/* What a board has to give the firmware. A port writes these functions and nothing else. */
#ifndef AISLE_BOARD_H
#define AISLE_BOARD_H

#include "core.h"

/* Clocks, pins, UART, timers, watchdog; fills what only the board knows: reset cause and board id. */
void board_start(fw_config *config);

/* Microseconds since the start, never backwards. */
uint64_t board_now_us(void);

/* Bytes that arrived since the last call, at most `capacity`; never waits. */
size_t board_receive(uint8_t *bytes, size_t capacity);

/* Take bytes for the line; returns how many fit. */
size_t board_send(const uint8_t *bytes, size_t count);

/* Fresh readings of every sensor. */
void board_read(fw_inputs *in);

/* Drive motors (set points or duties, as the board has drives or bridges), brake, relay and lights. */
void board_write(const fw_outputs *out);

/* Tell the hardware watchdog that a step is complete. */
void board_feed_watchdog(void);

#endif
