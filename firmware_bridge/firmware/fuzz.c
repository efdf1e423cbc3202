/* A coverage-guided fuzzer for everything that bytes from the line can reach (libFuzzer, needs clang).
 * Three things must hold whatever comes: no crash and nothing undefined (sanitizers), an accepted frame encodes again
 * to the very bytes that came, and motors turn only while the base is in driving mode. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "check_base.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t capacity, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t capacity);

static const uint8_t TYPES[] = {TYPE_HELLO, TYPE_ARM, TYPE_DISARM, TYPE_RELEASE, TYPE_SET_PARAMETER, TYPE_SET_LIGHTS,
                                TYPE_TIME_SYNC, TYPE_WHEEL_COMMAND, 0x7F};

static void expect(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_parser(const uint8_t *bytes, size_t count)
{
    static frame_parser parser;
    uint8_t again[FRAME_MAX_ENCODED + 1];
    size_t began = 0;
    frame found;
    memset(&parser, 0, sizeof parser);
    for (size_t i = 0; i < count; i++) {
        if (frame_parser_take(&parser, bytes[i], &found) == PARSE_FRAME) {
            size_t length = frame_encode(found.type, found.sequence, found.payload, found.payload_bytes, again,
                                         sizeof again);
            expect(length == i + 1 - began && memcmp(again, bytes + began, length) == 0);
        }
        if (bytes[i] == 0) {
            began = i + 1;
        }
    }
}

static void check_firmware(const uint8_t *bytes, size_t count)
{
    static fw_state state;
    uint8_t sent[FW_OUTBOX_BYTES];
    fw_outputs out;
    fw_init(&state, &CONFIG);
    fw_step(&state, 1000, &RESTING, &out);
    for (size_t i = 0; i < count; i += 64) {
        fw_receive(&state, state.now_us + 100, bytes + i, count - i < 64 ? count - i : 64);
        fw_step(&state, state.now_us + 5000, &RESTING, &out);
        bool moves = out.left_radps != 0.0f || out.right_radps != 0.0f || out.left_duty != 0.0f ||
                     out.right_duty != 0.0f;
        expect(isfinite(out.left_radps) && isfinite(out.right_radps) && fabsf(out.left_duty) <= 1.0f);
        expect(!moves || (state.mode == MODE_driving && out.brake == 0 && state.session != 0));
        fw_transmit(&state, sent, sizeof sent);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    check_parser(bytes, count);
    check_firmware(bytes, count);
    return 0;
}

/* Random bytes never have the right CRC. So half of the inputs get one more frame whose envelope is right and whose
 * payload comes from the fuzzer; the other half are damaged at random. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t capacity, unsigned int seed)
{
    uint8_t payload[FRAME_MAX_PAYLOAD], encoded[FRAME_MAX_ENCODED + 1];
    if (seed % 2 == 0) {
        return LLVMFuzzerMutate(bytes, count, capacity);
    }
    uint8_t type = TYPES[(seed / 2) % sizeof TYPES];
    size_t payload_bytes = type == TYPE_WHEEL_COMMAND || type == TYPE_SET_PARAMETER ? 16u : 6u;
    memset(payload, 0, sizeof payload);
    memcpy(payload, bytes, count < payload_bytes ? count : payload_bytes);
    payload_bytes = type == TYPE_SET_PARAMETER ? (size_t)SET_PARAMETER_BYTES : payload_bytes;
    payload_bytes = type < TYPE_SET_PARAMETER && type > TYPE_HELLO ? (size_t)ARM_BYTES : payload_bytes;
    LLVMFuzzerMutate(payload, payload_bytes, payload_bytes);
    if (type == TYPE_HELLO && (seed / 64) % 4 != 0) {
        put_u16(payload, FW_PROTOCOL_VERSION);
    }
    size_t length = frame_encode(type, (uint16_t)(seed / 128), payload, payload_bytes, encoded, sizeof encoded);
    size_t at = (seed / 32) % 2 == 0 ? count : 0;
    if (at + length > capacity) {
        at = 0;
    }
    if (length > capacity) {
        return count;
    }
    memcpy(bytes + at, encoded, length);
    return at + length > count ? at + length : count;
}
