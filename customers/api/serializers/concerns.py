"""What the company's concerns are called, and what each counts as."""

from rest_framework import serializers


class ConcernSerializer(serializers.Serializer):
    """``intent`` of readings and corrections is one of these codes."""

    code = serializers.CharField(read_only=True, help_text="Stays the same whatever it is called.")
    name = serializers.CharField(
        read_only=True,
        help_text="In the language of `Accept-Language`; given by the company or built in.",
    )
    name_en = serializers.CharField(read_only=True, help_text="Given by the company, else empty.")
    name_zh = serializers.CharField(read_only=True, help_text="Given by the company, else empty.")
    built_in = serializers.BooleanField(read_only=True)
    off = serializers.BooleanField(read_only=True, help_text="Its messages count as `other`.")
    merged_into = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its messages count as this code."
    )
    stands_for = serializers.CharField(
        read_only=True,
        help_text="The code that readings have of it now; its own where it is in use.",
    )
    words = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Wordings that say so."
    )
