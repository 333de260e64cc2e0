"""Every address begins here; each app lists its own."""

from allauth.account.views import reauthenticate
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView

from config import administration, health, oidc
from config.language import set_language
from config.sign_in import by_second_factor, closed, proving

administration.narrow()
urlpatterns = [
    path("", include("notifications.urls")),
    path("", include("scheduling.urls")),
    path("", include("outreach.urls")),
    path("accounts/city/", oidc.start, name="oidc_start"),
    path("accounts/city/callback/", oidc.callback, name="oidc_callback"),
    path(
        "accounts/reauthenticate/",
        by_second_factor(reauthenticate),
        name="account_reauthenticate",
    ),
    path("accounts/2fa/totp/activate/", proving(activate_totp), name="mfa_activate_totp"),
    path("accounts/2fa/webauthn/add/", proving(add_webauthn), name="mfa_add_webauthn"),
    path(
        "accounts/password/reset/",
        TemplateView.as_view(template_name="account/forgotten.html"),
        name="account_reset_password",
    ),
    re_path("^accounts/(?:password/(?:reset|set)|email|confirm-email)/", closed, name="closed"),
    path("accounts/", include("allauth.urls")),
    # The admin's own form would count no wrong password.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.measured, name="metrics"),
    path("health/", health.health, name="health"),
    path("i18n/setlang/", set_language, name="set_language"),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain"),
        name="robots",
    ),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
