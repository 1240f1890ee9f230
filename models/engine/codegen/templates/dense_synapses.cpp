{# Deliver events through an all-to-all projection. Synapse (i, j) has index i*stride + j, so one
   event of a cell below is one row of the matrix. #}
{% extends 'narrow.cpp' %}

{# Rows of the cells that had an event, summed for `width` vectors of cells at once, so that the sums
   stay in registers. `rows` are the matrices, by name; in each, rows are `stride` apart. #}
{% macro _strip(width, parts, rows, stride, cells) %}
    constexpr int _bytes_{{width}}_{{parts}} = VECTOR_BYTES/{{parts}} > _size ? VECTOR_BYTES/{{parts}} : _size;
    constexpr int _many_{{width}}_{{parts}} = {{width}}*_bytes_{{width}}_{{parts}}/_size;
    for (; _first + _many_{{width}}_{{parts}} <= {{cells}}; _first += _many_{{width}}_{{parts}})
    {
        typedef {{sums.type}} _Vector __attribute__((vector_size(_bytes_{{width}}_{{parts}}), aligned(_size), may_alias));
        _Vector* const _to = (_Vector*)({{sums.to}} + _first);
        {% for k in range(width) %}
        _Vector _sum_{{k}} = _to[{{k}}];
        {% endfor %}
        for (int _e = 0; _e < _n_events; _e++)
        {
            const size_t _row = (size_t)_events[_e]*{{stride}} + _first;
            {% for name, array in sums.ends|dictsort %}
            const {{sums.type}} {{name}} = {{array}}[_events[_e]];
            {% endfor %}
            {% for k in range(width) %}
            {
                {% for name, array in rows|dictsort %}
                const _Vector {{name}} = ((const _Vector*)({{array}} + _row))[{{k}}];
                {% endfor %}
                _sum_{{k}} += {{sums.expression}};
            }
            {% endfor %}
        }
        {% for k in range(width) %}
        _to[{{k}}] = _sum_{{k}};
        {% endfor %}
    }
{% endmacro %}

{# All cells of the rows: strips that become narrower, then what is left over. #}
{% macro _summed(rows, stride, cells) %}
    constexpr int _size = sizeof({{sums.type}});
    int _first = 0;
    {% for width, parts in ((8, 1), (4, 1), (2, 1), (1, 1), (1, 2), (1, 4)) %}
    {{_strip(width, parts, rows, stride, cells)}}
    {% endfor %}
    for (int _e = 0; _e < _n_events; _e++)
        for (int _cell = _first; _cell < {{cells}}; _cell++)
        {
            const size_t _idx = (size_t)_events[_e]*{{stride}} + _cell;
            {% for name, array in rows|dictsort %}
            const {{sums.type}} {{name}} = {{array}}[_idx];
            {% endfor %}
            {% for name, array in sums.ends|dictsort %}
            const {{sums.type}} {{name}} = {{array}}[_events[_e]];
            {% endfor %}
            {{sums.to}}[_cell] += {{sums.expression}};
        }
{% endmacro %}

{% block declarations %}
    extern int32_t* {{events}};
    inline long _changed_{{synapses}} = 0; // how often any code has changed the matrix
{% endblock %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    const int32_t* const _events = {{events}};
    const int _n_events = _events[{{n_events_index}}];
    if (!_n_events)
        return;
    {% if sums and prepost == 'pre' and sums.along == '_postsynaptic_idx' %}
    {{_summed(sums.synapses, stride, n_post)}}
    {% elif sums and prepost == 'post' and sums.along == '_presynaptic_idx' %}
    if (_n_events == {{n_post}}) // the sum of a cell below is along its row
    {
        for (int32_t _pre = 0; _pre < {{n_pre}}; _pre++)
        {
            {{sums.type}} _sum = 0;
            for (int32_t _post = 0; _post < {{n_post}}; _post++)
            {
                {% for name, array in sums.synapses|dictsort %}
                const {{sums.type}} {{name}} = {{array}}[(size_t)_pre*{{stride}} + _post];
                {% endfor %}
                {% for name, array in sums.ends|dictsort %}
                const {{sums.type}} {{name}} = {{array}}[_post];
                {% endfor %}
                _sum += {{sums.expression}};
            }
            {{sums.to}}[_pre] += _sum;
        }
        return;
    }
    {# A few cells above: their columns are rows of a copy, made anew when weights have changed. #}
    static long _seen = -1;
    {% for name in sums.synapses|sort %}
    static std::vector<{{sums.type}}> _turned_{{name}}((size_t){{n_post}}*{{stride_pre}});
    {% endfor %}
    if (_seen != _changed_{{synapses}})
    {
        _seen = _changed_{{synapses}};
        for (int32_t _post = 0; _post < {{n_post}}; _post++)
            for (int32_t _pre = 0; _pre < {{n_pre}}; _pre++)
            {
                {% for name, array in sums.synapses|dictsort %}
                _turned_{{name}}[(size_t)_post*{{stride_pre}} + _pre] = {{array}}[(size_t)_pre*{{stride}} + _post];
                {% endfor %}
            }
    }
    {% set turned = {} %}
    {% for name in sums.synapses %}
    {% set _ = turned.update({name: '_turned_' + name + '.data()'}) %}
    {% endfor %}
    {{_summed(turned, stride_pre, n_pre)}}
    {% else %}
    {% if writes %}
    _changed_{{synapses}}++;
    {% endif %}
    for (int _e = 0; _e < _n_events; _e++)
    {
    {% if prepost == 'pre' %}
        const int32_t _presynaptic_idx = _events[_e];
        #pragma GCC ivdep
        for (int32_t _postsynaptic_idx = 0; _postsynaptic_idx < {{n_post}}; _postsynaptic_idx++)
        {
    {% else %}
        const int32_t _postsynaptic_idx = _events[_e];
        #pragma GCC ivdep
        for (int32_t _presynaptic_idx = 0; _presynaptic_idx < {{n_pre}}; _presynaptic_idx++)
        {
    {% endif %}
            const size_t _idx = (size_t)_presynaptic_idx*{{stride}} + _postsynaptic_idx;
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    }
    {% endif %}
{% endblock %}
