// Uniform random numbers, many at a time. Each is a hash of its place in the sequence
// (SplitMix64: Steele, Lea & Flood 2014), so a block of them is a loop without dependencies that
// the compiler vectorises; Brian2's Mersenne twister makes them one by one.
#ifndef SEGREGATED_DENDRITES_DRAWS_H
#define SEGREGATED_DENDRITES_DRAWS_H
#include <cstdint>

struct Draws
{
    static constexpr int block = 4096;
    uint64_t place = 0;
    int used = block;
    double numbers[block];

    static inline uint64_t mix(uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    // Chunks get far-apart places: the seed is hashed before it becomes one.
    void seed(uint64_t value)
    {
        place = mix(value + 0x9e3779b97f4a7c15ULL);
        used = block;
    }

    __attribute__((noinline)) void refill()
    {
        for (int k = 0; k < block; k++)
            numbers[k] = (mix(place + (uint64_t)(k + 1) * 0x9e3779b97f4a7c15ULL) >> 11) * 0x1p-53;
        place += (uint64_t)block * 0x9e3779b97f4a7c15ULL;
        used = 0;
    }

    inline double uniform()
    {
        if (__builtin_expect(used == block, 0))
            refill();
        return numbers[used++];
    }
};

inline Draws draws;
#endif
