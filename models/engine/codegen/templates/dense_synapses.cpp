{# Deliver events through an all-to-all projection. Synapse (i, j) has index i*stride + j, so one
   event of a cell below is one row of the matrix. #}
{% extends 'narrow.cpp' %}

{# Rows of the cells below that had an event, summed for `width` vectors of cells above at once:
   the sums stay in registers. #}
{% macro _strip(width, parts) %}
    for (; _first + {{width}}*VECTOR_BYTES/{{parts}}/_size <= {{n_post}}; _first += {{width}}*VECTOR_BYTES/{{parts}}/_size)
    {
        typedef {{sums.type}} _Vector __attribute__((vector_size(VECTOR_BYTES/{{parts}}), aligned(_size), may_alias));
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
                {% for name, array in sums.synapses|dictsort %}
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

{# The same by single synapses. #}
{% macro _term(pre, post, end) %}
    const size_t _idx = (size_t){{pre}}*{{stride}} + {{post}};
    {% for name, array in sums.synapses|dictsort %}
    const {{sums.type}} {{name}} = {{array}}[_idx];
    {% endfor %}
    {% for name, array in sums.ends|dictsort %}
    const {{sums.type}} {{name}} = {{array}}[{{end}}];
    {% endfor %}
{% endmacro %}

{% block declarations %}
    extern int32_t* {{events}};
{% endblock %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    const int32_t* const _events = {{events}};
    const int _n_events = _events[{{n_events_index}}];
    if (!_n_events)
        return;
    {% if sums and prepost == 'pre' and sums.along == '_postsynaptic_idx' %}
    constexpr int _size = sizeof({{sums.type}});
    int _first = 0;
    {% for width, parts in ((8, 1), (4, 1), (2, 1), (1, 1), (1, 2), (1, 4)) %}
    {{_strip(width, parts)}}
    {% endfor %}
    for (int _e = 0; _e < _n_events; _e++)
        for (int32_t _post = _first; _post < {{n_post}}; _post++)
        {
            {{_term('_events[_e]', '_post', '_events[_e]')}}
            {{sums.to}}[_post] += {{sums.expression}};
        }
    {% elif sums and prepost == 'post' and sums.along == '_presynaptic_idx' %}
    {# Backwards: the sum of a cell below is along its row, in which weights lie side by side. #}
    for (int32_t _pre = 0; _pre < {{n_pre}}; _pre++)
    {
        {{sums.type}} _sum = 0;
        if (_n_events == {{n_post}})
            for (int32_t _post = 0; _post < {{n_post}}; _post++)
            {
                {{_term('_pre', '_post', '_post')}}
                _sum += {{sums.expression}};
            }
        else
            for (int _e = 0; _e < _n_events; _e++)
            {
                {{_term('_pre', '_events[_e]', '_events[_e]')}}
                _sum += {{sums.expression}};
            }
        {{sums.to}}[_pre] += _sum;
    }
    {% else %}
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
