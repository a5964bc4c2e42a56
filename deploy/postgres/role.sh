#!/bin/sh
# Run by the database's image once, when it makes its data: the product gets a role of its own, which owns its database
# and nothing else, so that row level security binds it. Nobody signs in as the superuser over the network.
set -eu
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set password="$(cat "$POSTGRES_PASSWORD_FILE")" --dbname postgres <<'SQL'
CREATE ROLE rigs LOGIN PASSWORD :'password';
CREATE DATABASE rigs OWNER rigs;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
