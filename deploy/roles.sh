#!/bin/sh
# Makes both roles and the database when the server of compose.yaml starts for the first time.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$LINLI_OWNER_PASSWORD" -v app="$LINLI_APP_PASSWORD" <<'SQL'
CREATE ROLE linli_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD :'owner';
CREATE ROLE linli_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'app';
CREATE DATABASE linli OWNER linli_owner TEMPLATE template0 ENCODING 'UTF8';
SQL
