"""Wiring. Importable without packages: the launcher looks in before they are installed."""
