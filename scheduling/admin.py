"""Habits of programs, hours and closed days; what they mean stands beside each field."""

from django.contrib import admin

from scheduling.models import Closure, Hours, ProgramPolicy


@admin.register(ProgramPolicy)
class ProgramPolicyAdmin(admin.ModelAdmin):
    list_display = [
        "program", "usual_minutes", "set_up_minutes", "take_down_minutes", "notice_days",
        "most_a_week", "hold_hours",
    ]  # fmt: skip


@admin.register(Closure)
class ClosureAdmin(admin.ModelAdmin):
    list_display = ["name", "starts_on", "ends_on", "venue", "is_open"]
    list_filter = ["is_open", "venue"]
    list_select_related = ["venue"]


@admin.register(Hours)
class HoursAdmin(admin.ModelAdmin):
    list_display = ["staff", "venue", "weekday", "on", "opens", "closes", "starts_on", "ends_on"]
    list_filter = ["weekday", "staff", "venue"]
    list_select_related = ["staff", "venue"]
