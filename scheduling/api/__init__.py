"""The API: /api/v1/, its schema and its pages."""
