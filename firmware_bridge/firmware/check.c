/* Run the core with sanitizers: a whole drive, damaged lines, and random bytes. Exits 1 on the first wrong answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "core.h"

#define EXPECT(condition)                                                    \
    do {                                                                     \
        if (!(condition)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
            exit(EXIT_FAILURE);                                              \
        }                                                                    \
    } while (0)

static const fw_config CONFIG = {.ticks_per_turn = 4096,
                                 .forward_limit_radps = 12.5f,
                                 .turn_limit_radps = 3.4f,
                                 .forward_acceleration_radps2 = 10.0f,
                                 .forward_braking_radps2 = 18.0f,
                                 .turn_acceleration_radps2 = 6.0f,
                                 .battery_minimum_mv = 21000};
static const fw_inputs RESTING = {.battery_mv = 26000, .battery_percent = 90};

static uint32_t random_state = 12345;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

static void say(fw_state *state, uint8_t type, uint16_t sequence, const uint8_t *payload, size_t count)
{
    uint8_t bytes[FRAME_MAX_ENCODED + 1];
    fw_receive(state, bytes, frame_encode(type, sequence, payload, count, bytes, sizeof bytes));
}

static void say_hello(fw_state *state, uint16_t sequence, uint16_t protocol, uint32_t session)
{
    uint8_t payload[6];
    put_u32(put_u16(payload, protocol), session);
    say(state, 0x01, sequence, payload, sizeof payload);
}

static void command(fw_state *state, uint16_t sequence, float speed_radps, uint64_t deadline_us)
{
    uint8_t payload[16];
    put_u64(put_f32(put_f32(payload, speed_radps), speed_radps), deadline_us);
    say(state, 0x10, sequence, payload, sizeof payload);
}

static void test_drives_and_stops_in_time(void)
{
    static fw_state state;
    fw_outputs out = {0};
    EXPECT(fw_init(&state, &CONFIG));
    fw_step(&state, 0, &RESTING, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    say(&state, 0x02, 2, NULL, 0);
    EXPECT(state.mode == MODE_READY);
    command(&state, 3, 5.0f, 10000000);
    for (uint64_t now_us = 5000; now_us < 200000; now_us += 5000) {
        fw_step(&state, now_us, &RESTING, &out);
        EXPECT(out.brake == 0 && out.left_radps > 0.0f && out.left_radps == out.right_radps);
    }
    fw_step(&state, 200000, &RESTING, &out);
    EXPECT(out.brake == 1 && out.left_radps == 0.0f && state.mode == MODE_READY);
}

static void test_never_arms_for_another_version(void)
{
    static fw_state state;
    fw_outputs out;
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &RESTING, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION + 1, 7);
    say(&state, 0x02, 2, NULL, 0);
    EXPECT(state.mode == MODE_DISARMED && state.frames_rejected == 1);
}

static void test_unusable_configuration_stays_a_fault(void)
{
    static fw_state state;
    fw_config broken = CONFIG;
    fw_outputs out;
    broken.ticks_per_turn = 0;
    EXPECT(!fw_init(&state, &broken));
    fw_step(&state, 0, &RESTING, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    say(&state, 0x04, 2, NULL, 0);
    fw_step(&state, 5000, &RESTING, &out);
    EXPECT(state.mode == MODE_FAULT && out.brake == 1);
}

static void test_frames_of_every_length_come_back(void)
{
    static frame_parser parser;
    uint8_t payload[FRAME_MAX_PAYLOAD], bytes[FRAME_MAX_ENCODED + 1];
    frame found = {0};
    for (size_t count = 0; count <= sizeof payload; count++) {
        for (size_t i = 0; i < count; i++) {
            payload[i] = (uint8_t)random_below(random_below(2) ? 2 : 256);
        }
        size_t length = frame_encode(0x82, (uint16_t)count, payload, count, bytes, sizeof bytes);
        for (size_t i = 0; i + 1 < length; i++) {
            EXPECT(bytes[i] != 0 && frame_parser_take(&parser, bytes[i], &found) == PARSE_MORE);
        }
        EXPECT(frame_parser_take(&parser, bytes[length - 1], &found) == PARSE_FRAME);
        EXPECT(found.sequence == count && found.payload_bytes == count);
        EXPECT(memcmp(found.payload, payload, count) == 0);
    }
}

static void test_random_bytes_move_nothing(void)
{
    static fw_state state;
    uint8_t bytes[600], sent[64];
    fw_outputs out;
    fw_init(&state, &CONFIG);
    for (uint64_t round = 0; round < 20000; round++) {
        size_t count = random_below(sizeof bytes);
        for (size_t i = 0; i < count; i++) {
            bytes[i] = (uint8_t)random_below(random_below(4) ? 256 : 4);
        }
        fw_receive(&state, bytes, count);
        fw_step(&state, round * 5000, &RESTING, &out);
        fw_transmit(&state, sent, random_below(sizeof sent));
        EXPECT(out.brake == 1 && out.left_radps == 0.0f && out.right_radps == 0.0f);
    }
}

int main(void)
{
    test_drives_and_stops_in_time();
    test_never_arms_for_another_version();
    test_unusable_configuration_stays_a_fault();
    test_frames_of_every_length_come_back();
    test_random_bytes_move_nothing();
    puts("firmware check: 5 passed");
    return EXIT_SUCCESS;
}
