/* Frames of the base protocol: COBS, CRC-32, type, sequence (PROTOCOL.md). No state beyond the parser's buffer. */
#ifndef AISLE_CODEC_H
#define AISLE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER_BYTES 3u
#define FRAME_CRC_BYTES 4u
#define FRAME_MAX_PAYLOAD 240u
/* A body of at most 253 bytes costs exactly one byte of COBS. */
#define FRAME_MAX_BODY (FRAME_HEADER_BYTES + FRAME_MAX_PAYLOAD + FRAME_CRC_BYTES)
#define FRAME_MAX_ENCODED (FRAME_MAX_BODY + 1u)

typedef struct {
    uint8_t type;
    uint16_t sequence;
    const uint8_t *payload; /* valid until the parser's next byte */
    size_t payload_bytes;
} frame;

typedef enum { PARSE_MORE, PARSE_FRAME, PARSE_REJECTED } parse_result;

typedef struct {
    uint8_t encoded[FRAME_MAX_ENCODED];
    uint8_t body[FRAME_MAX_BODY];
    size_t length;
    bool too_long;
} frame_parser;

uint32_t crc32_iso_hdlc(const uint8_t *bytes, size_t count);

/* Decode COBS without its delimiter. Returns the number of bytes written, 0 if the bytes are no COBS or too many. */
size_t cobs_decode(const uint8_t *encoded, size_t count, uint8_t *out, size_t capacity);

/* Write one frame with its delimiter. Returns its length, 0 if it does not fit. */
size_t frame_encode(uint8_t type, uint16_t sequence, const uint8_t *payload, size_t payload_bytes, uint8_t *out,
                    size_t capacity);

/* Take one received byte. PARSE_FRAME fills `found`; PARSE_REJECTED means that a damaged frame ended here. */
parse_result frame_parser_take(frame_parser *parser, uint8_t byte, frame *found);

#endif
