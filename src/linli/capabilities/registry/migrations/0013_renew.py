"""While index keys are being changed, an import brings whom it meets under the new key, wherever they live.

Otherwise somebody indexed under the former key would not be met, and be registered a second time.
"""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# It shows nobody and changes nothing but which key a number is found by.
RENEW = """
CREATE FUNCTION registry_renew(column_name text, former bytea[], present bytea[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    renewed bigint;
BEGIN
    IF nullif(current_setting('linli.account', true), '') IS NULL THEN
        RETURN 0;
    END IF;
    IF column_name = 'document' THEN
        UPDATE registry_person p SET document_index = n.present
        FROM unnest(former, present) AS n(former, present) WHERE p.document_index = n.former;
    ELSE
        UPDATE registry_person p SET phone_index = n.present
        FROM unnest(former, present) AS n(former, present) WHERE p.phone_index = n.former;
    END IF;
    GET DIAGNOSTICS renewed = ROW_COUNT;
    RETURN renewed;
END $$;
REVOKE ALL ON FUNCTION registry_renew(text, bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_renew(text, bytea[], bytea[]) TO linli_app;
"""


class Migration(migrations.Migration):
    """One narrow door."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0012_coverage")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(RENEW, "DROP FUNCTION registry_renew(text, bytea[], bytea[])"),
    ]
