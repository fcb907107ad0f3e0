{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_feedback_days') }}
-- Feedback by the day it was given. Thumbs and stars are never averaged together.
with entries as (

    select feedback_entries.*
    from {{ ref('feedback_entries') }} as feedback_entries
    {% if is_incremental() -%}
    inner join {{ ref('int_learning__touched_feedback_days') }} as touched
        on
            feedback_entries.tenant_id = touched.tenant_id
            and feedback_entries.metric_date = touched.metric_date
    {% endif %}
),

sums as (

    select
        tenant_id,
        metric_date,
        source,
        target_type,
        coalesce(reviewer_role, 'unknown') as reviewer_role,
        count(*) as entries,
        count(*) filter (where is_current) as ratings,
        {% for rating in range(-1, 6) -%}
        count(*) filter (where is_current and rating = {{ rating }}) as rating_{{ 'm1' if rating == -1 else rating }},
        {% endfor -%}
        sum(cast(rating as {{ type_decimal() }})) filter (where is_current) as rating_sum,
        sum(cast(rating * rating as {{ type_decimal() }})) filter (where is_current) as rating_sum_of_squares,
        count(*) filter (where is_current and rating >= case source when 'inline' then 1 else 4 end) as positive_count,
        sum(cast(rating_normalized as {{ type_decimal() }})) filter (where is_current) as normalized_sum
    from entries
    group by tenant_id, metric_date, source, target_type, coalesce(reviewer_role, 'unknown')

),

final as (

    select
        tenant_id,
        metric_date,
        source,
        target_type,
        reviewer_role,
        cast(entries as integer) as entries,
        cast(ratings as integer) as ratings,
        {% for rating in range(-1, 6) -%}
        cast(rating_{{ 'm1' if rating == -1 else rating }} as integer) as rating_{{ 'm1' if rating == -1 else rating }},
        {% endfor -%}
        cast(rating_sum as integer) as rating_sum,
        cast(rating_sum / nullif(ratings, 0) as {{ type_double() }}) as average_rating,
        cast(
            sqrt({{ squared_standard_error('ratings', 'rating_sum', 'rating_sum_of_squares') }}) as {{ type_double() }}
        ) as average_rating_se,
        cast(positive_count as integer) as positive_count,
        {{ ratio('positive_count', 'ratings') }} as positive_share,
        {{ wilson_low('positive_count', 'ratings') }} as positive_share_low,
        {{ wilson_high('positive_count', 'ratings') }} as positive_share_high,
        cast(normalized_sum as {{ type_double() }}) as normalized_sum
    from sums

)

select * from final
