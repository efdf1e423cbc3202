/* The base's firmware without hardware: no heap, no clock, no input or output of its own.
 * Whoever owns the hardware calls fw_step at a steady period, hands over received bytes, and sends what
 * fw_transmit gives. PROTOCOL.md defines the bytes and what the motor command means. */
#ifndef AISLE_CORE_H
#define AISLE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "mode.h"

#define FW_PROTOCOL_VERSION 1u
#define FW_VERSION_MAJOR 0u
#define FW_VERSION_MINOR 1u
#define FW_VERSION_PATCH 0u
#define FW_NAME "aisle-reference"
#define FW_COMMAND_TIMEOUT_US 200000u
#define FW_HOST_TIMEOUT_US 2000000u
#define FW_STATUS_PERIOD_US 20000u
#define FW_OUTBOX_BYTES 1024u

enum {
    FAULT_ENCODER = 1u << 0,
    FAULT_BATTERY = 1u << 1,
    FAULT_GYRO = 1u << 2,
    FAULT_CLOCK = 1u << 3,
    FAULT_CONFIG = 1u << 4
};

/* Wheel speeds in rad/s; forward is the mean of both wheels, turn is half of right minus left. */
typedef struct {
    uint32_t ticks_per_turn;
    float forward_limit_radps;
    float turn_limit_radps;
    float forward_acceleration_radps2;
    float forward_braking_radps2;
    float turn_acceleration_radps2;
    uint32_t battery_minimum_mv;
} fw_config;

typedef struct {
    int32_t ticks_left;
    int32_t ticks_right;
    float yaw_rate_radps;
    uint16_t battery_mv;
    uint8_t battery_percent;
    uint8_t bumpers;
    uint8_t emergency_stop;
} fw_inputs;

typedef struct {
    float left_radps;
    float right_radps;
    uint8_t brake;
} fw_outputs;

typedef struct {
    float left_radps;
    float right_radps;
} wheel_pair;

typedef struct {
    fw_config config;
    bool usable;
    fw_mode mode;
    uint16_t faults;
    /* time and hardware as of the last step */
    bool stepped;
    uint64_t now_us;
    uint64_t next_status_us;
    fw_inputs inputs;
    wheel_pair measured;
    /* the host */
    uint32_t session;
    bool compatible;
    uint16_t last_sequence;
    uint64_t heard_us;
    /* the command */
    wheel_pair target;
    wheel_pair setpoint;
    uint64_t expires_us;
    uint16_t last_command;
    /* the line */
    frame_parser parser;
    uint16_t frames_rejected;
    uint16_t sequence;
    uint8_t outbox[FW_OUTBOX_BYTES];
    size_t outbox_length;
} fw_state;

/* Prepare a disarmed base; returns false, and leaves a base in a fault that cannot be
 * released, if the configuration is unusable. */
bool fw_init(fw_state *state, const fw_config *config);

/* Take bytes from the host. They count as received at the time of the last step, which errs on the early side. */
void fw_receive(fw_state *state, const uint8_t *bytes, size_t count);

/* Advance to `now_us` with fresh hardware readings and say what the motors shall do until the next step. */
void fw_step(fw_state *state, uint64_t now_us, const fw_inputs *in, fw_outputs *out);

/* Move up to `capacity` bytes for the host into `out`; returns how many. */
size_t fw_transmit(fw_state *state, uint8_t *out, size_t capacity);

#endif
