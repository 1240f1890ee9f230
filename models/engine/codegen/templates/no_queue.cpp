{# A dense projection has no delays: its events need no queue. #}
{% extends 'common_group.cpp' %}
{% block maincode %}
{% endblock %}
