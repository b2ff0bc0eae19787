from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Pages by the last row seen, so that page 20,000 costs what page 1 costs. No total count."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    ordering = "-pk"
