/* The base's firmware without hardware: no heap, no clock, no input or output of its own.
 * Whoever owns the hardware calls fw_step at a steady period, hands over received bytes, and sends what
 * fw_transmit gives. PROTOCOL.md defines the bytes and what the motor command means. */
#ifndef AISLE_CORE_H
#define AISLE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "messages.h"
#include "mode.h"
#include "pid.h"

#ifndef FW_PROTOCOL_VERSION
#define FW_PROTOCOL_VERSION 2u
#endif
#define FW_VERSION_MAJOR 0u
#define FW_VERSION_MINOR 3u
#define FW_VERSION_PATCH 0u
#define FW_NAME "aisle-reference"
#define FW_COMMAND_TIMEOUT_US 200000u
#define FW_HOST_TIMEOUT_US 2000000u
#define FW_STATUS_PERIOD_US 20000u
#define FW_OUTBOX_BYTES 1024u
/* A pack that was under its minimum drives again from this share of the minimum on: 3.3 V for a cell whose minimum is
 * 3.0 V, so that a pack that recovers when nothing draws from it is not empty again after a metre. */
#define FW_BATTERY_RESUME_SHARE 1.1f
/* What slows the robot down is never weaker than it was built: the collision guard counts on all of it. */
#define FW_LEAST_BRAKING_SHARE 1.0f
#define FW_CELLS 8u

#define AS_FAULT_PLACE(name) FAULT_PLACE_##name,
#define AS_FAULT(name) FAULT_##name = 1u << FAULT_PLACE_##name,
enum { FAULTS(AS_FAULT_PLACE) FAULT_PLACES };
enum { FAULTS(AS_FAULT) FAULT_none = 0 };
enum { CONTACT_lifted = 3u, CONTACT_charger = 4u };
enum { CHANNEL_a_open = 1u, CHANNEL_b_open = 2u, CHANNELS_open = 3u, DRIVES_powered = 4u };
enum { RESULT_done, RESULT_out_of_range, RESULT_unknown, RESULT_not_now };
enum { RESET_switched_on, RESET_brown_out, RESET_watchdog, RESET_other };

/* Wheel speeds in rad/s; forward is the mean of both wheels, turn is half of right minus left. */
typedef struct {
    uint32_t ticks_per_turn;
    float forward_limit_radps;
    float turn_limit_radps;
    float forward_acceleration_radps2;
    float forward_braking_radps2;
    float turn_acceleration_radps2;
    float battery_minimum_mv;
    uint32_t reset_cause;
    uint64_t board_id;
} fw_config;

typedef struct {
    int32_t ticks_left;
    int32_t ticks_right;
    float acceleration_mps2[3];
    float rate_radps[3]; /* the third is the yaw rate */
    int32_t battery_ma;  /* positive into the battery */
    uint16_t battery_mv;
    int16_t battery_dc;  /* tenths of a degree Celsius */
    uint16_t cells_mv[FW_CELLS];
    int16_t motor_ma[2];
    uint8_t battery_percent;
    uint8_t charging;
    uint8_t bumpers;
    uint8_t cliffs;
    uint8_t contacts;
    uint8_t stop_chain;
    uint8_t motor_faults;
} fw_inputs;

typedef struct {
    float left_radps;
    float right_radps;
    float left_duty;
    float right_duty;
    uint8_t brake;
    uint8_t relay; /* the drives' supply */
    uint8_t light_pattern;
    uint8_t light_rgb[3];
} fw_outputs;

typedef struct {
    float left_radps;
    float right_radps;
} wheel_pair;

/* How long something has been wrong; see watch.h. */
typedef struct {
    uint64_t disagrees_since_us;
    uint64_t powered_since_us;
    uint64_t unpowered_since_us;
    uint64_t overload_since_us;
    uint64_t runaway_since_us;
    float expected_radps;
    uint64_t stalled_since_us[2];
    float missing_rad[2]; /* what set points asked of a wheel since it stopped following them */
    uint64_t gyro_since_us;
    float gyro_radps;
    float least_turn_radps; /* of the wheels, since the gyro's reading changed last */
    float most_turn_radps;
} fw_watch;

typedef struct {
    fw_config built;  /* what the firmware was made for: the host cannot leave it */
    fw_config config; /* what is in force */
    float status_period_us;
    pid_gains gains;
    bool usable;
    fw_mode mode;
    uint16_t faults;
    /* time and hardware as of the last step */
    bool stepped;
    uint64_t now_us;
    uint64_t next_status_us;
    uint64_t status_count;
    fw_inputs inputs;
    wheel_pair measured;
    fw_watch watch;
    /* the host */
    uint32_t session;
    bool compatible;
    uint16_t last_sequence;
    uint64_t heard_us;
    uint64_t received_us;
    acknowledgement_message answer;
    size_t dictionary_sent;
    /* the command */
    wheel_pair target;
    wheel_pair setpoint;
    pid_state wheels[2];
    uint64_t expires_us;
    uint64_t moved_us;
    uint16_t last_command;
    fw_outputs outputs;
    /* the line */
    frame_parser parser;
    uint16_t frames_rejected;
    uint16_t overruns;
    uint16_t sequence;
    uint8_t outbox[FW_OUTBOX_BYTES];
    size_t outbox_length;
} fw_state;

/* Prepare a disarmed base; returns false, and leaves a base in a fault that cannot be
 * released, if the configuration is unusable. */
bool fw_init(fw_state *state, const fw_config *config);

/* Take bytes from the host that arrived at `now_us`. For commands they count as received at the time of the last
 * step, which errs on the early side; `now_us` only answers the host's question for the time. */
void fw_receive(fw_state *state, uint64_t now_us, const uint8_t *bytes, size_t count);

/* Advance to `now_us` with fresh hardware readings and say what the motors shall do until the next step. */
void fw_step(fw_state *state, uint64_t now_us, const fw_inputs *in, fw_outputs *out);

/* Count a step that came a whole period late; the host is told how many there were. */
void fw_note_overrun(fw_state *state);

/* Move up to `capacity` bytes for the host into `out`; returns how many. */
size_t fw_transmit(fw_state *state, uint8_t *out, size_t capacity);

#endif
