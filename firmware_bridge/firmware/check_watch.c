/* Check what the firmware notices about its own sensors, drives and battery, and what it does not take for a fault. */
#include "check.h"

/* Run an armed base with faulty readings until it is in a fault; returns the faults, 0 if nothing happened. */
static uint16_t faults_after(const fw_inputs *readings, uint64_t duration_us, bool armed)
{
    static fw_state state;
    fw_outputs out;
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, armed ? &RESTING : &POWERLESS, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    if (armed) {
        ask(&state, TYPE_ARM, 2);
    }
    for (uint64_t now_us = 5000; now_us <= duration_us; now_us += 5000) {
        fw_step(&state, now_us, readings, &out);
    }
    EXPECT(state.faults == 0 || (state.mode == MODE_fault && out.brake == 1));
    return state.faults;
}

static void test_faults_that_last_are_found_and_short_ones_are_not(void)
{
    fw_inputs one_channel = POWERLESS, overload = RESTING, drive = RESTING, welded = RESTING;
    one_channel.stop_chain = CHANNEL_a_open;
    overload.motor_ma[1] = -13000;
    drive.motor_faults = 1;
    EXPECT(faults_after(&one_channel, 400000, false) == 0);
    EXPECT(faults_after(&one_channel, 600000, false) == FAULT_stop_chain);
    EXPECT(faults_after(&overload, 400000, true) == 0);
    EXPECT(faults_after(&overload, 600000, true) == FAULT_motor);
    EXPECT(faults_after(&drive, 5000, true) == FAULT_motor);
    EXPECT(faults_after(&POWERLESS, 200000, true) == 0);
    EXPECT(faults_after(&POWERLESS, 400000, true) == FAULT_power);
    EXPECT(faults_after(&welded, 200000, false) == 0);
    EXPECT(faults_after(&welded, 400000, false) == FAULT_relay_welded);
    EXPECT(faults_after(&RESTING, 1000000, true) == 0);
}

static void test_a_wheel_that_runs_away_is_a_fault(void)
{
    static fw_state state;
    fw_inputs readings = RESTING;
    fw_outputs out = {0};
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &readings, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    ask(&state, TYPE_ARM, 2);
    for (uint16_t step = 1; step <= 200; step++) {
        uint64_t now_us = 5000u * (uint64_t)step;
        command(&state, (uint16_t)(2 + step), 1.0f, now_us + 100000u);
        readings.ticks_left += 40; /* 12 rad/s instead of 1 */
        readings.ticks_right += 3;
        readings.rate_radps[2] = 0.001f * (float)step;
        fw_step(&state, now_us, &readings, &out);
    }
    EXPECT(state.faults == FAULT_runaway && out.brake == 1);
}

/* Drive with a fault of the sensors for a while; returns the time of the fault, 0 if there was none. */
static uint64_t found_us(fw_state *state, wheel_pair speeds, wheel_pair shares, bool gyro_lives)
{
    fw_inputs readings = RESTING;
    fw_outputs out = {0};
    float turned_ticks[2] = {0.0f, 0.0f};
    fw_init(state, &CONFIG);
    fw_step(state, 0, &readings, &out);
    say_hello(state, 1, FW_PROTOCOL_VERSION, 7);
    ask(state, TYPE_ARM, 2);
    for (uint16_t step = 1; step <= 2000; step++) {
        uint64_t now_us = 5000u * (uint64_t)step;
        command_both(state, (uint16_t)(2 + step), speeds, now_us + 100000u);
        turned_ticks[0] += shares.left_radps * out.left_radps * 0.005f * 4096.0f / 6.2831853f;
        turned_ticks[1] += shares.right_radps * out.right_radps * 0.005f * 4096.0f / 6.2831853f;
        readings.ticks_left = (int32_t)turned_ticks[0];
        readings.ticks_right = (int32_t)turned_ticks[1];
        readings.rate_radps[2] = gyro_lives ? 1e-3f * (float)(step % 7) : 0.0f;
        fw_step(state, now_us, &readings, &out);
        if (state->faults != 0) {
            EXPECT(out.brake == 1 && out.left_radps == 0.0f && out.right_radps == 0.0f);
            return now_us;
        }
    }
    return 0;
}

static void test_an_encoder_that_stands_is_a_fault_at_every_speed(void)
{
    static fw_state state;
    const float SPEEDS[] = {0.125f, 0.625f, 3.0f, 6.25f, 12.5f, -0.125f, -3.0f, -12.5f};
    for (size_t i = 0; i < sizeof SPEEDS / sizeof SPEEDS[0]; i++) {
        wheel_pair speeds = {SPEEDS[i], SPEEDS[i]};
        /* 0.3 s, or as long as the set point takes for 0.2 rad. */
        uint64_t latest_us = 20000u + (uint64_t)fmaxf(300000.0f, 2.2e5f / fabsf(SPEEDS[i]));
        EXPECT(found_us(&state, speeds, (wheel_pair){0.0f, 1.0f}, true) <= latest_us && state.faults == FAULT_stalled);
        EXPECT(found_us(&state, speeds, (wheel_pair){1.0f, 0.0f}, true) <= latest_us && state.faults == FAULT_stalled);
        EXPECT(found_us(&state, speeds, (wheel_pair){1.0f, -1.0f}, true) <= latest_us);
        EXPECT(found_us(&state, speeds, (wheel_pair){1.0f, 1.0f}, true) == 0);
        EXPECT(found_us(&state, speeds, (wheel_pair){0.7f, 1.4f}, true) == 0);
    }
}

static void test_a_gyro_that_stands_is_a_fault_once_the_wheels_turn_the_base(void)
{
    static fw_state state;
    const wheel_pair both = {1.0f, 1.0f};
    EXPECT(found_us(&state, (wheel_pair){5.0f, 5.0f}, both, false) == 0);
    EXPECT(found_us(&state, (wheel_pair){-2.0f, 2.0f}, both, true) == 0);
    uint64_t in_place_us = found_us(&state, (wheel_pair){-2.0f, 2.0f}, both, false);
    EXPECT(in_place_us > 0 && in_place_us <= 320000u && state.faults == FAULT_gyro);
    uint64_t curve_us = found_us(&state, (wheel_pair){3.0f, 5.0f}, both, false);
    EXPECT(curve_us > 0 && curve_us <= 320000u && state.faults == FAULT_gyro);
}

static void test_an_empty_pack_drives_again_only_when_it_is_charged(void)
{
    static fw_state state;
    fw_inputs readings = RESTING;
    fw_outputs out;
    fw_init(&state, &CONFIG);
    fw_step(&state, 0, &readings, &out);
    say_hello(&state, 1, FW_PROTOCOL_VERSION, 7);
    ask(&state, TYPE_ARM, 2);
    readings.battery_mv = 20999;
    fw_step(&state, 5000, &readings, &out);
    EXPECT(state.mode == MODE_fault && state.faults == FAULT_battery);
    readings.battery_mv = 23000; /* it recovers when nothing draws from it */
    fw_step(&state, 10000, &readings, &out);
    ask(&state, TYPE_RELEASE, 3);
    ask(&state, TYPE_ARM, 4);
    EXPECT(state.mode == MODE_fault);
    readings.battery_mv = 23200;
    fw_step(&state, 15000, &readings, &out);
    ask(&state, TYPE_RELEASE, 5);
    ask(&state, TYPE_ARM, 6);
    EXPECT(state.mode == MODE_ready && state.faults == 0);
}

void check_watch(void)
{
    test_faults_that_last_are_found_and_short_ones_are_not();
    passed("faults that last are found");
    test_a_wheel_that_runs_away_is_a_fault();
    passed("a wheel that runs away is a fault");
    test_an_encoder_that_stands_is_a_fault_at_every_speed();
    passed("an encoder that stands is a fault");
    test_a_gyro_that_stands_is_a_fault_once_the_wheels_turn_the_base();
    passed("a gyro that stands is a fault");
    test_an_empty_pack_drives_again_only_when_it_is_charged();
    passed("an empty pack has to be charged");
}
