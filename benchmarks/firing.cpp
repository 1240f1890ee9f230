// A bound for one core: SuperSpike with one hidden layer, symmetric feedback and RMaxProp, in single
// precision. The same recursion as models/superspike, as a loop over steps in which every synapse
// does what the rule says; only synapses of a cell that has been silent so long that its traces are
// 0 are left out, which changes nothing. Rows of matrices are whole vectors.
//
//   firing INPUTS HIDDEN OUTPUTS STEPS EXAMPLES < numbers > numbers
//
// In: both matrices of weights (float, V), then for input spikes (as they arrive) and target spikes
// of an example their number and pairs of step and cell (int32), sorted. All examples are the same; an update ends
// each. Out: both matrices, then of each example cost, hidden and output spikes (float).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>
using std::vector;

constexpr int lane = 16, delay = 8, refractory = 50;  // floats of a vector; steps
constexpr float dt = 1e-4f, U_rest = -0.06f, theta = -0.05f, beta = 1000, t_b = 0.5f;  // s, V, 1/V
constexpr float r_0 = 1e-3f, w_max = 0.1f, eps = 1e-12f;                               // V
const double rise = std::exp(-0.1/5), decay = std::exp(-0.1/10);  // of dt by 5 ms, and by 10 ms
const double across = 5/(10 - 5.0)*(decay - rise);  // from a rising trace to what it drives
const float gam = (float)std::exp(-0.5/30), leak = 0.1f/10;

float *aligned(size_t size) {
    float *found = (float *)std::aligned_alloc(64, (size*sizeof(float) + 63)/64*64);
    std::fill(found, found + size, 0.0f);
    return found;
}

void get(void *to, size_t size, size_t number) {
    if (std::fread(to, size, number, stdin) != number) std::exit(3);
}

struct Matrix {  // all that synapses of two layers have
    int rows, cells, stride;
    float *w, *el, *lam, *m, *v;

    Matrix(int rows, int cells) : rows(rows), cells(cells), stride((cells + lane - 1)/lane*lane) {
        for (float **values : {&w, &el, &lam, &m, &v}) *values = aligned((size_t)rows*stride);
        for (int j = 0; j < rows; j++) get(w + (size_t)j*stride, sizeof(float), cells);
    }

    void step(const float *z, const float *zt, const float *sig, const float *err) {
        stride == lane ? step_rows<lane>(z, zt, sig, err) : step_rows<0>(z, zt, sig, err);
    }

    template <int known>  // floats of a row; 0: any number
    void step_rows(const float *z, const float *zt, const float *sig, const float *err) {
        const float r = rise, d = decay, c = across, to_el = 5*(1 - rise), to_lam = 5*(1 - decay - across);
        for (int j = 0; j < rows; j++) {
            if (z[j] + zt[j] == 0) continue;
            const float x = to_el*zt[j], y = to_lam*zt[j];
            const size_t row = (size_t)j*stride;
            float *e = (float *)__builtin_assume_aligned(el + row, 64);
            float *l = (float *)__builtin_assume_aligned(lam + row, 64);
            float *sum = (float *)__builtin_assume_aligned(m + row, 64);
            #pragma GCC ivdep
            for (int i = 0; i < (known ? known : stride); i++) {
                const float after = c*e[i] + d*l[i] + y*sig[i];
                e[i] = r*e[i] + x*sig[i];
                l[i] = after;
                sum[i] += err[i]*after;
            }
        }
    }

    void send(int j, float *I) const {
        const float *row = w + (size_t)j*stride;
        #pragma GCC ivdep
        for (int i = 0; i < stride; i++) I[i] += row[i];
    }

    void back(const float *above, float *below) const {
        for (int j = 0; j < rows; j++) {
            const float *row = (const float *)__builtin_assume_aligned(w + (size_t)j*stride, 64);
            float sum = 0;
            for (int i = 0; i < stride; i++) sum += row[i]*above[i];
            below[j] = sum;
        }
    }

    void update() {
        for (size_t k = 0; k < (size_t)rows*stride; k++) {
            const float g = m[k]*(dt/t_b);
            v[k] = std::max(gam*v[k], g*g);
            w[k] = std::clamp(w[k] + r_0*g/(std::sqrt(v[k]) + eps), -w_max, w_max);
            m[k] = 0;
        }
    }

    void put() const {
        for (int j = 0; j < rows; j++) std::fwrite(w + (size_t)j*stride, sizeof(float), cells, stdout);
    }
};

struct Layer {  // cells that fire; whole vectors of them, the last of which are never driven
    int size;
    float *U, *I, *wait, *sig;
    int spikes = 0;
    vector<int> fired;

    explicit Layer(int cells) : size((cells + lane - 1)/lane*lane) {
        for (float **values : {&U, &I, &wait, &sig}) *values = aligned(size);
        std::fill(U, U + size, U_rest);
    }

    void move() {
        const float r = rise;  // tau_syn is tau_rise
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) {
            I[i] *= r;
            U[i] += wait[i] < 0.5f ? leak*(U_rest - U[i] + I[i]) : 0.0f;
        }
    }

    void fire() {
        int any = 0;
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) {
            const float h = 1 + beta*std::fabs(U[i] - theta);
            sig[i] = 1/(h*h);
            wait[i] -= wait[i] > 0.5f ? 1.0f : 0.0f;
            any |= U[i] > theta;
        }
        fired.clear();
        if (!any) return;
        for (int i = 0; i < size; i++)
            if (U[i] > theta) {
                U[i] = U_rest;
                wait[i] = refractory;
                fired.push_back(i);
            }
        spikes += fired.size();
    }
};

struct Trace {  // a rising trace and what it drives: of spikes, or of errors
    int size;
    float *z, *zt;

    explicit Trace(int cells) : size((cells + lane - 1)/lane*lane) {
        z = aligned(size), zt = aligned(size);
    }

    void move() {
        const float r = rise, d = decay, c = across;
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) { zt[i] = c*z[i] + d*zt[i]; z[i] *= r; }
    }
};

struct List {  // spikes of an example
    vector<int32_t> pairs;
    size_t next = 0;

    List() {
        int32_t number;
        get(&number, sizeof number, 1);
        pairs.resize(2*number);
        get(pairs.data(), sizeof(int32_t), pairs.size());
    }

    bool due(int step) const { return next < pairs.size() && pairs[next] == step; }
    int cell() { return pairs[(next += 2) - 1]; }
};

int main(int argc, char **argv) {
    if (argc != 6) { std::fprintf(stderr, "INPUTS HIDDEN OUTPUTS STEPS EXAMPLES\n"); return 2; }
    const int inputs = std::atoi(argv[1]), hidden = std::atoi(argv[2]), outputs = std::atoi(argv[3]);
    const int steps = std::atoi(argv[4]), examples = std::atoi(argv[5]);
    Matrix up(inputs, hidden), out(hidden, outputs);
    List given, asked;
    Layer h(hidden), o(outputs);
    Trace of_inputs(inputs), of_hidden(hidden), error(outputs);
    float *sent = aligned(h.size);
    vector<vector<int>> under_way(delay + 1);  // hidden spikes, by the step of their arrival
    vector<float> told;
    size_t now = 0;

    for (int example = 0; example < examples; example++) {
        float cost = 0;
        given.next = asked.next = 0;
        h.spikes = o.spikes = 0;
        for (int step = 0; step < steps; step++, now++) {
            out.back(error.zt, sent);  // errors of the step before
            h.move(), o.move(), of_inputs.move(), of_hidden.move(), error.move();
            up.step(of_inputs.z, of_inputs.zt, h.sig, sent);
            out.step(of_hidden.z, of_hidden.zt, o.sig, error.zt);
            h.fire(), o.fire();
            for (int i : o.fired) error.z[i] -= 1;
            while (given.due(step)) {
                const int j = given.cell();
                of_inputs.z[j] += 1;
                up.send(j, h.I);
            }
            under_way[(now + delay) % (delay + 1)] = h.fired;
            for (int j : under_way[now % (delay + 1)]) {
                of_hidden.z[j] += 1;
                out.send(j, o.I);
            }
            while (asked.due(step)) error.z[asked.cell()] += 1;
            for (int i = 0; i < o.size; i++) cost += error.zt[i]*error.zt[i];
        }
        up.update(), out.update();
        told.insert(told.end(), {cost/steps, (float)h.spikes, (float)o.spikes});
    }
    up.put(), out.put();
    std::fwrite(told.data(), sizeof(float), told.size(), stdout);
}
