/* A board without anything on it: enough to link the whole firmware for a Cortex-M4F and to weigh it. It is not run. */
#include "board.h"

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;
int main(void);
void on_reset(void);

void on_reset(void)
{
    const uint32_t *from = &data_load;
    for (uint32_t *to = &data_start; to < &data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = &bss_start; to < &bss_end; to++) {
        *to = 0;
    }
    main();
    for (;;) {
    }
}

typedef struct {
    void *stack;
    void (*reset)(void);
} vectors;

extern const vectors VECTORS;
__attribute__((section(".vectors"), used)) const vectors VECTORS = {&stack_top, on_reset};

static volatile uint32_t micros;

void board_start(fw_config *config)
{
    config->reset_cause = RESET_switched_on;
}

uint64_t board_now_us(void)
{
    return micros;
}

size_t board_receive(uint8_t *bytes, size_t capacity)
{
    (void)bytes;
    (void)capacity;
    return 0;
}

size_t board_send(const uint8_t *bytes, size_t count)
{
    (void)bytes;
    return count;
}

void board_read(fw_inputs *in)
{
    in->stop_chain = CHANNELS_open;
}

void board_write(const fw_outputs *out)
{
    (void)out;
}

void board_feed_watchdog(void)
{
    micros++;
}
