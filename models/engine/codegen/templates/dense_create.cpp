{# USES_VARIABLES { _synaptic_pre, _synaptic_post, N_incoming, N_outgoing, N, N_pre, N_post,
                    _source_offset, _target_offset } #}
{# WRITES_TO_READ_ONLY_VARIABLES { _synaptic_pre, _synaptic_post, N_incoming, N_outgoing, N } #}
{# All synapses of a dense projection at once: Brian2's own template adds them one by one. #}
{% extends 'common_synapses.cpp' %}

{% block maincode %}
    const size_t _N_pre = {{constant_or_scalar('N_pre', variables['N_pre'])}};
    const size_t _N_post = {{constant_or_scalar('N_post', variables['N_post'])}};
    const size_t _size = _N_pre*_N_post;
    {{_dynamic_N_incoming}}.assign(_N_post + _target_offset, _N_pre);
    {{_dynamic_N_outgoing}}.assign(_N_pre + _source_offset, _N_post);
    {{_dynamic__synaptic_pre}}.reserve(_size);
    {{_dynamic__synaptic_post}}.reserve(_size);
    for (size_t _i = 0; _i < _N_pre; _i++)
    {
        {{_dynamic__synaptic_pre}}.insert({{_dynamic__synaptic_pre}}.end(), _N_post, _i + _source_offset);
        for (size_t _j = 0; _j < _N_post; _j++)
            {{_dynamic__synaptic_post}}.push_back(_j + _target_offset);
    }
    {% for varname in owner._registered_variables | variables_to_array_names(access_data=False) | sort%}
    {{varname}}.resize(_size);
    {% endfor %}
    {{N}} = _size;
{% endblock %}
