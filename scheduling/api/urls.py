from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from scheduling.api.asking import EventRequestViewSet
from scheduling.api.booking import EventViewSet
from scheduling.api.figures import AttendanceOfEvent, Numbers
from scheduling.api.reading import BeatViewSet, VenueViewSet

router = SimpleRouter(use_regex_path=False)
router.register("beats", BeatViewSet, basename="api-beat")
router.register("venues", VenueViewSet, basename="api-venue")
router.register("events", EventViewSet, basename="api-event")
router.register("event-requests", EventRequestViewSet, basename="api-event-request")

urlpatterns = [
    path("api/v1/numbers/", Numbers.as_view(), name="api-numbers"),
    path(
        "api/v1/events/<uuid:uid>/attendance/", AttendanceOfEvent.as_view(), name="api-attendance"
    ),
    path("api/v1/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]
