// A bound for one core: a dense layer of rates that learns in each step, in single precision.
// The same recursion as layer.py, with low-pass, weight and drive of a synapse in one pass through
// the matrices: this is what a step has to read and write.
//
//   layer INPUTS CELLS STEPS < rates, targets, weights (float) > weights (float)
#include <cstdio>
#include <cstdlib>
#include <vector>
using std::vector;

constexpr float dt = 0.1f, tau = 10, tau_w = 30, eta = 3e-4f;  // ms, and 1/ms

int main(int argc, char **argv) {
    if (argc != 4) { std::fprintf(stderr, "INPUTS CELLS STEPS\n"); return 2; }
    const int inputs = std::atoi(argv[1]), cells = std::atoi(argv[2]), steps = std::atoi(argv[3]);
    vector<float> rate(inputs), target(cells), weight((size_t)inputs * cells);
    for (auto *v : {&rate, &target, &weight})
        if (std::fread(v->data(), sizeof(float), v->size(), stdin) != v->size()) return 3;
    vector<float> change(weight.size()), potential(cells), error(cells), drive(cells);

    for (int step = 0; step < steps; step++) {
        for (int i = 0; i < cells; i++) { error[i] = target[i] - potential[i]; drive[i] = 0; }
        for (int j = 0; j < inputs; j++) {
            const float r = rate[j], *e = error.data();
            float *D = &change[(size_t)j * cells], *w = &weight[(size_t)j * cells], *sum = drive.data();
            #pragma GCC ivdep
            for (int i = 0; i < cells; i++) {
                D[i] += dt / tau_w * (e[i] * r - D[i]);
                w[i] += dt * eta * D[i];
                sum[i] += w[i] * r;
            }
        }
        for (int i = 0; i < cells; i++) potential[i] += dt / tau * (drive[i] - potential[i]);
    }
    std::fwrite(weight.data(), sizeof(float), weight.size(), stdout);
}
