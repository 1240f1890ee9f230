{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{# Statements, or equations, of all synapses of a dense projection. #}
{% extends 'narrow.cpp' %}

{% block declarations %}
    inline long _changed_{{synapses}} = 0;
{% endblock %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    _changed_{{synapses}}++;
    for (int32_t _presynaptic_idx = 0; _presynaptic_idx < {{n_pre}}; _presynaptic_idx++)
    {
        #pragma GCC ivdep
        for (int32_t _postsynaptic_idx = 0; _postsynaptic_idx < {{n_post}}; _postsynaptic_idx++)
        {
            const size_t _idx = (size_t)_presynaptic_idx*{{stride}} + _postsynaptic_idx;
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    }
{% endblock %}
