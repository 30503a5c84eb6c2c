/* A memcached that answers every call a fixed time after it came, and says in the end how long each really took.
   delay-server PORT DELAY_US; SIGTERM prints one JSON line. Shares nothing with repbench: it is there to check it. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define FDS 1024
#define INPUT (1 << 20)
#define WAITING (1 << 20)
#define SAMPLES (1 << 24)

struct input { char *bytes; size_t used; };
struct call { int fd; int is_get; int64_t came, due; };

static struct input inputs[FDS];
static struct call *calls;
static uint32_t head, tail;
static float *took_us;
static uint32_t took;
static volatile sig_atomic_t over;

static void end(int sig) { (void)sig; over = 1; }

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static void take_calls(int fd, int64_t came, int64_t delay) {
  struct input *in = &inputs[fd];
  size_t at = 0;
  for (;;) {
    char *end_of_line = memmem(in->bytes + at, in->used - at, "\r\n", 2);
    if (end_of_line == NULL) break;
    size_t next = end_of_line + 2 - in->bytes;
    if (strncmp(in->bytes + at, "version", 7) == 0) {
      const char *version = "VERSION 1.6.18\r\n";
      if (send(fd, version, strlen(version), MSG_NOSIGNAL) < 0) break;
      at = next;
      continue;
    }
    int is_get = strncmp(in->bytes + at, "get", 3) == 0;
    if (!is_get) {
      char *size = end_of_line;
      while (size > in->bytes + at && size[-1] != ' ') size--;
      next += strtoul(size, NULL, 10) + 2;
    }
    if (next > in->used) break;
    calls[tail++ % WAITING] = (struct call){fd, is_get, came, came + delay};
    at = next;
  }
  memmove(in->bytes, in->bytes + at, in->used - at);
  in->used -= at;
}

static void answer_due(void) {
  while (head != tail && calls[head % WAITING].due <= now_ns()) {
    struct call *call = &calls[head++ % WAITING];
    const char *reply = call->is_get ? "END\r\n" : "STORED\r\n";
    if (inputs[call->fd].bytes == NULL) continue;
    if (send(call->fd, reply, strlen(reply), MSG_NOSIGNAL) < 0) continue;
    if (took < SAMPLES) took_us[took++] = (now_ns() - call->came) / 1e3;
  }
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int64_t delay = atoll(argv[2]) * 1000;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
  calls = malloc(sizeof *calls * WAITING);
  took_us = malloc(sizeof *took_us * SAMPLES);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 512) < 0) return perror("listen"), 1;
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.fd = listener});
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = end}, NULL);
  while (!over) {
    struct epoll_event events[64];
    int64_t wait = head == tail ? 1000000000 : calls[head % WAITING].due - now_ns();
    struct timespec timeout = {wait > 0 ? wait / 1000000000 : 0, wait > 0 ? wait % 1000000000 : 0};
    int count = epoll_pwait2(poll, events, 64, &timeout, NULL);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (client < 0 || client >= FDS) continue;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        inputs[client] = (struct input){malloc(INPUT), 0};
        epoll_ctl(poll, EPOLL_CTL_ADD, client, &(struct epoll_event){.events = EPOLLIN, .data.fd = client});
        continue;
      }
      ssize_t got = recv(fd, inputs[fd].bytes + inputs[fd].used, INPUT - inputs[fd].used, 0);
      if (got > 0) {
        inputs[fd].used += got;
        take_calls(fd, now_ns(), delay);
      } else if (got == 0 || errno != EAGAIN) {
        free(inputs[fd].bytes);
        inputs[fd].bytes = NULL;
        close(fd);
      }
    }
    answer_due();
  }
  qsort(took_us, took, sizeof *took_us, ascending);
  double sum = 0;
  for (uint32_t i = 0; i < took; i++) sum += took_us[i];
#define AT(share) (took == 0 ? 0 : took_us[(uint32_t)(share * (took - 1))])
  printf("{\"calls\":%u,\"mean\":%.1f,\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f}\n", took, took ? sum / took : 0, AT(0.5), AT(0.99), AT(0.999));
  return 0;
}
