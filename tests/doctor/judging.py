"""What a check of the doctor found."""

from config.doctor.findings import Asked, Verdict

OK, LOOK, BROKEN = Verdict


def seen(check, asked: Asked | None = None) -> list[tuple[Verdict, str]]:
    return [(found.verdict, found.words) for found in check(asked or Asked())]


def verdicts(check, asked: Asked | None = None) -> list[Verdict]:
    return [verdict for verdict, _ in seen(check, asked)]
