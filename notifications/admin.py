"""How reminders are set and who said stop. Addresses of subscribers are not listed here."""

from django.contrib import admin

from notifications.models import ReminderRule, Suppression


@admin.register(ReminderRule)
class ReminderRuleAdmin(admin.ModelAdmin):
    list_display = ["name", "lead_minutes", "is_by_call", "is_active"]


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    list_display = ["pk", "reason", "created_at"]
