{# USES_VARIABLES { t, _clock_t, _indices, N } #}
{# WRITES_TO_READ_ONLY_VARIABLES { t, N } #}
{# A row of what is recorded. #}
{% extends 'narrow.cpp' %}

{% block maincode %}
    const size_t _row = {{_dynamic_t}}.size();
    {{_dynamic_t}}.push_back({{_clock_t}});
    {% for name, variable in _recorded_variables|dictsort %}
    {{get_array_name(variable, access_data=False)}}.resize(_row + 1, _num_indices);
    {% endfor %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    for (int _i = 0; _i < (int)_num_indices; _i++)
    {
        const size_t _idx = {{_indices}}[_i];
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        {% for name, variable in _recorded_variables|dictsort %}
        {{get_array_name(variable, access_data=False)}}(_row, _i) = _to_record_{{name}};
        {% endfor %}
    }
    {{N}} = _row + 1;
{% endblock %}
