"""PostgreSQL, Valkey and a mail catcher from wheels, for a machine that has none of its own."""
