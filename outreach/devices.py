"""What a browser says of itself, in words a person knows."""

from django.utils.translation import gettext as _

# In this order: most of them claim to be one of the later ones too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
LONGEST = 60


def words(user_agent: str) -> str:
    """Chrome on Windows; as it came where it is neither."""
    browser, system = (
        next((name for sign, name in known.items() if sign in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    )
    if not (browser and system):
        return user_agent[:LONGEST] or _("Unknown device")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
