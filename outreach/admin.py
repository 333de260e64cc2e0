"""What the administrator keeps in order; the daily work has pages of its own."""

from django.contrib import admin

from outreach.models import Beat, Post, Street, StreetAlias, Venue


@admin.register(Beat)
class BeatAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "letter", "starts_on", "ends_on"]
    search_fields = ["code", "name"]


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    list_display = ["beat", "duty", "staff", "backup", "starts_on", "ends_on"]
    list_filter = ["beat", "duty"]
    list_select_related = ["beat", "staff", "backup"]


@admin.register(Venue)
class VenueAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "disclosure", "beat", "is_active"]
    list_filter = ["kind", "disclosure", "beat", "is_active"]
    search_fields = ["name"]


class StreetAliasInline(admin.TabularInline):
    model = StreetAlias
    extra = 1


@admin.register(Street)
class StreetAdmin(admin.ModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    inlines = [StreetAliasInline]
