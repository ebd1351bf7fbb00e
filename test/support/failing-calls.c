/*
 * Makes one call of the system fail, for a process that is started with it as LD_PRELOAD: the one that is
 * FAULT_N-th, from 0, of those on paths that have FAULT_PATH in them, and FAULT_TIMES - 1 more (0: all).
 * It fails with FAULT_ERRNO; with FAULT_SHORT it reads or writes half of what it was asked to. All such
 * calls are listed in FAULT_LOG: their names and paths.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define LONGEST 4096
#define REAL(result, name, ...)              \
  static result (*real)(__VA_ARGS__) = NULL; \
  if (real == NULL) real = dlsym(RTLD_NEXT, #name)

static const char *wanted = NULL;
static long first, times, count = 0;
static int error, is_short, log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static long number(const char *name, long fallback) {
  const char *text = getenv(name);
  return text == NULL ? fallback : atol(text);
}

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("FAULT_LOG");
  first = number("FAULT_N", -1);
  times = number("FAULT_TIMES", 1);
  error = (int)number("FAULT_ERRNO", EIO);
  is_short = getenv("FAULT_SHORT") != NULL;
  if (log != NULL) log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  wanted = getenv("FAULT_PATH");
}

static void note(const char *call, const char *path) {
  char line[LONGEST + 64];
  REAL(ssize_t, write, int, const void *, size_t);
  int length = snprintf(line, sizeof line, "%s %s\n", call, path);
  if (log_fd >= 0 && real(log_fd, line, length) < 0) log_fd = -1;
}

static int fails(const char *call, const char *path) {
  if (wanted == NULL || path == NULL || strstr(path, wanted) == NULL) return 0;
  pthread_mutex_lock(&lock);
  long n = count++;
  note(call, path);
  pthread_mutex_unlock(&lock);
  if (first < 0 || n < first || (times != 0 && n >= first + times)) return 0;
  errno = error;
  return 1;
}

static int fails_at(const char *call, int fd) {
  char link[64], path[LONGEST];
  if (wanted == NULL || fd <= 2) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, LONGEST - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(call, path);
}

#define OPEN(name)                                                     \
  int name(const char *path, int flags, ...) {                         \
    REAL(int, name, const char *, int, ...);                           \
    va_list rest;                                                      \
    va_start(rest, flags);                                             \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                      \
    return fails("open", path) ? -1 : real(path, flags, mode);         \
  }
OPEN(open)
OPEN(open64)

#define TRANSFER(name, call, buffer)                    \
  ssize_t name(int fd, buffer bytes, size_t length) {   \
    REAL(ssize_t, name, int, buffer, size_t);           \
    if (!fails_at(call, fd)) return real(fd, bytes, length); \
    return is_short && length > 1 ? real(fd, bytes, length / 2) : -1; \
  }
TRANSFER(read, "read", void *)
TRANSFER(write, "write", const void *)

#define TRANSFER_AT(name, call, buffer, place)                       \
  ssize_t name(int fd, buffer bytes, size_t length, place offset) {  \
    REAL(ssize_t, name, int, buffer, size_t, place);                 \
    if (!fails_at(call, fd)) return real(fd, bytes, length, offset); \
    return is_short && length > 1 ? real(fd, bytes, length / 2, offset) : -1; \
  }
TRANSFER_AT(pread, "read", void *, off_t)
TRANSFER_AT(pread64, "read", void *, off64_t)
TRANSFER_AT(pwrite, "write", const void *, off_t)
TRANSFER_AT(pwrite64, "write", const void *, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int number_of_parts) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  return fails_at("write", fd) ? -1 : real(fd, parts, number_of_parts);
}

#define SYNC(name)                      \
  int name(int fd) {                    \
    REAL(int, name, int);               \
    return fails_at("sync", fd) ? -1 : real(fd); \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, size)                          \
  int name(int fd, size length) {                     \
    REAL(int, name, int, size);                       \
    return fails_at("truncate", fd) ? -1 : real(fd, length); \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define MOVE(name)                                    \
  int name(const char *from, const char *to) {        \
    REAL(int, name, const char *, const char *);      \
    return fails(#name, to) ? -1 : real(from, to);    \
  }
MOVE(rename)
MOVE(link)

int unlink(const char *path) {
  REAL(int, unlink, const char *);
  return fails("unlink", path) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  return fails("mkdir", path) ? -1 : real(path, mode);
}
