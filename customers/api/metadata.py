from rest_framework.metadata import BaseMetadata


class Methods(BaseMetadata):
    """What OPTIONS answers: which methods there are; the rest stands in the description."""

    def determine_metadata(self, request, view) -> dict:
        return {"methods": view.allowed_methods}
