// A bound for one core: dendritic microcircuits (Sacramento, Costa, Bengio & Senn 2018) in two sweeps,
// mini-batches of ten, in single precision: the algorithm of models/microcircuit with dynamics "sweeps",
// one sweep up and one down, fixed TD and PI. What a mini-batch has taught goes into a weight when the
// next one comes through it, so each matrix that learns is passed once; pixels that are dark in both
// mini-batches are left out, which changes nothing.
//
//   dendrites_sweeps IMAGES EPOCHS CELLS CELLS [CELLS ...] < numbers (float) > weights (float)
//
// In: g_lk, g_B, g_A, g_D, g_som; rates of W_0, W_1, ..., then of IP_0, ..., times what an image lasts;
// of each layer W and b, and of a hidden one TD, IP, c and PI, as rows of cells below (of the source);
// then images, and target potentials. Out: W and b, IP and c, in the same order.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>
using std::vector;

#ifdef __AVX512F__
constexpr int lane = 16;
#else
constexpr int lane = 8;
#endif
constexpr int batch = 10;
typedef float Vector __attribute__((vector_size(lane*sizeof(float)), may_alias));

template <typename T> T *aligned(size_t number) {
    const size_t bytes = (number*sizeof(T) + 63)/64*64;
    float *found = (float *)std::aligned_alloc(64, bytes);
    std::fill(found, found + bytes/sizeof(float), 0.0f);
    return (T *)found;
}

void get(float *to, size_t number) {
    if (std::fread(to, sizeof(float), number, stdin) != number) std::exit(3);
}

inline float phi(float u) { return 1/(1 + std::exp(-u)); }

// What cells have, for all images of a mini-batch: strips of cells, of each strip all images.
struct Cells {
    int number, strips;
    Vector *u, *v, *v_A, *e, *b;
    float *rate;            // in the same order
    float *r, *before;      // rates, and those of the mini-batch before: of each cell all images
    vector<int> live;       // which cells send, or have sent in the mini-batch before

    explicit Cells(int cells) : number(cells), strips((cells + lane - 1)/lane), live(cells) {
        for (Vector **values : {&u, &v, &v_A, &e}) *values = aligned<Vector>(strips*batch);
        b = aligned<Vector>(strips), rate = aligned<float>((size_t)strips*lane*batch);
        for (float **values : {&r, &before}) *values = aligned<float>((size_t)strips*lane*batch);
        for (int j = 0; j < cells; j++) live[j] = j;
    }

    void show(const float *images) {  // an input
        std::swap(r, before);
        live.clear();
        for (int j = 0; j < number; j++) {
            float any = 0;
            for (int n = 0; n < batch; n++) {
                any += before[j*batch + n];
                any += r[j*batch + n] = images[(size_t)n*number + j];
            }
            if (any > 0) live.push_back(j);
        }
    }

    void fire() {  // rates, from potentials
        const float *potential = (float *)u;
        #pragma GCC ivdep
        for (int k = 0; k < strips*batch*lane; k++) rate[k] = phi(potential[k]);
        for (int s = 0; s < strips; s++)
            for (int n = 0; n < batch; n++)
                for (int k = 0; k < lane; k++)
                    r[(s*lane + k)*batch + n] = rate[(s*batch + n)*lane + k];
    }

    void predict(float share) {  // errors, from what rates and dendrites are now
        float *error = (float *)e, *dendrite = (float *)v;
        #pragma GCC ivdep
        for (int k = 0; k < strips*batch*lane; k++) error[k] = rate[k] - phi(share*dendrite[k]);
    }

    void threshold(float eta) {  // what the mini-batch before has taught
        for (int s = 0; s < strips; s++) {
            for (int n = 0; n < batch; n++) b[s] += eta*e[s*batch + n];
            for (int n = 0; n < batch; n++) v[s*batch + n] = b[s];
        }
    }
};

struct Matrix {  // strips of cells, each with all rows
    int rows, cells, strips;
    Vector *w;
    float eta;  // an image's

    Matrix(int rows, int cells, float rate = 0) : rows(rows), cells(cells), eta(rate/batch) {
        strips = (cells + lane - 1)/lane;
        w = aligned<Vector>((size_t)strips*rows);
        vector<float> row(cells);
        for (int j = 0; j < rows; j++) {
            get(row.data(), cells);
            for (int i = 0; i < cells; i++) at(j, i) = row[i];
        }
    }

    float &at(int j, int i) const { return ((float *)(w + (size_t)i/lane*rows + j))[i % lane]; }

    template <bool learns, bool sends> void pass(const Cells &from, const Vector *e, Vector *v) {
        for (int s = 0; s < strips; s++) {
            Vector taught[batch], sum[batch], *strip = w + (size_t)s*rows;
            for (int n = 0; n < batch; n++) {
                if (learns) taught[n] = eta*e[s*batch + n];
                if (sends) sum[n] = v[s*batch + n];
            }
            for (int j : from.live) {
                const float *old = from.before + (size_t)j*batch, *now = from.r + (size_t)j*batch;
                Vector own = strip[j];
                if (learns) {
                    Vector odd = old[1]*taught[1];  // two chains, for the length of a product
                    own += old[0]*taught[0];
                    for (int n = 2; n < batch; n += 2) own += old[n]*taught[n], odd += old[n + 1]*taught[n + 1];
                    strip[j] = own += odd;
                }
                if (sends) for (int n = 0; n < batch; n++) sum[n] += now[n]*own;
            }
            if (sends) for (int n = 0; n < batch; n++) v[s*batch + n] = sum[n];
        }
    }

    void put() const {
        for (int j = 0; j < rows; j++)
            for (int i = 0; i < cells; i++) std::fwrite(&at(j, i), sizeof(float), 1, stdout);
    }
};

// a*v + c*y
void mixed(Cells &cells, float a, float c, const Vector *y) {
    for (int k = 0; k < cells.strips*batch; k++) cells.u[k] = a*cells.v[k] + c*y[k];
}

int main(int argc, char **argv) {
    if (argc < 5) { std::fprintf(stderr, "IMAGES EPOCHS CELLS CELLS ...\n"); return 2; }
    const int images = std::atoi(argv[1])/batch*batch, epochs = std::atoi(argv[2]);
    vector<int> sizes;
    for (int k = 3; k < argc; k++) sizes.push_back(std::atoi(argv[k]));
    const int L = sizes.size() - 1, inputs = sizes[0], outputs = sizes[L];
    float g[5];
    vector<float> eta(2*L - 1);
    get(g, 5);
    get(eta.data(), eta.size());
    const float g_lk = g[0], g_B = g[1], g_A = g[2], g_D = g[3], g_som = g[4];
    const float a_hidden = g_B/(g_lk + g_B + g_A), a_output = g_B/(g_lk + g_B), a_inter = g_D/(g_lk + g_D);
    const float lam_A = g_A/(g_lk + g_B + g_A), lam_N = g_som/(g_lk + g_B + g_som), lam_I = g_som/(g_lk + g_D + g_som);

    vector<Cells> layer, inter;  // layer[0] is the input; inter[m] teaches layer[m + 1]
    vector<Matrix> W, TD, IP, PI;
    for (int size : sizes) layer.emplace_back(size);
    for (int m = 0; m < L; m++) {
        W.emplace_back(sizes[m], sizes[m + 1], eta[m]);
        get((float *)layer[m + 1].b, sizes[m + 1]);
        if (m == L - 1) break;
        inter.emplace_back(sizes[m + 2]);
        TD.emplace_back(sizes[m + 2], sizes[m + 1]);
        IP.emplace_back(sizes[m + 1], sizes[m + 2], eta[L + m]);
        get((float *)inter[m].b, sizes[m + 2]);
        PI.emplace_back(sizes[m + 2], sizes[m + 1]);
    }
    vector<float> shown((size_t)images*inputs), asked((size_t)images*outputs);
    get(shown.data(), shown.size());
    get(asked.data(), asked.size());
    Vector *target = aligned<Vector>(layer[L].strips*batch);

    auto up = [&](Matrix &matrix, Cells &from, Cells &to) {
        to.threshold(matrix.eta);
        matrix.pass<true, true>(from, to.e, to.v);
    };
    for (int epoch = 0; epoch < epochs; epoch++) for (int first = 0; first < images; first += batch) {
        layer[0].show(&shown[(size_t)first*inputs]);
        for (int n = 0; n < batch; n++)
            for (int i = 0; i < outputs; i++)
                ((float *)(target + i/lane*batch + n))[i % lane] = asked[(size_t)(first + n)*outputs + i];
        for (int m = 0; m < L; m++) {
            Cells &own = layer[m + 1];
            up(W[m], layer[m], own);  // with the rates below of the mini-batch before, as they were taught
            if (m < L - 1) mixed(own, a_hidden, 0, own.v);
            else mixed(own, (1 - lam_N)*a_output, lam_N, target);
            if (m == L - 1) break;
            std::swap(own.r, own.before);
            own.fire();
            up(IP[m], own, inter[m]);
        }
        layer[L].fire();
        for (int m = L - 2; m >= 0; m--) {
            Cells &own = layer[m + 1];
            mixed(inter[m], (1 - lam_I)*a_inter, lam_I, layer[m + 2].u);
            inter[m].fire();
            std::fill((float *)own.v_A, (float *)(own.v_A + own.strips*batch), 0.0f);
            TD[m].pass<false, true>(layer[m + 2], nullptr, own.v_A);
            PI[m].pass<false, true>(inter[m], nullptr, own.v_A);
            mixed(own, a_hidden, lam_A, own.v_A);
            own.fire();
        }
        for (int m = 0; m < L; m++) {
            layer[m + 1].predict(m < L - 1 ? a_hidden : a_output);
            if (m < L - 1) inter[m].predict(a_inter);
        }
    }

    auto put = [&](Matrix &matrix, Cells &from, Cells &to) {  // with what the last mini-batch has taught
        std::swap(from.r, from.before);
        to.threshold(matrix.eta);
        matrix.pass<true, false>(from, to.e, nullptr);
        std::swap(from.r, from.before);
        matrix.put();
        std::fwrite(to.b, sizeof(float), matrix.cells, stdout);
    };
    for (int m = 0; m < L; m++) {
        put(W[m], layer[m], layer[m + 1]);
        if (m < L - 1) put(IP[m], layer[m + 1], inter[m]);
    }
}
