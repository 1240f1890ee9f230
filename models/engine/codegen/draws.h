// Random numbers, many at a time, in loops without dependencies that the compiler vectorises;
// Brian2's Mersenne twister makes them one by one.
//
// Single precision: xoshiro128+ (Blackman & Vigna 2021) in the lanes of a vector register, whose
// upper 24 bits become a float; a loop over cells takes a block of them, one for each cell. Normal
// numbers are made from such blocks (Box & Muller 1958).
// Double precision: each number is a hash of its place in the sequence (SplitMix64: Steele, Lea &
// Flood 2014), 53 bits, taken one after the other.
#ifndef SEGREGATED_DENDRITES_DRAWS_H
#define SEGREGATED_DENDRITES_DRAWS_H
#include <cmath>
#include <cstdint>
#include <vector>

// The registers that there are.
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

// The finalizer of SplitMix64, which spreads a number over all 64 bits.
inline uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30))*0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27))*0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

constexpr uint64_t STEP = 0x9e3779b97f4a7c15ULL;

template <typename Real> struct Draws;

template <> struct Draws<double>
{
    static constexpr int block = 4096;
    uint64_t place = 0;
    int used = block;
    double numbers[block];

    // Chunks get far-apart places: the seed is hashed before it becomes one.
    void seed(uint64_t value)
    {
        place = mixed(value + STEP);
        used = block;
    }

    __attribute__((noinline)) void refill()
    {
        for (int k = 0; k < block; k++)
            numbers[k] = (mixed(place + (uint64_t)(k + 1)*STEP) >> 11)*0x1p-53;
        place += (uint64_t)block*STEP;
        used = 0;
    }

    inline double uniform()
    {
        if (__builtin_expect(used == block, 0))
            refill();
        return numbers[used++];
    }
};

typedef uint32_t Words __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t Ints __attribute__((vector_size(VECTOR_BYTES)));
typedef float Floats __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
constexpr int LANES = VECTOR_BYTES/4;

// A generator in each lane.
struct Lanes
{
    Words a, b, c, d;

    void seed(uint64_t& place)
    {
        for (Words* words : {&a, &b, &c, &d})
            for (int k = 0; k < LANES; k++)
                (*words)[k] = mixed(place += STEP) >> 32;
    }

    inline Words next()
    {
        const Words word = a + d, t = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = (d << 11) | (d >> 21);
        return word;
    }
};

template <> struct Draws<float>
{
    Lanes even, odd; // two: each waits for its own last word
    std::vector<float> radius, angle, single;
    size_t used = 0;

    void seed(uint64_t value)
    {
        uint64_t place = mixed(value + STEP);
        even.seed(place);
        odd.seed(place);
        used = single.size();
    }

    // Room for so many numbers: they come in whole vectors.
    static constexpr int whole(int size) { return (size + 2*LANES - 1)/(2*LANES)*(2*LANES); }

    // A block of (word >> shift)*scale + shifted; `to` has room for whole(size).
    template <int shift> inline void fill(float* to, int size, float scale, float shifted)
    {
        Lanes first = even, second = odd;
        for (int k = 0; k < size; k += 2*LANES)
        {
            const Ints one = (Ints)(first.next() >> shift), two = (Ints)(second.next() >> shift);
            ((Floats*)(to + k))[0] = __builtin_convertvector(one, Floats)*scale + shifted;
            ((Floats*)(to + k))[1] = __builtin_convertvector(two, Floats)*scale + shifted;
        }
        even = first;
        odd = second;
    }

    // A block of numbers of [0, 1).
    __attribute__((noinline)) void uniforms(float* to, int size) { fill<8>(to, size, 0x1p-24f, 0); }

    // A block of standard normal numbers. Three loops: one with sine and cosine is not vectorised.
    __attribute__((noinline)) void normals(float* to, int size)
    {
        const int half = whole((size + 1)/2);
        radius.resize(half);
        angle.resize(half);
        float* const r = radius.data();
        float* const phi = angle.data();
        fill<1>(r, half, 0x1p-31f, 0x1p-31f);
        fill<8>(phi, half, 0x1p-24f*6.2831853f, 0);
        for (int k = 0; k < half; k++)
            r[k] = std::sqrt(-2.0f*std::log(r[k]));
        for (int k = 0; k < half; k++)
            to[k] = r[k]*std::cos(phi[k]);
        for (int k = half; k < size; k++)
            to[k] = r[k - half]*std::sin(phi[k - half]);
    }

    // One number of [0, 1), where no loop over cells takes a block.
    inline float uniform()
    {
        if (__builtin_expect(used == single.size(), 0))
        {
            single.resize(1024);
            uniforms(single.data(), single.size());
            used = 0;
        }
        return single[used++];
    }

    inline float normal()
    {
        return std::sqrt(-2.0f*std::log(1.0f - uniform()))*std::cos(6.2831853f*uniform());
    }
};

inline Draws<REAL> draws; // REAL: float or double, a flag of the compiler
#endif
