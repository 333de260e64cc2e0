"""Who came, and the unit's figures by month."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from outreach.enums import Program, SpokenLanguage
from scheduling import access, numbers, seats
from scheduling.api.answers import by_field, problem
from scheduling.enums import Outcome
from scheduling.forms.records import CloseOutForm, NumbersForm
from scheduling.models import CloseOut, Event
from scheduling.services import closing, door
from scheduling.services.bookings import EventCancelled

PROBLEMS = {400: dict, 401: dict, 403: dict, 404: dict, 409: dict}


class NumbersOut(serializers.Serializer):
    """What was held, not what was planned. No beat: the whole city."""

    month = serializers.CharField(help_text="As 2026-11.")
    beat = serializers.CharField(allow_null=True)
    program = serializers.ChoiceField(Program.choices)
    events = serializers.IntegerField()
    people = serializers.IntegerField()
    minutes = serializers.IntegerField()
    surveys = serializers.IntegerField()


class Numbers(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        parameters=[OpenApiParameter("year", int), OpenApiParameter("month", int)],
        responses={200: NumbersOut(many=True), 400: dict, 401: dict, 403: dict},
    )
    def get(self, request: Request) -> Response:
        access.staff_member_for(request.user)
        asked = {"year": timezone.localdate().year} | request.query_params.dict()
        form = NumbersForm(asked)
        if not form.is_valid():
            raise serializers.ValidationError(by_field(form))
        cells = numbers.cells(form.cleaned_data["year"], form.cleaned_data["month"])
        return Response([
            {
                "month": f"{cell.month:%Y-%m}",
                "beat": cell.beat.code if cell.beat else None,
                "program": cell.program.value,
                **vars(cell.figures),
            }
            for cell in cells
        ])  # fmt: skip


class PlannedOut(serializers.Serializer):
    capacity = serializers.IntegerField()
    taken = serializers.IntegerField()
    households = serializers.IntegerField()
    waiting = serializers.IntegerField()


class CloseOutOut(serializers.ModelSerializer):
    class Meta:
        model = CloseOut
        fields = ["outcome", "head_count", "minutes", "languages"]


class AttendanceOut(serializers.Serializer):
    """What was planned, what the door counted, and how the event was closed out."""

    planned = PlannedOut(allow_null=True)
    at_the_door = serializers.IntegerField()
    close_out = CloseOutOut(allow_null=True)


class AttendanceIn(serializers.Serializer):
    outcome = serializers.ChoiceField(Outcome.choices)
    head_count = serializers.IntegerField(required=False, min_value=0, max_value=100_000)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=24 * 60)
    languages = serializers.ListField(
        child=serializers.ChoiceField(SpokenLanguage.choices), required=False
    )


class AttendanceOfEvent(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={200: AttendanceOut, **PROBLEMS})
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(_attendance(access.counted_event(request.user, uid)))

    @extend_schema(request=AttendanceIn, responses={200: AttendanceOut, **PROBLEMS})
    def put(self, request: Request, uid: UUID) -> Response:
        """Close the event out; again, it corrects the first time."""
        event, staff = access.door_of(request.user, uid)
        given = AttendanceIn(data=request.data)
        given.is_valid(raise_exception=True)
        form = CloseOutForm({"key": str(uid), **given.validated_data})
        if not form.is_valid():
            raise serializers.ValidationError(by_field(form))
        try:
            closing.close(event.pk, report=form.report(), by=staff)
        except EventCancelled:
            return problem("outcome", _("This event is cancelled."), 409)
        except closing.NotBegun:
            return problem("outcome", _("This event has not begun."), 409)
        return Response(_attendance(event))


def _attendance(event: Event) -> dict[str, Any]:
    seating = seats.of(event)
    shown = {
        "planned": seats.tally(seating) if seating else None,
        "at_the_door": door.heads(event),
        "close_out": CloseOut.objects.filter(event=event).first(),
    }
    return dict(AttendanceOut(shown).data)
