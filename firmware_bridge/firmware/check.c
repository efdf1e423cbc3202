/* Run the core with sanitizers: a whole drive, damaged lines, and random bytes. Exits 1 on the first wrong answer. */
#include <string.h>

#include "check.h"

static uint32_t random_state = 12345;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

static void test_drives_and_stops_in_time(void)
{
    static fw_state state;
    fw_outputs out = {0};
    EXPECT(fw_init(&state, &CONFIG));
    fw_step(&state, 0, &RESTING, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    ask(&state, TYPE_ARM, 2);
    EXPECT(state.mode == MODE_ready);
    command(&state, 3, 5.0f, 10000000);
    for (uint64_t now_us = 5000; now_us < 200000; now_us += 5000) {
        fw_step(&state, now_us, &RESTING, &out);
        EXPECT(out.brake == 0 && out.left_radps > 0.0f && out.left_radps == out.right_radps);
    }
    fw_step(&state, 200000, &RESTING, &out);
    EXPECT(out.brake == 1 && out.left_radps == 0.0f && state.mode == MODE_ready);
}

static void test_never_arms_for_another_version(void)
{
    static fw_state state;
    fw_outputs out;
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &RESTING, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION + 1, 7);
    ask(&state, TYPE_ARM, 2);
    EXPECT(state.mode == MODE_disarmed && state.frames_rejected == 1);
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
    ask(&state, TYPE_RELEASE, 2);
    fw_step(&state, 5000, &RESTING, &out);
    EXPECT(state.mode == MODE_fault && out.brake == 1);
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
        fw_receive(&state, round * 5000, bytes, count);
        fw_step(&state, round * 5000, &RESTING, &out);
        fw_transmit(&state, sent, random_below(sizeof sent));
        EXPECT(out.brake == 1 && out.left_radps == 0.0f && out.right_radps == 0.0f);
    }
}

static void test_every_message_comes_back_from_its_bytes(void)
{
    uint8_t bytes[STATUS_BYTES], again[STATUS_BYTES];
    for (size_t round = 0; round < 10000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)random_below(256);
        }
        status_message status = get_status(bytes);
        EXPECT(put_status(again, &status) == again + STATUS_BYTES && memcmp(bytes, again, sizeof bytes) == 0);
        battery_message battery = get_battery(bytes);
        EXPECT(put_battery(again, &battery) == again + BATTERY_BYTES && memcmp(bytes, again, BATTERY_BYTES) == 0);
    }
}

static void test_the_host_can_only_make_the_base_slower(void)
{
    static fw_state state;
    fw_outputs out;
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &POWERLESS, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    EXPECT(set(&state, 2, 1, 6.0f) == RESULT_done && state.config.forward_limit_radps == 6.0f);
    EXPECT(set(&state, 3, 1, 13.0f) == RESULT_out_of_range && state.config.forward_limit_radps == 6.0f);
    EXPECT(set(&state, 4, 1, 0.0f) == RESULT_out_of_range && set(&state, 5, 1, NAN) == RESULT_out_of_range);
    EXPECT(set(&state, 6, 6, 20000.0f) == RESULT_out_of_range && set(&state, 7, 6, 24000.0f) == RESULT_done);
    EXPECT(set(&state, 8, 99, 1.0f) == RESULT_unknown);
    EXPECT(set(&state, 9, PARAMETER_braking, 0.9f * CONFIG.forward_braking_radps2) == RESULT_out_of_range);
    EXPECT(state.answer.value == CONFIG.forward_braking_radps2);
    EXPECT(set(&state, 10, PARAMETER_braking, CONFIG.forward_braking_radps2) == RESULT_done);
    EXPECT(set(&state, 11, PARAMETER_gain, 0.0f) == RESULT_out_of_range);
    EXPECT(set(&state, 12, PARAMETER_gain, 100.0f) == RESULT_out_of_range);
    EXPECT(set(&state, 13, PARAMETER_gain, 1.5f * state.gains.proportional) == RESULT_done);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 8);
    EXPECT(state.config.forward_limit_radps == CONFIG.forward_limit_radps);
}

static void test_a_repeated_request_is_answered_and_not_carried_out_again(void)
{
    static fw_state state;
    fw_outputs out;
    const uint8_t request[2] = {7, 0};
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &POWERLESS, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    say(&state, TYPE_ARM, 2, request, sizeof request);
    ask(&state, TYPE_DISARM, 3);
    size_t before = state.outbox_length;
    say(&state, TYPE_ARM, 4, request, sizeof request);
    EXPECT(state.mode == MODE_disarmed && state.outbox_length > before);
}

static void test_a_turn_slows_down_as_built_however_gently_it_begins(void)
{
    static fw_state state;
    fw_inputs readings = RESTING;
    fw_outputs out = {0};
    uint64_t now_us = 0;
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &POWERLESS, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    EXPECT(set(&state, 2, PARAMETER_turn_acceleration, 0.5f) == RESULT_done);
    ask(&state, TYPE_ARM, 3);
    for (uint16_t step = 1; step <= 240; step++) {
        bool is_braking = step > 200;
        now_us += 5000;
        command_both(&state, (uint16_t)(3 + step), (wheel_pair){is_braking ? 0.0f : -2.0f, is_braking ? 0.0f : 2.0f},
                     now_us + 100000u);
        readings.ticks_left += (int32_t)lrintf(out.left_radps * 3.259f);
        readings.ticks_right += (int32_t)lrintf(out.right_radps * 3.259f);
        readings.rate_radps[2] = 0.4f * out.right_radps;
        fw_step(&state, now_us, &readings, &out);
        EXPECT(state.faults == 0 && (is_braking || fabsf(out.right_radps - 0.0025f * step) < 1e-3f));
    }
    EXPECT(out.right_radps == 0.0f);
}

static void test_the_wheel_loop_reaches_its_set_point_and_does_not_wind_up(void)
{
    /* A motor that turns its wheel at 25 rad/s on full voltage, with a time constant of 80 ms. */
    const pid_gains gains = {0.08f, 0.4f, 0.0f, 0.04f};
    pid_state loop = {0};
    float speed_radps = 0.0f, highest_radps = 0.0f, dt_s = 0.005f;
    for (int step = 0; step < 600; step++) {
        float duty = pid_step(&loop, &gains, 10.0f, speed_radps, dt_s);
        EXPECT(duty >= -1.0f && duty <= 1.0f);
        speed_radps += dt_s / 0.08f * (25.0f * duty - 2.0f - speed_radps); /* 2 rad/s lost to friction */
        highest_radps = speed_radps > highest_radps ? speed_radps : highest_radps;
    }
    EXPECT(speed_radps > 9.9f && speed_radps < 10.1f && highest_radps < 11.0f);
    for (int step = 0; step < 4000; step++) {
        pid_step(&loop, &gains, 10.0f, 0.0f, dt_s); /* a wheel that is held */
    }
    for (int step = 0; step < 200; step++) {
        float duty = pid_step(&loop, &gains, 10.0f, speed_radps, dt_s);
        speed_radps += dt_s / 0.08f * (25.0f * duty - 2.0f - speed_radps);
    }
    EXPECT(speed_radps < 14.0f);
}

typedef struct {
    const char *name;
    void (*run)(void);
} check;

int main(void)
{
    static const check CHECKS[] = {
        {"drives and stops in time", test_drives_and_stops_in_time},
        {"never arms for another version", test_never_arms_for_another_version},
        {"unusable configuration stays a fault", test_unusable_configuration_stays_a_fault},
        {"frames of every length come back", test_frames_of_every_length_come_back},
        {"random bytes move nothing", test_random_bytes_move_nothing},
        {"every message comes back from its bytes", test_every_message_comes_back_from_its_bytes},
        {"the host can only make the base slower", test_the_host_can_only_make_the_base_slower},
        {"a repeated request is answered once", test_a_repeated_request_is_answered_and_not_carried_out_again},
        {"a turn slows down as built", test_a_turn_slows_down_as_built_however_gently_it_begins},
        {"the wheel loop reaches its set point", test_the_wheel_loop_reaches_its_set_point_and_does_not_wind_up},
    };
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0]; i++) {
        CHECKS[i].run();
        passed(CHECKS[i].name);
    }
    check_watch();
    return EXIT_SUCCESS;
}
