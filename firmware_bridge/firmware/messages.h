/* Every message of the protocol, written down once. The structs, the code that packs and unpacks them and the data
 * dictionary that is sent to the host all come out of these lists, so none of them can differ from another.
 *
 * A field is F(type, name, unit); types: u8 u16 u32 u64 i16 i32 f32, name16 (16 ASCII bytes, NUL padded) and cells8
 * (eight u16). "-" is no unit. PROTOCOL.md says what the fields mean. */
#ifndef AISLE_MESSAGES_H
#define AISLE_MESSAGES_H

#include "bytes.h"

#define HELLO_FIELDS(F) F(u16, protocol, "-") F(u32, session, "-")
#define ARM_FIELDS(F) F(u16, request, "-")
#define DISARM_FIELDS(F) F(u16, request, "-")
#define RELEASE_FIELDS(F) F(u16, request, "-")
#define SET_PARAMETER_FIELDS(F) F(u16, request, "-") F(u16, parameter, "-") F(f32, value, "-")
#define SET_LIGHTS_FIELDS(F) \
    F(u16, request, "-") F(u8, pattern, "-") F(u8, red, "-") F(u8, green, "-") F(u8, blue, "-")
#define TIME_SYNC_FIELDS(F) F(u64, host_us, "us")
#define WHEEL_COMMAND_FIELDS(F) F(f32, left_radps, "rad/s") F(f32, right_radps, "rad/s") F(u64, deadline_us, "us")

#define IDENTITY_FIELDS(F)                                                                                  \
    F(u16, protocol, "-") F(u32, session, "-") F(u8, firmware_major, "-") F(u8, firmware_minor, "-")        \
    F(u8, firmware_patch, "-") F(u8, reset_cause, "-") F(u64, board_id, "-") F(u32, ticks_per_turn, "tick") \
    F(f32, forward_limit_radps, "rad/s") F(u16, command_timeout_ms, "ms") F(u16, dictionary_bytes, "byte")  \
    F(u32, dictionary_crc, "-") F(name16, name, "-")
#define STATUS_FIELDS(F)                                                                                       \
    F(u64, clock_us, "us") F(u32, session, "-") F(i32, ticks_left, "tick") F(i32, ticks_right, "tick")         \
    F(f32, speed_left_radps, "rad/s") F(f32, speed_right_radps, "rad/s") F(f32, yaw_rate_radps, "rad/s")       \
    F(u16, battery_mv, "mV") F(u8, battery_percent, "%") F(u16, last_command, "-") F(u16, frames_rejected, "-") \
    F(u8, bumpers, "-") F(u8, cliffs, "-") F(u8, contacts, "-") F(u8, stop_chain, "-") F(u8, mode, "-")        \
    F(u16, faults, "-")
#define ACKNOWLEDGEMENT_FIELDS(F) F(u16, request, "-") F(u8, result, "-") F(f32, value, "-")
#define TIME_REPLY_FIELDS(F) F(u64, host_us, "us") F(u64, received_us, "us") F(u64, sent_us, "us")
#define IMU_FIELDS(F)                                                                                           \
    F(u64, clock_us, "us") F(f32, acceleration_x_mps2, "m/s2") F(f32, acceleration_y_mps2, "m/s2")              \
    F(f32, acceleration_z_mps2, "m/s2") F(f32, rate_x_radps, "rad/s") F(f32, rate_y_radps, "rad/s")             \
    F(f32, rate_z_radps, "rad/s")
#define BATTERY_FIELDS(F)                                                                                      \
    F(u64, clock_us, "us") F(u16, pack_mv, "mV") F(i32, current_ma, "mA") F(i16, temperature_dc, "0.1degC") \
    F(u8, charge_percent, "%") F(u8, charging, "-") F(cells8, cells_mv, "mV")
#define MOTORS_FIELDS(F)                                                                                        \
    F(u64, clock_us, "us") F(i16, current_left_ma, "mA") F(i16, current_right_ma, "mA")                         \
    F(i16, duty_left_permille, "0.001") F(i16, duty_right_permille, "0.001") F(u8, motor_faults, "-")           \
    F(u8, relay, "-") F(u16, overruns, "-")

/* M(number on the wire, name, NAME, fields). The dictionary's own pages are the one message of changing length. */
#define HOST_MESSAGES(M)                                              \
    M(01, hello, HELLO, HELLO_FIELDS)                                 \
    M(02, arm, ARM, ARM_FIELDS)                                       \
    M(03, disarm, DISARM, DISARM_FIELDS)                              \
    M(04, release, RELEASE, RELEASE_FIELDS)                           \
    M(05, set_parameter, SET_PARAMETER, SET_PARAMETER_FIELDS)         \
    M(06, set_lights, SET_LIGHTS, SET_LIGHTS_FIELDS)                  \
    M(07, time_sync, TIME_SYNC, TIME_SYNC_FIELDS)                     \
    M(10, wheel_command, WHEEL_COMMAND, WHEEL_COMMAND_FIELDS)
#define BASE_MESSAGES(M)                                              \
    M(81, identity, IDENTITY, IDENTITY_FIELDS)                        \
    M(82, status, STATUS, STATUS_FIELDS)                              \
    M(84, acknowledgement, ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_FIELDS)   \
    M(85, time_reply, TIME_REPLY, TIME_REPLY_FIELDS)                  \
    M(86, imu, IMU, IMU_FIELDS)                                       \
    M(87, battery, BATTERY, BATTERY_FIELDS)                           \
    M(88, motors, MOTORS, MOTORS_FIELDS)
enum { TYPE_DICTIONARY = 0x83 };

/* P(number, name, unit): what the host may set. */
#define PARAMETERS(P)                                      \
    P(1, forward_limit, "rad/s")                           \
    P(2, turn_limit, "rad/s")                              \
    P(3, forward_acceleration, "rad/s2")                   \
    P(4, forward_braking, "rad/s2")                        \
    P(5, turn_acceleration, "rad/s2")                      \
    P(6, battery_minimum, "mV")                            \
    P(7, status_period, "us")                              \
    P(8, wheel_gain, "1/(rad/s)")                          \
    P(9, wheel_integral, "1/rad")                          \
    P(10, wheel_derivative, "1/(rad/s2)")                  \
    P(11, wheel_feed_forward, "1/(rad/s)")

/* B(name): bit 0 first, or the number 0 first; the order is the meaning. */
#define MODES(B) B(disarmed) B(ready) B(driving) B(latched) B(fault)
#define FAULTS(B)                                                                                   \
    B(encoder) B(battery) B(gyro) B(clock) B(configuration) B(stop_chain) B(relay_welded) B(power)  \
    B(motor) B(runaway) B(reset) B(stalled)
#define BUMPERS(B) B(front_left) B(front_right) B(rear_left) B(rear_right)
#define CLIFFS(B) B(front_left) B(front_right) B(rear_left) B(rear_right)
#define CONTACTS(B) B(left_lifted) B(right_lifted) B(charger)
#define STOP_CHAIN(B) B(channel_a_open) B(channel_b_open) B(drives_powered)
#define RESULTS(B) B(done) B(out_of_range) B(unknown) B(not_now)

#define AS_MEMBER(type, name, unit) wire_##type name;
#define AS_BYTES(type, name, unit) + BYTES_##type
#define AS_PUT(type, name, unit) at = put_##type(at, message->name);
#define AS_GET(type, name, unit) message.name = get_##type(at); at += BYTES_##type;

#define AS_MESSAGE(number, name, NAME, FIELDS)                                          \
    enum { TYPE_##NAME = 0x##number, NAME##_BYTES = 0 FIELDS(AS_BYTES) };               \
    typedef struct { FIELDS(AS_MEMBER) } name##_message;                                \
    static inline uint8_t *put_##name(uint8_t *at, const name##_message *message)       \
    {                                                                                   \
        FIELDS(AS_PUT)                                                                  \
        return at;                                                                      \
    }                                                                                   \
    static inline name##_message get_##name(const uint8_t *at)                          \
    {                                                                                   \
        name##_message message;                                                         \
        FIELDS(AS_GET)                                                                  \
        (void)at;                                                                       \
        return message;                                                                 \
    }

HOST_MESSAGES(AS_MESSAGE)
BASE_MESSAGES(AS_MESSAGE)

#endif
