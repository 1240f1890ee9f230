{# A code object that knows the arrays that it uses, and no other of the network: it compiles
   quickly, and its object file serves each network that has the same cells. Nothing happens before
   or after a run: the program ends there. #}
{% macro before_run_cpp_file() %}
// EMPTY_CODE_BLOCK
{% endmacro %}

{% macro before_run_h_file() %}
{% endmacro %}

{% macro after_run_cpp_file() %}
// EMPTY_CODE_BLOCK
{% endmacro %}

{% macro after_run_h_file() %}
{% endmacro %}

{% macro cpp_file() %}
{% if '_random_generators' in support_code_lines|join %}
#include "objects.h"
{% endif %}
#include "generated.h"

namespace brian
{
    {{declarations|autoindent}}
    {% block declarations %}
    {% endblock %}
}

namespace {
    {{support_code_lines|autoindent}}
}

{{hashdefine_lines|autoindent}}

void _run_{{codeobj_name}}()
{
    using namespace brian;
    %CONSTANTS%
    {{pointers_lines|autoindent}}

    {% block maincode %}
    {% endblock %}
}
{% endmacro %}

{% macro h_file() %}
void _run_{{codeobj_name}}();
{% endmacro %}

{# Blocks of random numbers, one for each cell. #}
{% macro _drawn(blocks) %}
    {% for kind in blocks %}
    alignas(64) static float _drawn_{{loop.index0}}[draws.whole(N)];
    draws.{{kind}}(_drawn_{{loop.index0}}, _n);
    {% endfor %}
{% endmacro %}
