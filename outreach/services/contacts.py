"""What a resident tells us of themselves."""

from django.conf import settings

from outreach.models import Contact


def speak(contact: Contact, language: str) -> bool:
    """Write to them in this language from now on; False for one we do not have."""
    if language not in dict(settings.LANGUAGES):
        return False
    Contact.objects.filter(pk=contact.pk).update(language=language)
    return True
