{# Deliver events through an all-to-all projection. Synapse (i, j) has index i*N_post + j, so one
   event is one row of the weight matrix: a loop that the compiler vectorises, where Brian2's own
   template looks up each synapse in a queue. #}
{% extends 'common_synapses.cpp' %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    const int32_t* const _events = {{events}};
    const int _n_events = _events[{{n_events_index}}];
    for (int _e = 0; _e < _n_events; _e++)
    {
    {% if prepost == 'pre' %}
        const int32_t _presynaptic_idx = _events[_e];
        #pragma GCC ivdep
        for (int32_t _postsynaptic_idx = 0; _postsynaptic_idx < {{n_post}}; _postsynaptic_idx++)
        {
    {% else %}
        const int32_t _postsynaptic_idx = _events[_e];
        #pragma GCC ivdep
        for (int32_t _presynaptic_idx = 0; _presynaptic_idx < {{n_pre}}; _presynaptic_idx++)
        {
    {% endif %}
            const size_t _idx = (size_t)_presynaptic_idx*{{n_post}} + _postsynaptic_idx;
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    }
{% endblock %}
