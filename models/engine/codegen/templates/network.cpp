{# The loop over steps, without sets and without allocations: clocks are numbered once. #}
{% macro cpp_file() %}
#include "network.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

// All arrays begin with a line of the cache, so that no vector lies across two; large ones with a
// large page, where there are such: a program's start would be half as long again without.
void* operator new(std::size_t size)
{
    const std::size_t line = 64, page = 1 << 21, unit = size < page/4 ? line : page;
    size = (size + unit - 1)/unit*unit;
    void* const found = std::aligned_alloc(unit, size);
    if (!found)
        throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    if (unit == page)
        madvise(found, size, MADV_HUGEPAGE); // it may say no
#endif
    return found;
}
void operator delete(void* array) noexcept { std::free(array); }
void operator delete(void* array, std::size_t) noexcept { std::free(array); }

double Network::_last_run_time = 0.0;
double Network::_last_run_completed_fraction = 0.0;
bool Network::_globally_stopped = false;
bool Network::_globally_running = false;
double Network::_before = 0.0;
double Network::_reached = 0.0;

Network::Network() : t(0.0) {}

void Network::clear()
{
    clocks.clear();
    objects.clear();
}

void Network::add(BaseClock* clock, codeobj_func function)
{
    size_t k = 0;
    while (k < clocks.size() && clocks[k] != clock)
        k++;
    if (k == clocks.size())
        clocks.push_back(clock);
    if (function)
        objects.push_back({k, function});
}

void Network::run(const double duration, report_func, const double)
{
    const auto start = std::chrono::steady_clock::now();
    const double end = t + duration;
    std::vector<char> due(clocks.size());
    for (BaseClock* clock : clocks)
        clock->set_interval(t, end);
    while (true)
    {
        BaseClock* first = clocks.empty() ? nullptr : clocks[0];
        for (BaseClock* clock : clocks)
            if (clock->t[0] < first->t[0])
                first = clock;
        if (!first || !first->running() || first->t[0] > _before)
            break;
        t = first->t[0];
        for (size_t k = 0; k < clocks.size(); k++)
            due[k] = std::fabs(clocks[k]->t[0] - t) <= 1e-14;
        for (const auto& object : objects)
            if (due[object.first])
                object.second();
        for (size_t k = 0; k < clocks.size(); k++)
            if (due[k])
                clocks[k]->tick();
    }
    t = _reached = end;
    for (BaseClock* clock : clocks)
        if (clock->running())
            _reached = std::min(_reached, clock->t[0]);
    _last_run_time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    _last_run_completed_fraction = 1.0;
}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_NETWORK_H
#define _BRIAN_NETWORK_H
#include "brianlib/clocks.h"
#include <utility>
#include <vector>

typedef void (*codeobj_func)();
typedef void (*report_func)(const double, const double, const double, const double);

class Network
{
    std::vector<BaseClock*> clocks;
    std::vector<std::pair<size_t, codeobj_func>> objects; // number of its clock, and what it does
public:
    double t;
    static double _last_run_time;
    static double _last_run_completed_fraction;
    static bool _globally_stopped;
    static bool _globally_running;
    static double _before; // steps that begin after it are not taken
    static double _reached; // all steps before it are taken

    Network();
    void clear();
    void add(BaseClock* clock, codeobj_func function);
    void run(const double duration, report_func, const double);
};
#endif
{% endmacro %}
