"""The Postgres warehouse: server, connections, migrations, refresh windows and publishing."""
