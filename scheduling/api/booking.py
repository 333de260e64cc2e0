"""Booking over the API: the same services as the pages, the same refusals."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pghistory
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import mixins, permissions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from outreach import access as outreach_access
from outreach import department
from outreach import selectors as outreach_selectors
from outreach.actors import Actor
from outreach.enums import PUBLIC_PROGRAMS, Program
from outreach.forms.fields import refuse_hidden_characters
from outreach.models import Beat, StaffMember, Venue
from outreach.services import submissions
from scheduling import access, selectors, wording
from scheduling.api.answers import KEY, key_of, key_reused, problem
from scheduling.api.reading import EventFilter, EventOut
from scheduling.diary import Reason
from scheduling.enums import Classification, EventStatus
from scheduling.forms.fields import farthest
from scheduling.models import Event
from scheduling.services import bookings, checks, events

REFUSAL = inline_serializer(
    "Refusal",
    {
        "clashes": serializers.ListField(
            child=inline_serializer(
                "Clash",
                {
                    "who": serializers.CharField(),
                    "from": serializers.DateTimeField(),
                    "until": serializers.DateTimeField(),
                    "reason": serializers.ChoiceField([reason.value for reason in Reason]),
                    "words": serializers.CharField(),
                },
            )
        ),
        "free_times": serializers.ListField(child=serializers.DateTimeField()),
    },
)
PROBLEMS = {400: dict, 403: dict, 404: dict, 409: REFUSAL}


class Moment(serializers.DateTimeField):
    """ISO 8601 with its offset: a time without one means another hour to each reader."""

    def enforce_timezone(self, value: Any) -> Any:
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Give the time with its offset, as in -08:00."))
        try:
            is_far = abs(value - timezone.now()) > farthest()
        except OverflowError:
            is_far = True
        if is_far:
            raise serializers.ValidationError(_("Choose a date within the next two years."))
        return super().enforce_timezone(value)


class Words(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        refuse_hidden_characters(text)
        return text


class Named(serializers.SlugRelatedField[Any]):
    """By a name or code of ours; what no column can hold names nothing."""

    def to_internal_value(self, data: Any) -> Any:
        text = str(data)
        if "\0" in text or text != text.encode(errors="ignore").decode():
            self.fail("does_not_exist", slug_name=self.slug_field, value="")
        return super().to_internal_value(data)


class EventIn(serializers.Serializer):
    program = serializers.ChoiceField([(p.value, p.label) for p in PUBLIC_PROGRAMS])
    beat = Named(
        slug_field="code", queryset=Beat.objects.none(), allow_null=True,
        help_text="Code of a beat; null is the whole city.",
    )  # fmt: skip
    also_beats = Named(slug_field="code", queryset=Beat.objects.none(), many=True, required=False)
    summary = Words(max_length=120)
    description = Words(max_length=4000, required=False, allow_blank=True)
    location = Words(max_length=160, required=False, allow_blank=True)
    starts_at = Moment()
    ends_at = Moment()
    staff = Named(
        slug_field="user__username", queryset=StaffMember.objects.none(), many=True,
        required=False, help_text="User names.",
    )  # fmt: skip
    venue = Named(slug_field="uid", queryset=Venue.objects.none(), allow_null=True, required=False)
    classification = serializers.ChoiceField(
        [Classification.PUBLIC, Classification.PRIVATE], required=False,
        help_text="As usual for the program when left out.",
    )  # fmt: skip
    status = serializers.ChoiceField([EventStatus.CONFIRMED, EventStatus.TENTATIVE], required=False)

    def get_fields(self) -> dict[str, Any]:
        """What may be chosen today; asked anew for each call."""
        fields: dict[str, Any] = super().get_fields()
        beats = outreach_selectors.beats_in_effect()
        fields["beat"].queryset = beats
        fields["also_beats"].child_relation.queryset = beats
        fields["staff"].child_relation.queryset = selectors.bookable_staff()
        fields["venue"].queryset = Venue.objects.filter(is_active=True)
        return fields

    def validate_program(self, program: str) -> str:
        """One that is switched off takes nothing new; what is booked stays."""
        before: Event | None = self.instance
        if program in department.current().programs or (before and before.program == program):
            return program
        raise serializers.ValidationError(_("This program is switched off."))

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        before: Event | None = self.instance
        starts_at = given.get("starts_at") or (before and before.starts_at)
        ends_at = given.get("ends_at") or (before and before.ends_at)
        if starts_at and ends_at and ends_at <= starts_at:
            raise serializers.ValidationError({"ends_at": [_("The end must be after the start.")]})
        return given


class CancelIn(serializers.Serializer):
    reason = Words(max_length=300)


class StaffOnly(permissions.BasePermission):
    """Anyone reads what is public; working staff write."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in permissions.SAFE_METHODS or bool(request.user.is_authenticated)


class EventViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Event.objects.none()
    serializer_class = EventOut
    filterset_class = EventFilter
    permission_classes = [StaffOnly]
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with pghistory.context():  # whose it is, is known after signing in
            return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Event]:
        return access.readable_events(self.request.user).order_by("starts_at", "pk")

    @extend_schema(
        parameters=[KEY],
        request=EventIn,
        responses={201: EventOut, 422: dict, **PROBLEMS},
    )
    def create(self, request: Request) -> Response:
        staff = access.planner_for(request.user)
        pghistory.context(staff=staff.pk)
        key = key_of(request, staff)
        form = EventIn(data=request.data)
        form.is_valid(raise_exception=True)
        plan = _plan(form.validated_data)
        if not outreach_access.can_manage_beat(staff, plan.beat):
            return problem("beat", _("This beat is not yours to book for."), 403)
        try:
            uid = submissions.once(
                key,
                request.data,
                lambda: _book(plan, Actor(staff=staff)),
            )
        except submissions.KeyReused:
            return key_reused()
        except checks.NotBookable as refusal:
            return _not_bookable(refusal)
        except bookings.DoubleBooked as refusal:
            return _refused(refusal)
        return Response(_shown(uid), status=status.HTTP_201_CREATED)

    @extend_schema(request=EventIn(partial=True), responses={200: EventOut, **PROBLEMS})
    def partial_update(self, request: Request, uid: UUID) -> Response:
        seen = events.version(uid)
        event, staff = _own_event(request, uid)
        form = EventIn(event, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        plan = replace(events.plan_of(event), **_changes(form.validated_data))
        if not outreach_access.can_manage_beat(staff, plan.beat):
            return problem("beat", _("This beat is not yours to book for."), 403)
        try:
            checks.refuse(plan, before=event)
            events.change(event.pk, plan, by=Actor(staff=staff), seen=seen)
        except checks.NotBookable as refusal:
            return _not_bookable(refusal)
        except bookings.DoubleBooked as refusal:
            return _refused(refusal)
        except events.ChangedMeanwhile:
            return problem("sequence", _("Somebody changed this event just now. Try again."), 409)
        except events.AlreadyConfirmed:
            return problem("status", _("A confirmed event moves or is cancelled."), 400)
        except bookings.EventCancelled:
            return problem("status", _("This event is cancelled and changes no more."), 409)
        return Response(_shown(uid))

    @extend_schema(request=CancelIn, responses={200: EventOut, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, uid: UUID) -> Response:
        event, staff = _own_event(request, uid)
        form = CancelIn(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            events.cancel(event.pk, by=Actor(staff=staff), reason=form.validated_data["reason"])
        except bookings.DoubleBooked as refusal:
            return _refused(refusal)
        return Response(_shown(uid))


def _own_event(request: Request, uid: UUID) -> tuple[Event, StaffMember]:
    """An event the caller may change; a survey visit has its own way and is not shown here."""
    event, staff = access.manageable_event(request.user, uid)
    pghistory.context(staff=staff.pk)
    if event.program == Program.SECURITY_SURVEY:
        raise Http404
    return event, staff


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """What the plan takes: tuples, and enums instead of their values."""
    changes = dict(given)
    for name, kind in (
        ("program", Program), ("classification", Classification), ("status", EventStatus),
    ):  # fmt: skip
        if name in changes:
            changes[name] = kind(changes[name])
    for name in ("also_beats", "staff"):
        if name in changes:
            changes[name] = tuple(changes[name])
    return changes


def _plan(given: dict[str, Any]) -> events.Plan:
    changes = _changes(given)
    changes.setdefault("classification", events.USUAL_CLASSIFICATION[changes["program"]])
    return events.Plan(**changes)


def _book(plan: events.Plan, by: Actor) -> str:
    checks.refuse(plan)
    return str(events.create(plan, by=by).uid)


def _not_bookable(refusal: checks.NotBookable) -> Response:
    return Response({field: [words] for field, words in refusal.problems.items()}, status=400)


def _shown(uid: Any) -> dict[str, Any]:
    """The event as it stands now, public or not: who booked it may read it."""
    event = Event.objects.select_related("beat", "venue").get(uid=uid)
    return dict(EventOut(event).data)


def _refused(refusal: bookings.DoubleBooked) -> Response:
    clashes = [
        {
            "who": clash.who,
            "from": clash.span.starts_at,
            "until": clash.span.ends_at,
            "reason": clash.reason.value,
            "words": wording.clash(clash),
        }
        for clash in refusal.clashes
    ]
    body = {"clashes": clashes, "free_times": refusal.free_times}
    return Response(body, status=status.HTTP_409_CONFLICT)
