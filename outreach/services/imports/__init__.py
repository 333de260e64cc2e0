"""The city from GeoJSON files: each file is taken whole or refused whole."""
