"""Rezonings, where numbers went, and the one door by which rows that nobody may write follow their area."""

import django.db.models.deletion
from django.db import migrations, models

# Facts and former values are append-only, notices are their owner's: their area alone may change, by declared shifts
# whose both ends lie in the caller's scope.
COVERED = " OR ".join(
    f"({{lo}} >= nullif(current_setting('linli.lo{slot}', true), '')::bigint"
    f" AND {{hi}} <= nullif(current_setting('linli.hi{slot}', true), '')::bigint)"
    for slot in range(1, 5)
)
REFILE = f"""
CREATE FUNCTION places_refile(which bigint, tab regclass, col text, collapses boolean,
    derived text[], widths bigint[], aboves bigint[], most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    sets text;
    moved integer;
BEGIN
    IF EXISTS (SELECT 1 FROM places_areashift s WHERE s.rezoning_id = which AND NOT coalesce(
        ({COVERED.format(lo="s.before", hi="s.hi")})
        AND ({COVERED.format(lo="s.after", hi="s.after + 1")}), false)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'both intervals must be in scope';
    END IF;
    SELECT coalesce(string_agg(format(
        ', %I = CASE WHEN (n.goal & -%s::bigint) & (%s::bigint - 1) <> 0 THEN n.goal & -%s::bigint END',
        name, width, above, width), ''), '') INTO sets
    FROM unnest(derived, widths, aboves) AS d(name, width, above);
    EXECUTE format(
        'WITH n AS MATERIALIZED (SELECT t.ctid AS at,'
        ' CASE WHEN s.whole THEN t.%1$I - s.before + s.after ELSE s.after END AS goal'
        ' FROM places_areashift s JOIN %2$s t ON t.%1$I >= s.before AND t.%1$I < s.hi'
        ' WHERE s.rezoning_id = $1 AND (s.whole OR $2) LIMIT $3 FOR UPDATE OF t)'
        ' UPDATE %2$s t SET %1$I = n.goal%3$s FROM n WHERE t.ctid = n.at', col, tab, sets)
    USING which, collapses, most;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;
REVOKE ALL ON FUNCTION
    places_refile(bigint, regclass, text, boolean, text[], bigint[], bigint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    places_refile(bigint, regclass, text, boolean, text[], bigint[], bigint[], integer) TO linli_app;
"""
UNREFILE = (
    "DROP FUNCTION places_refile("
    "bigint, regclass, text, boolean, text[], bigint[], bigint[], integer)"
)


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rezoning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('on', models.DateField()),
                ('source', models.CharField(max_length=200)),
                ('plan', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('started', models.DateTimeField()),
                ('finished', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': '区划调整',
                'verbose_name_plural': '区划调整',
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished__isnull', True)), fields=('finished',), name='places_rezoning_open_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='AreaShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.BigIntegerField()),
                ('hi', models.BigIntegerField()),
                ('after', models.BigIntegerField()),
                ('whole', models.BooleanField(default=True)),
                ('rezoning', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='places.rezoning')),
            ],
            options={
                'verbose_name': '区域编号变动',
                'verbose_name_plural': '区域编号变动',
                'indexes': [models.Index(fields=['before'], name='places_shift_before')],
                'constraints': [models.UniqueConstraint(fields=('rezoning', 'before'), name='places_shift_once')],
            },
        ),
        migrations.RunSQL(REFILE, UNREFILE),
    ]
