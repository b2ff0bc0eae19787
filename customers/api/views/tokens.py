"""A user name and password against a token."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, serializers, viewsets
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.api.choosing import SomeOf
from customers.api.door import Door, RetrieveOne
from customers.api.filters import TokenFilter
from customers.api.known import KnownFields, NothingSerializer
from customers.api.serializers.tokens import TokenSerializer
from customers.api.texts import TextField
from customers.api.throttling import SignInThrottle
from customers.models import ApiToken, ChangeSet
from customers.revoking import revoke

USUAL_DAYS, MOST_DAYS = 30, 366
MOST_TOKENS = 100


class ScopesField(SomeOf):
    def get_value(self, dictionary):
        """A form without scopes names none, as a body without them does."""
        return super().get_value(dictionary) if self.field_name in dictionary else empty


class SignInSerializer(KnownFields, AuthTokenSerializer):
    name = TextField(
        max_length=100, default="API", help_text="What you will recognise the token by."
    )
    scopes = ScopesField(
        choices=[scope.value for scope in ApiToken.Scope],
        required=False,
        allow_empty=False,
        help_text="What it may do; everything where nothing is named.",
    )
    days = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS, default=USUAL_DAYS, help_text="How long it lives."
    )
    token = None

    def validate(self, data: dict) -> dict:
        data = super().validate(data)
        if data["user"].api_tokens.living().count() >= MOST_TOKENS:
            raise serializers.ValidationError(
                _("This person has too many tokens; revoke some first."), "too_many_tokens"
            )
        return data


class IssuedSerializer(serializers.ModelSerializer):
    token = serializers.CharField(help_text="The secret itself; it is shown this once.")

    class Meta:
        model = ApiToken
        fields = ["token", "name", "scopes", "expires_at"]


class TokenViewSet(Door, mixins.ListModelMixin, RetrieveOne, viewsets.GenericViewSet):
    """One's own; everybody's for admins. The secret is shown when it is made, and never again."""

    serializer_class = TokenSerializer
    filterset_class = TokenFilter
    queryset = ApiToken.objects.none()

    def get_queryset(self):
        return ApiToken.objects.managed_by(self.request.user).select_related("user")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], filterset_class=None)
    def revoke(self, request, pk=None) -> Response:
        """It opens nothing from now on; revoked already, it stays so since when it was."""
        token = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        revoke(token, request.user, ChangeSet.Source.API)
        return Response(self.get_serializer(token).data)


class TokenView(APIView):
    """Exchange a user name and password for a new token, which lives for a month unless said otherwise."""

    authentication_classes: list = []
    permission_classes: list = []
    throttle_classes = [SignInThrottle]
    parser_classes = [parsers.JSONParser, parsers.FormParser, parsers.MultiPartParser]

    @extend_schema(request=SignInSerializer, responses=IssuedSerializer)
    def post(self, request) -> Response:
        serializer = SignInSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        token, secret = ApiToken.objects.issue(
            data["user"],
            data["name"],
            data.get("scopes") or ApiToken.Scope.values,
            timezone.now() + datetime.timedelta(days=data["days"]),
        )
        token.token = secret
        return Response(IssuedSerializer(token).data, headers={"Cache-Control": "no-store"})
