/* The firmware as a process: its serial line is a pty, its hardware is a world on a socket (PROTOCOL.md). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "core.h"

enum { RECORD_VERSION = 2, INPUT_BYTES = 80, OUTPUT_BYTES = 32, CONNECT_TRIES = 600, CONNECT_PAUSE_MS = 50 };

typedef struct {
    const char *link;
    const char *hardware;
    fw_config config;
} options;

typedef struct {
    int master;
    int hardware;
    fw_state firmware;
    uint8_t unsent[FW_OUTBOX_BYTES];
    size_t unsent_length;
    uint64_t clock_us;
} base;

static volatile sig_atomic_t stop_asked = 0;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

static int fail(const char *what, const char *which)
{
    fprintf(stderr, "aisle_firmware: %s %s: %s\n", what, which, strerror(errno));
    return -1;
}

static const char USAGE[] =
    "usage: aisle_firmware --link PATH --hardware PATH --ticks-per-turn N --forward-limit RADPS --turn-limit RADPS\n"
    "       --forward-acceleration RADPS2 --forward-braking RADPS2 --turn-acceleration RADPS2 --battery-minimum-mv N\n"
    "       [--reset-cause N] [--board-id N]\n";

static bool read_options(int argc, char **argv, options *o)
{
    static const struct option LONG[] = {
        {"link", required_argument, NULL, 'l'},
        {"hardware", required_argument, NULL, 'h'},
        {"ticks-per-turn", required_argument, NULL, 'n'},
        {"forward-limit", required_argument, NULL, 'f'},
        {"turn-limit", required_argument, NULL, 't'},
        {"forward-acceleration", required_argument, NULL, 'a'},
        {"forward-braking", required_argument, NULL, 'b'},
        {"turn-acceleration", required_argument, NULL, 'u'},
        {"battery-minimum-mv", required_argument, NULL, 'm'},
        {"reset-cause", required_argument, NULL, 'r'},
        {"board-id", required_argument, NULL, 'i'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", LONG, NULL)) != -1) {
        switch (option) {
        case 'l': o->link = optarg; break;
        case 'h': o->hardware = optarg; break;
        case 'n': o->config.ticks_per_turn = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'f': o->config.forward_limit_radps = strtof(optarg, NULL); break;
        case 't': o->config.turn_limit_radps = strtof(optarg, NULL); break;
        case 'a': o->config.forward_acceleration_radps2 = strtof(optarg, NULL); break;
        case 'b': o->config.forward_braking_radps2 = strtof(optarg, NULL); break;
        case 'u': o->config.turn_acceleration_radps2 = strtof(optarg, NULL); break;
        case 'm': o->config.battery_minimum_mv = strtof(optarg, NULL); break;
        case 'r': o->config.reset_cause = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'i': o->config.board_id = strtoull(optarg, NULL, 10); break;
        default: return false;
        }
    }
    return o->link != NULL && o->hardware != NULL && optind == argc;
}

/* Make the slave side transparent; it is closed again, so that the master sees "no host" until one opens it. */
static int make_raw(const char *slave)
{
    struct termios line;
    int descriptor = open(slave, O_RDWR | O_NOCTTY);
    if (descriptor < 0 || tcgetattr(descriptor, &line) != 0) {
        return fail("cannot open", slave);
    }
    cfmakeraw(&line);
    int result = tcsetattr(descriptor, TCSANOW, &line);
    close(descriptor);
    return result;
}

/* Point `link` at the slave in one step, also over what a killed firmware left behind. */
static int publish(const char *slave, const char *link)
{
    char next[4096];
    if (snprintf(next, sizeof next, "%s.next", link) >= (int)sizeof next) {
        errno = ENAMETOOLONG;
        return fail("cannot link", link);
    }
    unlink(next);
    if (symlink(slave, next) != 0 || rename(next, link) != 0) {
        return fail("cannot link", link);
    }
    return 0;
}

static int open_line(const char *link)
{
    char slave[128];
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, slave, sizeof slave) != 0) {
        return fail("cannot open a pty for", link);
    }
    if (make_raw(slave) != 0 || publish(slave, link) != 0) {
        return -1;
    }
    printf("serial line %s -> %s\n", link, slave);
    fflush(stdout);
    return master;
}

static int connect_hardware(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timespec pause = {.tv_nsec = CONNECT_PAUSE_MS * 1000000L};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return fail("cannot connect to", path);
    }
    strcpy(address.sun_path, path);
    for (int tries = 0; tries < CONNECT_TRIES && !stop_asked; tries++) {
        int descriptor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (descriptor >= 0 && connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) {
            return descriptor;
        }
        if (descriptor >= 0) {
            close(descriptor);
        }
        nanosleep(&pause, NULL);
    }
    return fail("no world listens on", path);
}

/* Ask without waiting whether a host holds the line open, and whether it sent something. */
static short line_events(int master)
{
    struct pollfd line = {.fd = master, .events = POLLIN};
    return poll(&line, 1, 0) > 0 ? line.revents : 0;
}

static void send_to_host(base *b)
{
    if (b->unsent_length == 0) {
        b->unsent_length = fw_transmit(&b->firmware, b->unsent, sizeof b->unsent);
    }
    if (line_events(b->master) & POLLHUP) {
        b->unsent_length = 0;
        return;
    }
    ssize_t count = write(b->master, b->unsent, b->unsent_length);
    if (count > 0) {
        memmove(b->unsent, b->unsent + count, b->unsent_length - (size_t)count);
        b->unsent_length -= (size_t)count;
    }
}

static void receive_from_host(base *b)
{
    uint8_t bytes[512];
    ssize_t count = read(b->master, bytes, sizeof bytes);
    if (count > 0) {
        fw_receive(&b->firmware, b->clock_us, bytes, (size_t)count);
        send_to_host(b);
    }
}

/* The record's layout is a table in PROTOCOL.md, "Simulated hardware". */
static void read_inputs(const uint8_t *record, fw_inputs *in)
{
    in->ticks_left = get_i32(record + 12);
    in->ticks_right = get_i32(record + 16);
    for (size_t axis = 0; axis < 3; axis++) {
        in->acceleration_mps2[axis] = get_f32(record + 20 + 4 * axis);
        in->rate_radps[axis] = get_f32(record + 32 + 4 * axis);
    }
    in->battery_ma = get_i32(record + 44);
    in->battery_mv = get_u16(record + 48);
    in->battery_dc = get_i16(record + 50);
    for (size_t cell = 0; cell < FW_CELLS; cell++) {
        in->cells_mv[cell] = get_u16(record + 52 + 2 * cell);
    }
    in->motor_ma[0] = get_i16(record + 68);
    in->motor_ma[1] = get_i16(record + 70);
    in->battery_percent = record[72];
    in->charging = record[73];
    in->bumpers = record[74];
    in->cliffs = record[75];
    in->contacts = record[76];
    in->stop_chain = record[77];
    in->motor_faults = record[78];
}

static void write_outputs(uint8_t *answer, uint64_t clock_us, const fw_outputs *out)
{
    uint8_t *at = put_u64(answer, clock_us);
    at = put_f32(put_f32(at, out->left_radps), out->right_radps);
    at = put_f32(put_f32(at, out->left_duty), out->right_duty);
    at = put_u8(put_u8(put_u8(at, out->brake), out->relay), out->light_pattern);
    memcpy(at, out->light_rgb, sizeof out->light_rgb);
}

/* Answer one record of the world: 1 answered, 0 the world has gone, -1 a record of another kind. */
static int serve_hardware(base *b)
{
    uint8_t record[INPUT_BYTES + 1], answer[OUTPUT_BYTES] = {0};
    fw_inputs in;
    fw_outputs out;
    ssize_t count = recv(b->hardware, record, sizeof record, 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) {
        return 0;
    }
    if (count != INPUT_BYTES || get_u16(record) != RECORD_VERSION) {
        fprintf(stderr, "aisle_firmware: hardware record of %zd bytes, expected %d of version %d\n", count,
                INPUT_BYTES, RECORD_VERSION);
        return -1;
    }
    b->clock_us = get_u64(record + 4);
    read_inputs(record, &in);
    fw_step(&b->firmware, b->clock_us, &in, &out);
    send_to_host(b);
    write_outputs(answer, b->clock_us, &out);
    return send(b->hardware, answer, sizeof answer, MSG_NOSIGNAL) == OUTPUT_BYTES ? 1 : 0;
}

static int run(base *b)
{
    int answered = 1;
    while (answered == 1 && !stop_asked) {
        /* A line that nobody holds open reports POLLHUP for ever; leave it out until the next record, but not before
         * the last words of the host that closed it are read: they may be "disarm". */
        short events = line_events(b->master);
        int line = (events & POLLHUP) && !(events & POLLIN) ? -1 : b->master;
        struct pollfd ready[2] = {{.fd = b->hardware, .events = POLLIN}, {.fd = line, .events = POLLIN}};
        if (poll(ready, 2, 200) <= 0) {
            continue;
        }
        if (ready[1].revents & POLLIN) {
            receive_from_host(b);
        }
        if (ready[0].revents != 0) {
            answered = serve_hardware(b);
        }
    }
    return answered < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static base b;
    options o = {0};
    if (!read_options(argc, argv, &o)) {
        fputs(USAGE, stderr);
        return 2;
    }
    if (!fw_init(&b.firmware, &o.config)) {
        fputs("aisle_firmware: ticks, limits and accelerations must all be given and greater than 0\n", stderr);
        return 2;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    b.master = open_line(o.link);
    if (b.master < 0) {
        return EXIT_FAILURE;
    }
    b.hardware = connect_hardware(o.hardware);
    int status = b.hardware < 0 ? EXIT_FAILURE : run(&b);
    unlink(o.link);
    return stop_asked ? EXIT_SUCCESS : status;
}
