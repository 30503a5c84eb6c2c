/* Copies all items of a memcached to another, as fast as one thread can: keys by metadump, then lines of `gets` for 100
   keys each, four of them under way, and a pipelined `set` for every item that comes, with its flags and exptime.
   copy-loop FROM_PORT TO_PORT; prints one JSON line. Shares nothing with repbench: it is there to measure it by.
   Plain keys only. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define KEYS_A_LINE 100
#define LINES 4
#define INPUT (16 << 20)
#define OUTPUT (32 << 20)
/* Reads no more while so much waits to be written. */
#define OUTPUT_FULL (4 << 20)
#define REQUESTS (KEYS_A_LINE * 256 * LINES * 2)

struct key { char *name; unsigned length; long long expires; };
/* What has come and is not used yet: from `at` to `end`. */
struct bytes { char *all; size_t at, end; };

static struct key *keys;
static size_t keys_count, keys_room;

static void die(const char *what) { fprintf(stderr, "copy-loop: %s\n", what); exit(1); }

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static int dial(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) die("no connection");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return fd;
}

static void compact(struct bytes *bytes) {
  memmove(bytes->all, bytes->all + bytes->at, bytes->end - bytes->at);
  bytes->end -= bytes->at;
  bytes->at = 0;
}

/* False when there was nothing. */
static int fill(int fd, struct bytes *bytes, size_t room) {
  if (bytes->at > 0) compact(bytes);
  ssize_t got = read(fd, bytes->all + bytes->end, room - bytes->end);
  if (got == 0 || (got < 0 && errno != EAGAIN)) die("a server closed the connection");
  if (got > 0) bytes->end += got;
  return got > 0;
}

static void drain(int fd, struct bytes *bytes) {
  ssize_t put = write(fd, bytes->all + bytes->at, bytes->end - bytes->at);
  if (put > 0) bytes->at += put;
  if (bytes->at == bytes->end) bytes->at = bytes->end = 0;
}

static int hex(char digit) { return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10; }

static void keep_key(const char *line) {
  char name[256];
  unsigned length = 0;
  for (const char *p = line + 4; *p != ' ' && length < 250; length++, p++) {
    name[length] = *p == '%' ? hex(p[1]) * 16 + hex(p[2]) : *p;
    if (*p == '%') p += 2;
    if ((unsigned char)name[length] <= ' ' || name[length] == 127) return;
  }
  if (keys_count == keys_room) keys = realloc(keys, (keys_room = keys_room ? keys_room * 2 : 65536) * sizeof *keys);
  long long expires = atoll(strstr(line, " exp=") + 5);
  keys[keys_count++] = (struct key){memcpy(malloc(length), name, length), length, expires < 0 ? 0 : expires};
}

static void list_keys(int fd, struct bytes *input) {
  static const char command[] = "lru_crawler metadump hash\r\n";
  if (write(fd, command, sizeof command - 1) < 0) die("no question");
  for (;;) {
    char *line = input->all + input->at, *feed = memchr(line, '\n', input->end - input->at);
    if (!feed) { fill(fd, input, INPUT); continue; }
    input->at = feed + 1 - input->all;
    if (!strncmp(line, "key=", 4)) keep_key(line);
    else if (!strncmp(line, "END", 3)) return;
    else if (strncmp(line, "OK", 2)) die("no list of keys");
  }
}

static size_t asked, copied, gone, stored, replies, value_bytes;
static size_t first_of_line[LINES];
static unsigned lines_asked, lines_done;

static void ask_line(struct bytes *requests) {
  char *out = requests->all + requests->end;
  first_of_line[lines_asked++ % LINES] = asked;
  out = stpcpy(out, "gets");
  for (unsigned i = 0; i < KEYS_A_LINE && asked < keys_count; i++, asked++) {
    *out++ = ' ';
    out = mempcpy(out, keys[asked].name, keys[asked].length);
  }
  requests->end = stpcpy(out, "\r\n") - requests->all;
}

/* Turns what has come into sets. */
static void pass_on(struct bytes *input, struct bytes *output) {
  static size_t place;
  static int is_first = 1;
  while (output->end - output->at < OUTPUT_FULL) {
    char *line = input->all + input->at, *feed = memchr(line, '\n', input->end - input->at);
    if (!feed) return;
    if (*line == 'E') { input->at = feed + 1 - input->all; lines_done++; is_first = 1; continue; }
    if (*line != 'V') die("no item");
    char *name = line + 6, *rest = memchr(name, ' ', feed - name);
    unsigned length = rest - name;
    unsigned long flags = strtoul(rest, &rest, 10), bytes = strtoul(rest, &rest, 10);
    if ((size_t)(feed + 1 - input->all) + bytes + 2 > input->end) return;
    if (is_first) place = first_of_line[lines_done % LINES];
    is_first = 0;
    for (; keys[place].length != length || memcmp(keys[place].name, name, length); place++) gone++;
    if (output->end + length + bytes + 100 > OUTPUT) compact(output);
    char *out = mempcpy(stpcpy(output->all + output->end, "set "), name, length);
    out += sprintf(out, " %lu %lld %lu\r\n", flags, keys[place++].expires, bytes);
    output->end = (char *)mempcpy(out, feed + 1, bytes + 2) - output->all;
    input->at = feed + 1 - input->all + bytes + 2;
    copied++;
    value_bytes += bytes;
  }
}

static void count_replies(struct bytes *told) {
  for (char *feed; (feed = memchr(told->all + told->at, '\n', told->end - told->at)); told->at = feed + 1 - told->all) {
    replies++;
    if (!strncmp(told->all + told->at, "STORED", 6)) stored++;
  }
}

int main(int count, char **arguments) {
  if (count != 3) die("expected FROM_PORT TO_PORT");
  struct bytes input = {malloc(INPUT), 0, 0}, told = {malloc(INPUT), 0, 0};
  struct bytes output = {malloc(OUTPUT), 0, 0}, requests = {malloc(REQUESTS), 0, 0};
  double begun = seconds();
  int from = dial(atoi(arguments[1])), to = dial(atoi(arguments[2]));
  list_keys(from, &input);
  double listed = seconds();
  fcntl(from, F_SETFL, O_NONBLOCK);
  fcntl(to, F_SETFL, O_NONBLOCK);
  while (asked < keys_count || lines_done < lines_asked || replies < copied) {
    while (lines_asked - lines_done < LINES && asked < keys_count) ask_line(&requests);
    int is_full = output.end - output.at >= OUTPUT_FULL;
    struct pollfd polled[] = {
        {from, (is_full ? 0 : POLLIN) | (requests.end > requests.at ? POLLOUT : 0), 0},
        {to, POLLIN | (output.end > output.at ? POLLOUT : 0), 0},
    };
    poll(polled, 2, -1);
    if (polled[0].revents & POLLOUT) drain(from, &requests);
    if (polled[0].revents & ~POLLOUT) fill(from, &input, INPUT);
    pass_on(&input, &output);
    if (polled[1].revents & POLLOUT) drain(to, &output);
    if (polled[1].revents & ~POLLOUT && fill(to, &told, INPUT)) count_replies(&told);
  }
  double ended = seconds();
  printf("{\"listed\":%zu,\"copied\":%zu,\"stored\":%zu,\"gone\":%zu,\"bytes\":%zu,\"listSeconds\":%.3f,\"seconds\":%.3f}\n",
         keys_count, copied, stored, gone, value_bytes, listed - begun, ended - begun);
  return 0;
}
