{# USES_VARIABLES { N } #}
{# What an event does to its own cell. #}
{% extends 'narrow.cpp' %}

{% block maincode %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    const int32_t* const _events = {{_eventspace}};
    const int32_t _n_events = _events[N];
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    for (int32_t _e = 0; _e < _n_events; _e++)
    {
        const size_t _idx = _events[_e];
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
