// What every generated file includes, the same for all networks: it is compiled once.
#ifndef SEGREGATED_DENDRITES_GENERATED_H
#define SEGREGATED_DENDRITES_GENERATED_H
#include "arithmetic.h"
#include "draws.h"
#include "brianlib/dynamic_array.h"
#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

// How often anything has changed of which copies are kept (see threshold.cpp).
inline long changed = 0;

// A number of flags that can be read 64 at a time.
constexpr int padded(int size) { return (size + 63)/64*64; }

// Cells whose flags are 1 (`cells`: which these are; if null, the flags are of all); their number.
// Flags beyond `size` are 0. They are packed, 64 into a word: random flags would make a branch guess
// wrong at every other one.
inline int32_t listed(const char* flags, int size, int32_t* list, const int32_t* cells = nullptr)
{
    int32_t count = 0;
    for (int first = 0; first < size; first += 64)
    {
        uint64_t word = 0;
#if defined(__AVX512BW__)
        word = _mm512_cmpneq_epi8_mask(_mm512_loadu_si512(flags + first), _mm512_setzero_si512());
        for (int cell = first; word; cell += 16, word >>= 16)
        {
            const __m512i sixteen = cells ? _mm512_loadu_si512(cells + cell) : _mm512_add_epi32(
                _mm512_set1_epi32(cell), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
            _mm512_mask_compressstoreu_epi32(list + count, word, sixteen);
            count += __builtin_popcount(word & 0xffff);
        }
#else
#if defined(__SSE2__)
        for (int k = 0; k < 4; k++)
        {
            const __m128i sixteen = _mm_loadu_si128((const __m128i*)(flags + first + 16*k));
            word |= (uint64_t)_mm_movemask_epi8(_mm_slli_epi16(sixteen, 7)) << 16*k;
        }
#else
        for (int k = 0; k < 8; k++)
        {
            uint64_t eight;
            std::memcpy(&eight, flags + first + 8*k, 8);
            word |= (eight*0x0102040810204080ULL) >> 56 << 8*k; // a flag a bit, little-endian
        }
#endif
        for (; word; word &= word - 1)
        {
            const int32_t cell = first + __builtin_ctzll(word);
            list[count++] = cells ? cells[cell] : cell;
        }
#endif
    }
    return count;
}
#endif
