{# USES_VARIABLES { N } #}
{# List the cells whose condition holds. Each index is written down and the count moves on only if
   it stays: random spikes would make a branch guess wrong at every other spike. #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    int32_t _count = 0;
    for (int32_t _idx = 0; _idx < N; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        {{_eventspace}}[_count] = _idx;
        _count += (bool)_cond;
        {% if _uses_refractory %}
        if (_cond)
        {
            {{not_refractory}}[_idx] = false;
            {{lastspike}}[_idx] = {{t}};
        }
        {% endif %}
    }
    {{_eventspace}}[N] = _count;
{% endblock %}

{% block after_code %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    {{_eventspace}}[N] = 0;
{% endblock %}
