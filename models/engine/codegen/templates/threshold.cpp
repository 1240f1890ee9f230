{# USES_VARIABLES { N } #}
{# Ask all cells (or those that another event has listed), then list those whose condition holds:
   the first is a loop without branches. #}
{% extends 'narrow.cpp' %}

{% block declarations %}
    {% if asked %}
    extern int32_t* {{asked}};
    {% endif %}
{% endblock %}

{% block maincode %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    {% if asked %}
    const int32_t* const __restrict _asked = {{asked}};
    {% endif %}
    const int _n = {{'_asked[N]' if asked else 'N'}};
    {% for name, (type, _) in copied|default({})|dictsort %}
    alignas(64) static {{type}} _copy_{{name}}[N];
    {% endfor %}
    {% if asked %}
    static long _seen = -1;
    if (_seen != changed)
    {
        _seen = changed;
        for (int32_t _k = 0; _k < _n; _k++)
        {
            {% for name, (_, array) in copied|dictsort %}
            _copy_{{name}}[_k] = {{array}}[_asked[_k]];
            {% endfor %}
        }
    }
    {% endif %}
    {{_drawn(blocks)}}
    alignas(64) static char _flag[padded(N)];
    #pragma GCC ivdep
    for (int32_t _k = 0; _k < _n; _k++)
    {
        const int32_t _idx = {{'_asked[_k]' if asked else '_k'}};
        const size_t _vectorisation_idx = _k;
        {{vector_code|autoindent}}
        _flag[_k] = _cond;
    }
    {% if asked %}
    std::memset(_flag + _n, 0, padded(_n) - _n); // of longer lists before
    {% endif %}
    const int32_t _count = listed(_flag, _n, {{_eventspace}}{{', _asked' if asked else ''}});
    {{_eventspace}}[N] = _count;
    {% if asks %}
    changed++;
    {% endif %}
    {% if _uses_refractory %}
    for (int32_t _k = 0; _k < _count; _k++)
    {
        const int32_t _idx = {{_eventspace}}[_k];
        {{not_refractory}}[_idx] = false;
        {{lastspike}}[_idx] = {{t}};
    }
    {% endif %}
{% endblock %}
