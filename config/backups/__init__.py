"""Backups: a portable dump and a base with its write-ahead log, taken, thinned and put back."""
