from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from scheduling.api.booking import EventViewSet
from scheduling.api.reading import BeatViewSet, VenueViewSet

router = SimpleRouter(use_regex_path=False)
router.register("beats", BeatViewSet, basename="api-beat")
router.register("venues", VenueViewSet, basename="api-venue")
router.register("events", EventViewSet, basename="api-event")

urlpatterns = [
    path("api/v1/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]
