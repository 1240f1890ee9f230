{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{# Statements, or equations, of all synapses of a dense projection; of equations, those of the cells
   in a list, if there is one. #}
{% extends 'narrow.cpp' %}

{% block declarations %}
    inline long _changed_{{synapses}} = 0;
    {% if rows is defined %}
    extern int32_t* {{rows}};
    {% endif %}
{% endblock %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    _changed_{{synapses}}++;
    {% if rows is defined %}
    const int32_t* const _rows = {{rows}};
    for (int32_t _e = 0; _e < _rows[{{n_pre}}]; _e++)
    {
        const int32_t _presynaptic_idx = _rows[_e];
    {% else %}
    for (int32_t _presynaptic_idx = 0; _presynaptic_idx < {{n_pre}}; _presynaptic_idx++)
    {
    {% endif %}
        #pragma GCC ivdep
        {% if n_post < 10 %}
        #pragma GCC unroll 1 // a short row would be unrolled, and then not be done as vectors
        {% endif %}
        for (int32_t _postsynaptic_idx = 0; _postsynaptic_idx < {{n_post}}; _postsynaptic_idx++)
        {
            const size_t _idx = (size_t)_presynaptic_idx*{{stride}} + _postsynaptic_idx;
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    }
{% endblock %}
