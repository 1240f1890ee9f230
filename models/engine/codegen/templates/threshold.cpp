{# USES_VARIABLES { N } #}
{# Ask all cells, then list those whose condition holds: the first is a loop without branches. #}
{% extends 'narrow.cpp' %}

{% block maincode %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    {{_drawn(blocks)}}
    static std::vector<char> _flags(padded(N));
    char* const _flag = _flags.data();
    #pragma GCC ivdep
    for (int32_t _idx = 0; _idx < N; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        _flag[_idx] = _cond;
    }
    const int32_t _count = listed(_flag, N, {{_eventspace}});
    {{_eventspace}}[N] = _count;
    {% if _uses_refractory %}
    for (int32_t _k = 0; _k < _count; _k++)
    {
        const int32_t _idx = {{_eventspace}}[_k];
        {{not_refractory}}[_idx] = false;
        {{lastspike}}[_idx] = {{t}};
    }
    {% endif %}
{% endblock %}
