{# USES_VARIABLES { N } #}
{# WRITES_TO_READ_ONLY_VARIABLES { N } #}
{# All synapses of a dense projection at once. A synapse's place says which cells it joins, so no
   array of indices is kept: they would be two thirds of the memory. Rows begin with a line of the
   cache. #}
{% extends 'narrow.cpp' %}

{% block declarations %}
    {% for variable in owner._registered_variables|sort(attribute='name') %}
    extern std::vector<{{c_data_type(variable.dtype)}}> {{get_array_name(variable, access_data=False)}};
    {% endfor %}
{% endblock %}

{% block maincode %}
    {% for variable in owner._registered_variables|sort(attribute='name') %}
    {% if variable.name not in ('_synaptic_pre', '_synaptic_post') %}
    {{get_array_name(variable, access_data=False)}}.resize((size_t){{n_pre}}*{{stride}});
    {% endif %}
    {% endfor %}
    {{N}} = {{n_pre}}*{{n_post}};
{% endblock %}
