{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{# Statements of each cell, in one loop. Cells do not touch each other's values, and with that said
   (ivdep) the compiler need not ask whether any of a dozen arrays overlap. #}
{% extends 'narrow.cpp' %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    const int _n = {{constant_or_scalar('N', variables['N'])}};
    {{_drawn(blocks)}}
    #pragma GCC ivdep
    for (int _idx = 0; _idx < _n; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
