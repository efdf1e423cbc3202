/* Little-endian fields, one byte at a time: the same on every machine, whatever its byte order or alignment. */
#ifndef AISLE_BYTES_H
#define AISLE_BYTES_H

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

static inline float get_f32(const uint8_t *at)
{
    uint32_t bits = get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
