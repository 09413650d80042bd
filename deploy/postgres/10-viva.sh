#!/bin/sh
# Runs once, when the database folder is new: the server's role is no superuser, and works as one that owns nothing.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$VIVA_DATABASE_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE viva LOGIN PASSWORD :'password';
CREATE ROLE viva_app NOLOGIN;
GRANT viva_app TO viva;
CREATE DATABASE viva OWNER viva ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' TEMPLATE template0;
SQL
