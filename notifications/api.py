"""Addresses of other systems that want to be called."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.channels.webhook import Refused
from notifications.models import Webhook
from notifications.services import webhooks
from outreach.access import administrator_for

LONGEST_ADDRESS = 300


class WebhookOut(serializers.ModelSerializer):
    waiting = serializers.IntegerField(read_only=True, help_text="Calls not delivered yet")
    last_trouble = serializers.CharField(read_only=True, help_text="Of the latest that failed")

    class Meta:
        model = Webhook
        fields = ["uid", "address", "created_at", "ended_at", "waiting", "last_trouble"]


class WebhookMade(WebhookOut):
    secret = serializers.CharField(read_only=True, help_text="Shown this once: whsec_…")

    class Meta(WebhookOut.Meta):
        fields = [*WebhookOut.Meta.fields, "secret"]


class WebhookIn(serializers.Serializer):
    address = serializers.CharField(max_length=LONGEST_ADDRESS, help_text="https://…")


class Administrators(permissions.IsAuthenticated):
    """The one who runs the system connects it to others."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and administrator_for(request.user).is_active


class WebhookViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Webhook],
):  # fmt: skip
    queryset = webhooks.with_troubles()
    serializer_class = WebhookOut
    permission_classes = [Administrators]
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    @extend_schema(request=WebhookIn, responses={201: WebhookMade, 400: dict, 401: dict, 403: dict})
    def create(self, request: Request) -> Response:
        """The same address again answers with a new secret; the old one ends."""
        by = administrator_for(request.user)
        given = WebhookIn(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            made, secret = webhooks.create(given.validated_data["address"], by=by)
        except Refused as refusal:
            raise serializers.ValidationError({"address": [str(refusal)]}) from refusal
        shown = WebhookMade(webhooks.with_troubles().get(pk=made.pk)).data
        return Response(shown | {"secret": secret}, status=201)
