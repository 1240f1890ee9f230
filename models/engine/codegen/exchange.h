// What a compiled network is given (a file on standard input, mapped into memory) and what it gives
// back (on standard output), with our side in `engine/exchange.py`. Brian2's own way, a file for each
// array of the network, costs more than a tenth of a chunk.
#ifndef SEGREGATED_DENDRITES_EXCHANGE_H
#define SEGREGATED_DENDRITES_EXCHANGE_H
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

namespace exchange
{
[[noreturn]] inline void fail(const char* what)
{
    std::fprintf(stderr, "%s\n", what);
    std::_Exit(3);
}

inline void put(const void* values, size_t bytes)
{
    [[maybe_unused]] static const int large = std::setvbuf(stdout, nullptr, _IOFBF, 1 << 18);
    if (std::fwrite(values, 1, bytes, stdout) != bytes)
        fail("the output could not be written");
}

// The whole input.
struct Input
{
    const char *place, *end;

    Input()
    {
        struct stat about;
        void* found = MAP_FAILED;
        if (!fstat(0, &about))
            found = mmap(nullptr, about.st_size, PROT_READ, MAP_PRIVATE, 0, 0);
        if (found == MAP_FAILED)
            fail("the input is not a file that can be mapped into memory");
        place = (const char*)found;
        end = place + about.st_size;
    }

    static Input& given()
    {
        static Input input;
        return input;
    }
};

// The values that follow, where they lie: their number has a line of the cache to itself.
template <typename T> inline const T* next(int64_t size)
{
    constexpr size_t line = 64;
    Input& input = Input::given();
    const size_t bytes = line + (size*sizeof(T) + line - 1)/line*line;
    if ((size_t)(input.end - input.place) < bytes || *(const int64_t*)input.place != size)
        fail("an input array has the wrong size");
    const T* const values = (const T*)(input.place + line);
    input.place += bytes;
    return values;
}

// Values that no code of the network changes.
template <typename T> inline void lend(T*& values, int64_t size)
{
    values = const_cast<T*>(next<T>(size));
}

template <typename T> inline void read(T* values, int64_t size)
{
    std::copy_n(next<T>(size), size, values);
}

// A matrix whose rows are `stride` values apart.
template <typename T> inline void read(T* values, int64_t rows, int64_t columns, int64_t stride)
{
    const T* const given = next<T>(rows*columns);
    for (int64_t row = 0; row < rows; row++)
        std::copy_n(given + row*columns, columns, values + row*stride);
}

template <typename T> inline void write(const T* values, int64_t rows, int64_t columns, int64_t stride)
{
    const int64_t size = rows*columns;
    put(&size, sizeof size);
    for (int64_t row = 0; row < rows; row++)
        put(values + row*stride, columns*sizeof(T));
}

template <typename T> inline void write(const T* values, int64_t size)
{
    put(&size, sizeof size);
    put(values, size * sizeof(T));
}

template <typename T> inline void write(const std::vector<T>& values)
{
    write(values.data(), values.size());
}

// Recorded values: a row for each time.
template <typename Rows> inline void write_rows(Rows& rows)
{
    const int64_t size = (int64_t)rows.n * rows.m;
    put(&size, sizeof size);
    for (int row = 0; row < (int)rows.n; row++)
        if (rows.m)
            put(&rows(row, 0), rows.m * sizeof(rows(row, 0)));
}

inline pid_t parent = 0;

// What comes first: seed, number of steps, and the process that waits for us. If that is gone, so are
// we: a clock has us look for it every half second, which is the same on every system, and no
// matter which of its threads has started us.
inline const uint64_t* begin()
{
    const uint64_t* const about = next<uint64_t>(3);
    parent = (pid_t)about[2];
    struct sigaction look = {};
    look.sa_handler = [](int) { if (getppid() != parent) _exit(3); };
    look.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &look, nullptr);
    const timeval often = {0, 500000};
    const itimerval clock = {often, often};
    setitimer(ITIMER_REAL, &clock, nullptr);
    return about;
}

// Seconds: processor time of the whole program, time spent in steps, and the time that the network
// has reached. And no more: the rest of Brian2's end writes files.
[[noreturn]] inline void end(double stepping, double reached)
{
    const double seconds[] = {(double)std::clock() / CLOCKS_PER_SEC, stepping, reached};
    write(seconds, 3);
    if (std::fflush(stdout))
        fail("the output could not be written");
    std::_Exit(0);
}
}
#endif
