// What a compiled network is given (on standard input) and gives back (on standard output):
// arrays one after the other, each preceded by its number of values. Brian2's own way, a file for
// each array of the network, costs more than a tenth of a chunk.
#ifndef SEGREGATED_DENDRITES_EXCHANGE_H
#define SEGREGATED_DENDRITES_EXCHANGE_H
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace exchange
{
[[noreturn]] inline void fail(const char* what)
{
    std::fprintf(stderr, "%s\n", what);
    std::_Exit(3);
}

inline void get(void* values, size_t bytes)
{
    if (std::fread(values, 1, bytes, stdin) != bytes)
        fail("the input ended too early");
}

inline void put(const void* values, size_t bytes)
{
    if (std::fwrite(values, 1, bytes, stdout) != bytes)
        fail("the output could not be written");
}

template <typename T> inline void read(T* values, int64_t size)
{
    int64_t given;
    get(&given, sizeof given);
    if (given != size)
        fail("an input array has the wrong size");
    get(values, size * sizeof(T));
}

// A matrix whose rows are `stride` values apart.
template <typename T> inline void read(T* values, int64_t rows, int64_t columns, int64_t stride)
{
    int64_t given;
    get(&given, sizeof given);
    if (given != rows*columns)
        fail("an input array has the wrong size");
    for (int64_t row = 0; row < rows; row++)
        get(values + row*stride, columns*sizeof(T));
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

// Seconds: processor time of the whole program, and time spent in steps. And no more: the rest of
// Brian2's end writes files.
[[noreturn]] inline void end(double stepping)
{
    const double seconds[] = {(double)std::clock() / CLOCKS_PER_SEC, stepping};
    write(seconds, 2);
    if (std::fflush(stdout))
        fail("the output could not be written");
    std::_Exit(0);
}
}
#endif
