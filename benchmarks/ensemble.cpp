// A bound for one core: two-compartment bursting cells (Naud & Sprekeler 2018) in single precision.
// The same recursion as ensemble.py: Euler, noise by Ornstein and Uhlenbeck in both compartments,
// and the same counting of events and bursts; a step of all cells, then the next step.
//
//   ensemble CELLS STEPS SIGMA SEED I_s I_d [I_s I_d ...]
//
// Currents are in pA, for STEPS steps of 0.1 ms each; a line of events and bursts for each of them.
// Here voltages are in mV, currents in pA, times in ms, capacitances in pF.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>
using std::vector;

constexpr float dt = 0.1f, tau_s = 16, tau_d = 7, tau_ws = 100, tau_wd = 30, tau_n = 2;
constexpr float C_s = 370, C_d = 170, g_s = 1300, g_d = 1200, b_ws = -200, a_wd = -13, c_d = 2600;
constexpr float E_L = -70, V_T = -50, E_d = -38, D_d = 6, mu_s = 70, mu_d = -270;
constexpr int REFRACTORY = 30, FROM = 5, TO = 25, WITHIN = 160;  // ages in steps

// A number's place in the sequence, hashed to 24 bits in (0, 1): nothing depends on what was drawn before.
static inline float uniform(uint32_t place) {
    uint32_t z = place;
    z = (z ^ (z >> 16)) * 0x21f0aaadu;
    z = (z ^ (z >> 15)) * 0x735a2d97u;
    return ((int32_t)((z ^ (z >> 15)) >> 8) + 0.5f) * 0x1p-24f;
}

int main(int argc, char **argv) {
    if (argc < 7 || argc % 2 == 0) { std::fprintf(stderr, "CELLS STEPS SIGMA SEED I_s I_d ...\n"); return 2; }
    const int N = std::atoi(argv[1]), steps = std::atoi(argv[2]);
    const float sigma = std::atof(argv[3]);
    uint32_t place = std::atoi(argv[4]) * 0x9e3779b9u;

    vector<float> soma(N, E_L), dendrite(N, E_L), slow(N), calcium(N), noise_s(N, mu_s), noise_d(N, mu_d);
    vector<float> radius(N), angle(N), normal_s(N), normal_d(N);
    vector<int32_t> ages(N, 1000), bursting(N);
    float *V_s = soma.data(), *V_d = dendrite.data(), *w_s = slow.data(), *w_d = calcium.data();
    float *n_s = noise_s.data(), *n_d = noise_d.data(), *r = radius.data(), *a = angle.data();
    float *z_s = normal_s.data(), *z_d = normal_d.data();
    int32_t *age = ages.data();
    const float forget = std::exp(-dt / tau_ws), pull = dt / tau_n, spread = sigma * std::sqrt(2 * dt / tau_n);

    for (int k = 5; k < argc; k += 2) {
        const float I_s = std::atof(argv[k]), I_d = std::atof(argv[k + 1]);
        long events = 0, bursts = 0;
        for (int step = 0; step < steps; step++) {
            // Normal numbers by Box and Muller. Three loops, so that each has one function of libmvec:
            // cosine and sine in one loop would become a scalar sincosf.
            for (int i = 0; i < N; i++) {
                r[i] = std::sqrt(-2 * std::log(uniform(place + 2 * i)));
                a[i] = 6.2831853f * uniform(place + 2 * i + 1);
            }
            for (int i = 0; i < N; i++) z_s[i] = r[i] * std::cos(a[i]);
            for (int i = 0; i < N; i++) z_d[i] = r[i] * std::sin(a[i]);
            place += 2 * N;

            #pragma GCC ivdep
            for (int i = 0; i < N; i++) {
                const int old = ++age[i];
                const float f = 1 / (1 + std::exp((E_d - V_d[i]) / D_d));
                const float back = (old >= FROM) & (old < TO) ? c_d : 0;      // the spike that comes back
                w_s[i] *= forget;                                             // exactly, and first
                const float to_s = (E_L - V_s[i]) / tau_s + (g_s * f + w_s[i] + I_s + n_s[i]) / C_s;
                const float to_d = (E_L - V_d[i]) / tau_d + (g_d * f + back + w_d[i] + I_d + n_d[i]) / C_d;
                w_d[i] += dt / tau_wd * (a_wd * (V_d[i] - E_L) - w_d[i]);
                n_s[i] += pull * (mu_s - n_s[i]) + spread * z_s[i];
                n_d[i] += pull * (mu_d - n_d[i]) + spread * z_d[i];
                V_s[i] += old > REFRACTORY ? dt * to_s : 0;
                V_d[i] += dt * to_d;
            }

            for (int first = 0; first < N; first += 64) {                     // few of 64 ever fire
                const int end = std::min(first + 64, N);
                float highest = E_L;
                for (int i = first; i < end; i++) highest = std::max(highest, V_s[i]);
                if (highest > V_T) for (int i = first; i < end; i++) if (V_s[i] > V_T) {
                    const bool soon = age[i] <= WITHIN;
                    events += !soon;
                    bursts += soon && !bursting[i];
                    bursting[i] = soon;
                    V_s[i] = E_L; w_s[i] += b_ws; age[i] = 0;
                }
            }
        }
        std::printf("%ld %ld\n", events, bursts);
    }
}
