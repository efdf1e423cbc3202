#include "codec.h"

#include <string.h>

#include "bytes.h"

uint32_t crc32_iso_hdlc(const uint8_t *bytes, size_t count)
{
    /* Half a byte at a time: 64 bytes of flash instead of 1024, fast enough for 115200 baud. */
    static const uint32_t TABLE[16] = {
        0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
        0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu, 0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
    };
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < count; i++) {
        crc = TABLE[(crc ^ bytes[i]) & 0x0Fu] ^ (crc >> 4);
        crc = TABLE[(crc ^ (uint32_t)(bytes[i] >> 4)) & 0x0Fu] ^ (crc >> 4);
    }
    return crc ^ 0xFFFFFFFFu;
}

size_t cobs_decode(const uint8_t *encoded, size_t count, uint8_t *out, size_t capacity)
{
    size_t read = 0, written = 0;
    while (read < count) {
        size_t run = encoded[read];
        bool last = run == count - read;
        size_t zero = (!last && run < 0xFFu) ? 1u : 0u;
        if (run == 0 || run > count - read || written + run - 1 + zero > capacity) {
            return 0;
        }
        for (size_t i = 1; i < run; i++) {
            if (encoded[read + i] == 0) {
                return 0;
            }
            out[written++] = encoded[read + i];
        }
        if (zero) {
            out[written++] = 0;
        }
        read += run;
    }
    return written;
}

size_t frame_encode(uint8_t type, uint16_t sequence, const uint8_t *payload, size_t payload_bytes, uint8_t *out,
                    size_t capacity)
{
    uint8_t body[FRAME_MAX_BODY];
    if (payload_bytes > FRAME_MAX_PAYLOAD || capacity < FRAME_HEADER_BYTES + payload_bytes + FRAME_CRC_BYTES + 2u) {
        return 0;
    }
    uint8_t *at = put_u16(put_u8(body, type), sequence);
    if (payload_bytes > 0) {
        memcpy(at, payload, payload_bytes);
        at += payload_bytes;
    }
    at = put_u32(at, crc32_iso_hdlc(body, (size_t)(at - body)));

    /* COBS: each zero is replaced by the distance to the next one; a body this short never fills a run of 254. */
    size_t count = (size_t)(at - body), code = 0;
    for (size_t i = 0; i < count; i++) {
        out[i + 1] = body[i];
        if (body[i] == 0) {
            out[code] = (uint8_t)(i + 1 - code);
            code = i + 1;
        }
    }
    out[code] = (uint8_t)(count + 1 - code);
    out[count + 1] = 0;
    return count + 2;
}

static parse_result finish(frame_parser *parser, frame *found)
{
    size_t length = parser->length;
    bool too_long = parser->too_long;
    parser->length = 0;
    parser->too_long = false;
    if (length == 0 && !too_long) {
        return PARSE_MORE;
    }
    size_t count = too_long ? 0 : cobs_decode(parser->encoded, length, parser->body, sizeof parser->body);
    if (count < FRAME_HEADER_BYTES + FRAME_CRC_BYTES) {
        return PARSE_REJECTED;
    }
    size_t checked = count - FRAME_CRC_BYTES;
    if (crc32_iso_hdlc(parser->body, checked) != get_u32(parser->body + checked)) {
        return PARSE_REJECTED;
    }
    found->type = parser->body[0];
    found->sequence = get_u16(parser->body + 1);
    found->payload = parser->body + FRAME_HEADER_BYTES;
    found->payload_bytes = checked - FRAME_HEADER_BYTES;
    return PARSE_FRAME;
}

parse_result frame_parser_take(frame_parser *parser, uint8_t byte, frame *found)
{
    if (byte == 0) {
        return finish(parser, found);
    }
    if (parser->length == sizeof parser->encoded) {
        parser->too_long = true;
        return PARSE_MORE;
    }
    parser->encoded[parser->length++] = byte;
    return PARSE_MORE;
}
