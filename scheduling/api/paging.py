"""Long lists come in pages."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """?limit= and ?offset=; whoever asks for more than max_limit is given that many."""

    max_limit = 500
