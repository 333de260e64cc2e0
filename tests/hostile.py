"""Words that try to be more than words."""

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- <script> <b>bold</b> & \"quotes\" 'single' ]]>",
    "a\r\nb\nBEGIN:VEVENT\u2028c\u2029d",
    "\u202egnp.exe\u202c \u2066left\u2069",
    "=HYPERLINK(\"http://evil.example\"; \"x\")",
    "+1-555 @SUM(A1) -2",
    '#panic("no") $x^2$ *b* _e_ @ref <label> `raw` // c /* d */ \\ ~ #image("/etc/hosts")',
    "漢字 العربية 😀👩\u200d👩\u200d👧 e\u0301 ﬁ \ufffd",
    "x" * 120,
    "{{ event.uid }} {% now 'Y' %} %(name)s %s {0}",
]  # fmt: skip
