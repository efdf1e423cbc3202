/* Little-endian fields, one byte at a time: the same on every machine, whatever its byte order or alignment. */
#ifndef AISLE_BYTES_H
#define AISLE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint8_t *put_u8(uint8_t *at, uint8_t value)
{
    *at = value;
    return at + 1;
}

static inline uint8_t *put_u16(uint8_t *at, uint16_t value)
{
    return put_u8(put_u8(at, (uint8_t)(value & 0xFFu)), (uint8_t)(value >> 8));
}

static inline uint8_t *put_u32(uint8_t *at, uint32_t value)
{
    return put_u16(put_u16(at, (uint16_t)(value & 0xFFFFu)), (uint16_t)(value >> 16));
}

static inline uint8_t *put_u64(uint8_t *at, uint64_t value)
{
    return put_u32(put_u32(at, (uint32_t)(value & 0xFFFFFFFFu)), (uint32_t)(value >> 32));
}

static inline uint8_t *put_i32(uint8_t *at, int32_t value)
{
    return put_u32(at, (uint32_t)value);
}

static inline uint8_t *put_f32(uint8_t *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_u32(at, bits);
}

static inline uint8_t *put_i16(uint8_t *at, int16_t value)
{
    return put_u16(at, (uint16_t)value);
}

static inline uint8_t get_u8(const uint8_t *at)
{
    return at[0];
}

static inline uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | (at[1] << 8));
}

static inline uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) | ((uint32_t)get_u16(at + 2) << 16);
}

static inline uint64_t get_u64(const uint8_t *at)
{
    return (uint64_t)get_u32(at) | ((uint64_t)get_u32(at + 4) << 32);
}

static inline int32_t get_i32(const uint8_t *at)
{
    uint32_t bits = get_u32(at);
    int32_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline int16_t get_i16(const uint8_t *at)
{
    uint16_t bits = get_u16(at);
    int16_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float get_f32(const uint8_t *at)
{
    uint32_t bits = get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The types that messages.h names, with their size on the wire. */
typedef uint8_t wire_u8;
typedef uint16_t wire_u16;
typedef uint32_t wire_u32;
typedef uint64_t wire_u64;
typedef int16_t wire_i16;
typedef int32_t wire_i32;
typedef float wire_f32;
typedef struct { char text[16]; } wire_name16;
typedef struct { uint16_t mv[8]; } wire_cells8;
enum {
    BYTES_u8 = 1, BYTES_u16 = 2, BYTES_u32 = 4, BYTES_u64 = 8, BYTES_i16 = 2, BYTES_i32 = 4, BYTES_f32 = 4,
    BYTES_name16 = 16, BYTES_cells8 = 16
};

static inline uint8_t *put_name16(uint8_t *at, wire_name16 value)
{
    memcpy(at, value.text, sizeof value.text);
    return at + sizeof value.text;
}

static inline wire_name16 get_name16(const uint8_t *at)
{
    wire_name16 value;
    memcpy(value.text, at, sizeof value.text);
    return value;
}

static inline uint8_t *put_cells8(uint8_t *at, wire_cells8 value)
{
    for (size_t i = 0; i < 8; i++) {
        at = put_u16(at, value.mv[i]);
    }
    return at;
}

static inline wire_cells8 get_cells8(const uint8_t *at)
{
    wire_cells8 value;
    for (size_t i = 0; i < 8; i++) {
        value.mv[i] = get_u16(at + 2 * i);
    }
    return value;
}

#endif
