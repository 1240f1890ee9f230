// A bound for one core: dendritic microcircuits (Sacramento, Costa, Bengio & Senn 2018) in continuous
// time, in single precision. The same Euler recursion as models/microcircuit, as a loop over steps in
// which every plastic synapse does what the rule says: low-passed induction, weight and product are
// one pass through its matrices. Fixed synapses (TD and PI) are plain products.
//
//   dendrites FORM STEPS IMAGES CELLS CELLS [CELLS ...] < numbers (float) > numbers (float)
//
// FORM is plain, or low_rank: while an image is shown, its low-passed rates stay in the span of two
// patterns, so that all that changes in the first matrix are vectors over the cells above. STEPS of
// an image; CELLS of the input, of each hidden layer and of the output.
//
// In: dt, tau_0, tau_w, g_lk, g_B, g_A, g_D, g_som, sigma; rates of learning of W_0, W_1, ..., then
// of IP_0, ...; of each layer W and b, and of a hidden one TD, IP, c and PI, as rows of cells below (of
// the source); then images, and target potentials. Out: W and b, IP and c in the same order, then
// potentials of hidden_0, inter_0, ..., output.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
using std::vector;

constexpr int lane = 16;  // floats of a vector

float *aligned(size_t size) {
    float *found = (float *)std::aligned_alloc(64, (size*sizeof(float) + 63)/64*64);
    std::fill(found, found + size, 0.0f);
    return found;
}

void get(float *to, size_t number) {
    if (std::fread(to, sizeof(float), number, stdin) != number) std::exit(3);
}

struct Constants { float dt, tau_0, tau_w, g_lk, g_B, g_A, g_D, g_som, sigma; } is;

inline float phi(float u) { return 1/(1 + std::exp(-u)); }

struct Cells {  // whole vectors of them; those beyond the last send nothing
    int size;
    float *u, *r, *before;  // potential, rate, and that of the step before
    float *v, *v_A, *e;     // basal or dendritic and apical potential, error of the prediction
    float *b, *D;           // threshold and its low-passed induction

    explicit Cells(int cells) : size((cells + lane - 1)/lane*lane) {
        for (float **values : {&u, &r, &before, &v, &v_A, &e, &b, &D}) *values = aligned(size);
    }

    void follow(const float *x) {  // an input: its rate is low-passed
        std::swap(r, before);
        const float share = is.dt/is.tau_0;
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) r[i] = before[i] + share*(x[i] - before[i]);
    }

    void fire() {
        std::swap(r, before);
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) r[i] = phi(u[i]);
        std::fill(v_A, v_A + size, 0.0f);
    }

    void threshold(float keep, float eta) {  // what the step before has taught; v begins with it
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) {
            b[i] += eta*D[i];
            D[i] = keep*D[i] + (1 - keep)*e[i];
            v[i] = b[i];
        }
    }

    void predict(float share) {
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) e[i] = r[i] - phi(share*v[i]);
    }

    // Conductances to the dendrite, to the apical one, and to the potential that teaches; noise.
    void move(float g, float g_A, float g_som, const float *taught, const float *noise) {
        const float dt = is.dt, g_lk = is.g_lk;
        #pragma GCC ivdep
        for (int i = 0; i < size; i++) {
            const float to_v = g*(v[i] - u[i]), to_v_A = g_A*(v_A[i] - u[i]);
            u[i] += dt*(to_v + to_v_A + g_som*(taught[i] - u[i]) - g_lk*u[i]) + noise[i];
        }
    }
};

struct Matrix {  // weights of two layers, with the low-passed induction of those that learn
    int rows, cells, stride;
    float *w, *D;
    float keep, eta;  // of a step

    Matrix(int rows, int cells, float rate, bool plastic) : rows(rows), cells(cells) {
        stride = (cells + lane - 1)/lane*lane;
        keep = 1 - is.dt/is.tau_w, eta = rate*is.dt;
        w = aligned((size_t)rows*stride);
        D = plastic ? aligned((size_t)rows*stride) : nullptr;
        for (int j = 0; j < rows; j++) get(row(w, j), cells);
    }

    float *row(float *of, int j) const {
        return (float *)__builtin_assume_aligned(of + (size_t)j*stride, 64);
    }

    // What the step before has taught, and the product of this one.
    void learn_and_send(int j, const Cells &from, const float *e, float *v) {
        const float k = keep, rate = eta, x = from.r[j], y = (1 - keep)*from.before[j];
        float *own = row(w, j), *change = row(D, j);
        #pragma GCC ivdep
        for (int i = 0; i < stride; i++) {
            own[i] += rate*change[i];
            change[i] = k*change[i] + y*e[i];
            v[i] += own[i]*x;
        }
    }

    void send(int j, const Cells &from, float *v) const {
        const float *own = row(w, j), x = from.r[j];
        #pragma GCC ivdep
        for (int i = 0; i < stride; i++) v[i] += own[i]*x;
    }

    void put(float rate) const {  // with the last change
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < cells; i++) row(w, j)[i] += rate*row(D, j)[i];
            std::fwrite(row(w, j), sizeof(float), cells, stdout);
        }
    }
};

struct Way {  // from cells through a matrix to others
    Matrix *matrix;
    const Cells *from;
    Cells *to;

    // Every other step in reverse, so that it begins with what the cache still has.
    void go(bool reverse) const {
        const int rows = matrix->rows;
        for (int k = 0; k < rows; k++) {
            const int j = reverse ? rows - 1 - k : k;
            if (matrix->D) matrix->learn_and_send(j, *from, to->e, to->v);
            else matrix->send(j, *from, to->v_A);
        }
    }
};

// The first matrix while an image is shown: the rate is a*x + b*R, with the image x and the rate R
// when it came, so D = p x + q R + g D(0) and w = w(0) + P x + Q R + G D(0) with vectors p, q, P, Q.
struct LowRank {
    Matrix &matrix;
    const int rows, stride;
    const float keep, eta;
    float b, g, G, xx, xR, RR;
    float *x, *R, *p, *q, *P, *Q, *w_x, *w_R, *D_x, *D_R;  // the last four are products w(0) x, ...

    explicit LowRank(Matrix &matrix)
        : matrix(matrix), rows(matrix.rows), stride(matrix.stride), keep(matrix.keep), eta(matrix.eta) {
        x = aligned(rows), R = aligned(rows);
        for (float **values : {&p, &q, &P, &Q, &w_x, &w_R, &D_x, &D_R}) *values = aligned(stride);
    }

    void begin(const float *image, const float *rate) {
        std::copy_n(image, rows, x);
        std::copy_n(rate, rows, R);
        for (float *values : {p, q, P, Q, w_x, w_R, D_x, D_R}) std::fill_n(values, stride, 0.0f);
        b = g = 1, G = xx = xR = RR = 0;
        for (int j = 0; j < rows; j++) {
            const float *w = matrix.row(matrix.w, j), *D = matrix.row(matrix.D, j), s = x[j], t = R[j];
            xx += s*s, xR += s*t, RR += t*t;
            #pragma GCC ivdep
            for (int i = 0; i < stride; i++) {
                w_x[i] += w[i]*s, w_R[i] += w[i]*t;
                D_x[i] += D[i]*s, D_R[i] += D[i]*t;
            }
        }
    }

    void send(float *v) const {
        const float a = 1 - b, to_P = a*xx + b*xR, to_Q = a*xR + b*RR;
        #pragma GCC ivdep
        for (int i = 0; i < stride; i++)
            v[i] += a*(w_x[i] + G*D_x[i]) + b*(w_R[i] + G*D_R[i]) + to_P*P[i] + to_Q*Q[i];
    }

    void learn(const float *e) {  // and the rate goes on
        const float to_x = (1 - keep)*(1 - b), to_R = (1 - keep)*b;
        G += eta*g, g *= keep, b *= 1 - is.dt/is.tau_0;
        #pragma GCC ivdep
        for (int i = 0; i < stride; i++) {
            P[i] += eta*p[i], Q[i] += eta*q[i];
            p[i] = keep*p[i] + to_x*e[i], q[i] = keep*q[i] + to_R*e[i];
        }
    }

    void end() {
        for (int j = 0; j < rows; j++) {
            float *w = matrix.row(matrix.w, j), *D = matrix.row(matrix.D, j), s = x[j], t = R[j];
            #pragma GCC ivdep
            for (int i = 0; i < stride; i++) {
                w[i] += s*P[i] + t*Q[i] + G*D[i];
                D[i] = g*D[i] + s*p[i] + t*q[i];
            }
        }
    }
};

struct Noise {  // normal numbers by Box and Muller, in loops that have one function of libmvec each
    float spread;
    int half;
    uint32_t place = 1;
    float *radius, *angle, *all;

    explicit Noise(int size) : spread(is.sigma*std::sqrt(is.dt)), half(size/2 + lane) {
        radius = aligned(half), angle = aligned(half), all = aligned(2*half);
    }

    static inline float uniform(uint32_t z) {
        z = (z ^ (z >> 16))*0x21f0aaadu;
        z = (z ^ (z >> 15))*0x735a2d97u;
        return ((int32_t)((z ^ (z >> 15)) >> 8) + 0.5f)*0x1p-24f;
    }

    void draw() {
        if (!spread) return;
        float *r = radius, *a = angle, *to = all, *later = all + half;
        for (int i = 0; i < half; i++) {
            r[i] = spread*std::sqrt(-2*std::log(uniform(place + 2*i)));
            a[i] = 6.2831853f*uniform(place + 2*i + 1);
        }
        for (int i = 0; i < half; i++) to[i] = r[i]*std::cos(a[i]);
        for (int i = 0; i < half; i++) later[i] = r[i]*std::sin(a[i]);
        place += 2*half;
    }
};

int main(int argc, char **argv) {
    if (argc < 6) { std::fprintf(stderr, "FORM STEPS IMAGES CELLS CELLS ...\n"); return 2; }
    const bool low_rank = !std::strcmp(argv[1], "low_rank");
    const int steps = std::atoi(argv[2]), images = std::atoi(argv[3]);
    vector<int> sizes;
    for (int k = 4; k < argc; k++) sizes.push_back(std::atoi(argv[k]));
    const int L = sizes.size() - 1, inputs = sizes[0], outputs = sizes[L];
    vector<float> eta(2*L - 1);
    get((float *)&is, sizeof is/sizeof(float));
    get(eta.data(), eta.size());

    vector<Cells> layer, inter;  // layer[0] is the input; inter[m] teaches layer[m + 1]
    vector<Matrix> W, TD, IP, PI;
    int all = 0;
    for (int size : sizes) layer.emplace_back(size);
    for (int m = 0; m < L; m++) {
        W.emplace_back(sizes[m], sizes[m + 1], eta[m], true);
        get(layer[m + 1].b, sizes[m + 1]);
        all += layer[m + 1].size;
        if (m == L - 1) break;
        inter.emplace_back(sizes[m + 2]);
        TD.emplace_back(sizes[m + 2], sizes[m + 1], 0, false);
        IP.emplace_back(sizes[m + 1], sizes[m + 2], eta[L + m], true);
        get(inter[m].b, sizes[m + 2]);
        PI.emplace_back(sizes[m + 2], sizes[m + 1], 0, false);
        all += inter[m].size;
    }
    vector<Way> ways;
    for (int m = 0; m < L; m++) {
        if (m || !low_rank) ways.push_back({&W[m], &layer[m], &layer[m + 1]});
        if (m == L - 1) break;
        ways.push_back({&IP[m], &layer[m + 1], &inter[m]});
        ways.push_back({&TD[m], &layer[m + 2], &layer[m + 1]});
        ways.push_back({&PI[m], &inter[m], &layer[m + 1]});
    }
    float *x = aligned(layer[0].size), *goal = aligned(layer[L].size), *target = aligned(layer[L].size);
    vector<float> shown((size_t)images*(inputs + outputs));
    get(shown.data(), shown.size());
    LowRank first(W[0]);
    Noise noise(all);

    const float follow = is.dt/is.tau_0, keep = W[0].keep, of_inter = is.g_D/(is.g_lk + is.g_D);
    const float of_hidden = is.g_B/(is.g_lk + is.g_B + is.g_A), of_output = is.g_B/(is.g_lk + is.g_B);
    bool reverse = false;
    for (int image = 0; image < images; image++) {
        const float *asked = &shown[(size_t)images*inputs + (size_t)image*outputs];
        std::copy_n(&shown[(size_t)image*inputs], inputs, x);
        std::copy_n(asked, outputs, goal);
        if (low_rank) first.begin(x, layer[0].r);
        for (int step = 0; step < steps; step++, reverse = !reverse) {
            for (int m = 0; m < L; m++) {  // potentials are known: rates, thresholds
                layer[m + 1].fire();
                layer[m + 1].threshold(keep, W[m].eta);
                if (m == L - 1) break;
                inter[m].fire();
                inter[m].threshold(keep, IP[m].eta);
            }
            for (size_t k = 0; k < ways.size(); k++) ways[reverse ? ways.size() - 1 - k : k].go(reverse);
            if (low_rank) first.send(layer[1].v);
            noise.draw();
            const float *drawn = noise.all;
            for (int m = 0; m < L; m++) {  // interneurons are taught by the layer above as it was
                Cells &own = layer[m + 1];
                own.predict(m < L - 1 ? of_hidden : of_output);
                if (m < L - 1) own.move(is.g_B, is.g_A, 0, own.v, drawn);
                else own.move(is.g_B, 0, is.g_som, target, drawn);
                drawn += own.size;
                if (m == L - 1) break;
                inter[m].predict(of_inter);
                inter[m].move(is.g_D, 0, is.g_som, layer[m + 2].u, drawn);
                drawn += inter[m].size;
            }
            if (low_rank) first.learn(layer[1].e);
            layer[0].follow(x);
            for (int i = 0; i < outputs; i++) target[i] += follow*(goal[i] - target[i]);
        }
        if (low_rank) first.end();
    }

    auto put = [&](Matrix &matrix, Cells &to, int cells, bool done) {
        matrix.put(done ? 0 : matrix.eta);
        to.threshold(keep, matrix.eta);
        std::fwrite(to.b, sizeof(float), cells, stdout);
    };
    for (int m = 0; m < L; m++) {
        put(W[m], layer[m + 1], sizes[m + 1], low_rank && !m);
        if (m < L - 1) put(IP[m], inter[m], sizes[m + 2], false);
    }
    for (int m = 0; m < L; m++) {
        std::fwrite(layer[m + 1].u, sizeof(float), sizes[m + 1], stdout);
        if (m < L - 1) std::fwrite(inter[m].u, sizeof(float), sizes[m + 2], stdout);
    }
}
