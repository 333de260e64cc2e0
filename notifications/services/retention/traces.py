"""Destroying records with all that they left elsewhere: history, links, keys of forms."""

from collections.abc import Iterable, Sequence

import pghistory.models
from django.apps import apps
from django.db.models import Model, Q

from notifications.models import LegalHold
from outreach.models import Contact, EventRequest, Submission, SurveyRequest
from scheduling.models import Accommodation, Event, RequestedEvent, Rsvp, SurveyVisit


def forget_surveys(ids: Sequence[int]) -> None:
    """With their visits: those are nobody's record but the resident's."""
    requests = SurveyRequest.objects.filter(pk__in=ids)
    _forget_presses(requests.values_list("uid", "reference"))
    visits = SurveyVisit.objects.filter(request__in=ids)
    forget_events(list(visits.values_list("event_id", flat=True)))
    requests.delete()


def forget_event_requests(ids: Sequence[int]) -> None:
    """The event that came of one stays: it tells of the city's work, not of who asked for it."""
    requests = EventRequest.objects.filter(pk__in=ids)
    _forget_presses(requests.values_list("uid", "reference"))
    RequestedEvent.objects.filter(request__in=ids).delete()
    requests.delete()


def forget_sign_ups(ids: Sequence[int]) -> None:
    sign_ups = Rsvp.objects.filter(pk__in=ids)
    _forget_presses(sign_ups.values_list("uid"))
    sign_ups.delete()


def forget_needs(ids: Sequence[int]) -> None:
    Accommodation.objects.filter(pk__in=ids).delete()
    for model in _histories():
        if model._meta.get_field("pgh_obj").related_model is Accommodation:
            model._default_manager.filter(pgh_obj_id__in=ids).delete()


def forget_contacts(ids: Sequence[int]) -> None:
    contacts = Contact.objects.filter(pk__in=ids)
    _forget_presses(contacts.values_list("uid"))
    _let_go_of_lifted_holds(Q(contact__in=ids))
    contacts.delete()


def forget_events(ids: Sequence[int]) -> None:
    """Calendars they stood in are published anew: the database marks them itself."""
    _let_go_of_lifted_holds(Q(event__in=ids))
    Event.objects.filter(pk__in=ids).delete()
    # After the rows: to be deleted is a line of history too.
    for model in _histories():
        if model._meta.get_field("pgh_obj").related_model is Event:
            model._default_manager.filter(pgh_obj_id__in=ids).delete()
        elif any(field.name == "event" for field in model._meta.fields):
            model._default_manager.filter(event_id__in=ids).delete()


def _histories() -> list[type[Model]]:
    models = apps.get_app_config("scheduling").get_models()
    return [model for model in models if issubclass(model, pghistory.models.Event)]


def _let_go_of_lifted_holds(of: Q) -> None:
    """Their rows stay, and name nobody any more. A standing hold protects what it is on."""
    LegalHold.objects.filter(of, lifted_at__isnull=False).update(contact=None, event=None)


def _forget_presses(names: Iterable[tuple[object, ...]]) -> None:
    """What a form once led to, by the names of the record in it."""
    for found in names:
        by_name = Q()
        for name in found:
            by_name |= Q(outcome__contains=str(name))
        Submission.objects.filter(by_name).delete()
