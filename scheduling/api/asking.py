"""Requests for events, as another desk of the city files them and follows what becomes of them."""

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from outreach.actors import Actor
from outreach.enums import AccommodationKind, Program, Source, SpokenLanguage
from outreach.models import EventRequest
from outreach.services import submissions
from scheduling import access
from scheduling.api.answers import KEY, by_field, key_of, key_reused
from scheduling.api.booking import Moment
from scheduling.forms.requests import WISHES, StaffEventRequestForm
from scheduling.services import requests

Field = serializers.SlugRelatedField[Any]
PROBLEMS = {400: dict, 401: dict, 403: dict, 422: dict}
# What the form asks in parts, one field has here.
PARTS = {part: "wished_starts" for wish in WISHES for part in wish}


class EventRequestOut(serializers.ModelSerializer):
    """Without the person who asked, the place and the notes: those stand on staff pages."""

    beat: Field = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    event = serializers.SerializerMethodField(help_text="uid of what was booked for it")

    class Meta:
        model = EventRequest
        fields = ["uid", "reference", "program", "topic", "beat", "block", "wished_starts",
                  "minutes", "organization", "audience_size", "audience", "language",
                  "accommodations", "status", "answer", "source", "event", "created_at",
                  "updated_at"]  # fmt: skip

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_event(self, asked: EventRequest) -> Any:
        own = [link.event for link in asked.events.all() if not link.event.is_cancelled]
        return own[0].uid if own else None


class EventRequestIn(serializers.Serializer):
    """The shape; what may stand in it, the form of the desk decides."""

    program = serializers.ChoiceField(
        [Program.NEIGHBORHOOD_WATCH, Program.PRESENTATIONS, Program.COMMUNITY]
    )
    topic = serializers.CharField()
    wished_starts = serializers.ListField(child=Moment(), min_length=1, max_length=len(WISHES))
    place = serializers.CharField(required=False, allow_blank=True)
    beat = serializers.CharField(required=False, allow_blank=True, help_text="Code of a beat.")
    name = serializers.CharField()
    reach = serializers.CharField(help_text="E-mail address or phone number.")
    organization = serializers.CharField(required=False, allow_blank=True)
    audience_size = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    audience = serializers.CharField(required=False, allow_blank=True)
    event_language = serializers.ChoiceField(SpokenLanguage.choices, required=False)
    accommodations = serializers.ListField(
        child=serializers.ChoiceField(AccommodationKind.choices), required=False
    )
    notes = serializers.CharField(required=False, allow_blank=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        [s.value for s in Source if s != Source.WEB]
    )


class EventRequestViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[EventRequest]
):
    queryset = EventRequest.objects.none()
    serializer_class = EventRequestOut
    permission_classes = [permissions.IsAuthenticated]
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    filterset_fields = {"status": ["exact"], "program": ["exact"]}

    def get_queryset(self) -> QuerySet[EventRequest]:
        """Of the own beats; the sergeant all."""
        if getattr(self, "swagger_fake_view", False):
            return EventRequest.objects.none()
        shown = access.event_requests(self.request.user)
        return shown.prefetch_related("events__event").order_by("-created_at", "pk")

    @extend_schema(
        parameters=[KEY], request=EventRequestIn, responses={201: EventRequestOut, **PROBLEMS}
    )
    def create(self, request: Request) -> Response:
        staff = access.planner_for(request.user)
        key = key_of(request, staff)
        given = EventRequestIn(data=request.data)
        given.is_valid(raise_exception=True)
        form = _form(given.validated_data)
        if not form.is_valid():
            raise serializers.ValidationError(_by_field(form))
        source = Source(form.cleaned_data["source"])
        wish, by = form.wish(source), Actor(staff=staff)
        try:
            uid = submissions.once(key, request.data, lambda: str(requests.ask(wish, by=by).uid))
        except requests.NotOffered as refusal:
            raise serializers.ValidationError({"wished_starts": [refusal.words]}) from refusal
        except submissions.KeyReused:
            return key_reused()
        asked = EventRequest.objects.select_related("beat").get(uid=uid)
        return Response(EventRequestOut(asked).data, status=201)


def _form(given: dict[str, Any]) -> StaffEventRequestForm:
    said = {name: value for name, value in given.items() if name != "wished_starts"}
    for (day, starts), moment in zip(WISHES, given["wished_starts"], strict=False):
        local = timezone.localtime(moment)
        said |= {day: f"{local:%m/%d/%Y}", starts: f"{local:%H:%M}"}
    return StaffEventRequestForm(said | {"key": str(uuid4())})


def _by_field(form: StaffEventRequestForm) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, words in by_field(form).items():
        found.setdefault(PARTS.get(name, name), []).extend(words)
    return found
