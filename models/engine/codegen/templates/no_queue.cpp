{# A dense projection has no delays: its events need no queue. #}
{% extends 'narrow.cpp' %}
