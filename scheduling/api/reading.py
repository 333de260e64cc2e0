"""Reading beats, venues and public events; what the pages show, as JSON."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from outreach import selectors as outreach_selectors
from outreach.disclosure import public_place, public_point
from outreach.enums import PUBLIC_PROGRAMS, Disclosure, VenueKind
from outreach.models import Beat, Venue
from scheduling import selectors
from scheduling.enums import EventStatus
from scheduling.models import Event

FIRST_YEAR, LAST_YEAR = 1900, 2200
Field = serializers.SlugRelatedField[Any]


class BeatOut(serializers.ModelSerializer):
    class Meta:
        model = Beat
        fields = ["code", "name", "letter", "color", "boundary", "starts_on", "ends_on"]


class VenueOut(serializers.ModelSerializer):
    """Only venues shown in full."""

    id = serializers.UUIDField(source="uid")
    beat: Field = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Venue
        fields = ["id", "name", "address", "beat", "longitude", "latitude"]


class EventOut(serializers.ModelSerializer):
    beat: Field = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    also_beats: Field = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    place = serializers.SerializerMethodField()
    point = serializers.SerializerMethodField(help_text="[latitude, longitude] of a public place")
    texts = serializers.SerializerMethodField(help_text="Words in further languages")

    class Meta:
        model = Event
        fields = [
            "uid",
            "program",
            "beat",
            "also_beats",
            "summary",
            "description",
            "place",
            "point",
            "starts_at",
            "ends_at",
            "status",
            "classification",
            "sequence",
            "updated_at",
            "texts",
        ]

    def get_place(self, event: Event) -> str:
        shown = public_place(event.venue) if event.venue else ""
        return ", ".join(part for part in (shown, event.location) if part)

    @extend_schema_field(serializers.ListField(child=serializers.FloatField(), allow_null=True))
    def get_point(self, event: Event) -> tuple[float, float] | None:
        return public_point(event.venue) if event.venue else None

    @extend_schema_field(
        serializers.DictField(child=serializers.DictField(child=serializers.CharField()))
    )
    def get_texts(self, event: Event) -> dict[str, dict[str, Any]]:
        return {
            text.language: {"summary": text.summary, "description": text.description}
            for text in event.texts.all()
        }


class MomentField(IsoDateTimeField):
    """A time the database can hold in any zone."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class EventFilter(filters.FilterSet):
    beat = filters.CharFilter(method="of_beat", label="Code of a beat")
    program = filters.ChoiceFilter(choices=[(p.value, p.label) for p in PUBLIC_PROGRAMS])
    status = filters.ChoiceFilter(choices=EventStatus.choices)
    starts_after = MomentFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = MomentFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Event
        fields: list[str] = []

    def of_beat(self, found: QuerySet[Event], name: str, code: str) -> QuerySet[Event]:
        beat = Beat.objects.filter(code=code).first() if "\0" not in code else None
        return selectors.of_beat(found, beat) if beat else found.none()


class BeatViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Beat.objects.all()
    serializer_class = BeatOut
    lookup_field = "code"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Beat]:
        return outreach_selectors.beats_in_effect()


class VenueViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = (
        Venue.objects.filter(is_active=True, disclosure=Disclosure.FULL)
        .exclude(kind=VenueKind.HOME)
        .select_related("beat")
        .order_by("name", "pk")
    )
    serializer_class = VenueOut
    lookup_field = "uid"
    lookup_value_converter = "uuid"
