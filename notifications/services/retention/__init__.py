"""Keeping and forgetting people's data: the one service that sees every table."""
