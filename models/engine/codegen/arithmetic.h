// What generated expressions call. Brian2's own definitions take and give doubles, which makes a
// whole line double; these keep the type of what they are given.
#ifndef SEGREGATED_DENDRITES_ARITHMETIC_H
#define SEGREGATED_DENDRITES_ARITHMETIC_H
#include "brianlib/stdint_compat.h"
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <type_traits>

// Beside the C library's functions of doubles, those of floats.
using std::ceil;
using std::cos;
using std::cosh;
using std::expm1;
using std::floor;
using std::log;
using std::log10;
using std::log1p;
using std::sin;
using std::sinh;
using std::sqrt;
using std::tan;
using std::tanh;

inline double _exp(double x) { return std::exp(x); }

// exp in a few operations that become part of a vector loop: x = n ln 2 + r, and a polynomial of r
// (relative error < 3e-7 for |x| < 16, < 1e-6 elsewhere). Where it would leave the range of floats
// it stays at the range's ends: -ffast-math does not know infinity.
inline float _exp(float x)
{
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const int n = (int)(x*1.44269504f + 127.5f) - 127;
    const float r = x - (float)n*0.693147181f;
    float p = 1.381314439e-3f;
    p = p*r + 8.369418847e-3f;
    p = p*r + 4.166845679e-2f;
    p = p*r + 1.666651479e-1f;
    p = p*r + 4.999999305e-1f;
    p = p*r*r + r + 1.0f;
    int32_t bits;
    std::memcpy(&bits, &p, 4);
    bits += n << 23;
    std::memcpy(&p, &bits, 4);
    return p;
}

template <typename T, typename A, typename B> inline T _clip(T value, A least, B most)
{
    return value < (T)least ? (T)least : value > (T)most ? (T)most : value;
}

// A Poisson number of a mean, or `most` if it is more: how many of its cumulative probabilities a
// uniform number is not below.
template <int most> inline int _capped_poisson(float mean, float uniform)
{
    float one = _exp(-mean), sum = one;
    int number = 0;
    for (int k = 1; k <= most; k++)
    {
        number += uniform >= sum;
        one *= mean/k;
        sum += one;
    }
    return number;
}

// The type in which Python would calculate.
template <typename X, typename Y> using Common = std::common_type_t<X, Y>;
template <typename X, typename Y> using Real = std::conditional_t<
    std::is_floating_point<Common<X, Y>>::value, Common<X, Y>, double>;

template <typename X, typename Y> inline Common<X, Y> _brian_floordiv(X x, Y y)
{
    if constexpr (std::is_integral<Common<X, Y>>::value)
        return x/y - (x % y != 0 && (x < 0) != (y < 0));
    else
        return std::floor((Common<X, Y>)x/(Common<X, Y>)y);
}

template <typename X, typename Y> inline Common<X, Y> _brian_mod(X x, Y y)
{
    return x - y*_brian_floordiv(x, y);
}

template <typename X, typename Y> inline Real<X, Y> _brian_pow(X x, Y y)
{
    return std::pow((Real<X, Y>)x, (Real<X, Y>)y);
}

// exp(x) - 1 over x
template <typename T> inline T _exprel(T x)
{
    return std::abs(x) < (T)1e-16 ? (T)1 : std::expm1(x)/x;
}
#endif
