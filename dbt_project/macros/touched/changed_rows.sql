{# Rows that are in one of two relations of the same columns and not in the other: new, gone, and changed ones as they were and as they are. #}
{% macro changed_rows(before, after) %}
    (
        select * from {{ before }}
        except
        select * from {{ after }}
    )
    union all
    (
        select * from {{ after }}
        except
        select * from {{ before }}
    )
{%- endmacro %}
