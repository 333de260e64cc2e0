"""How a row of the table is written."""

ROLES = [
    "anonymous", "cpc", "other", "sergeant", "planner", "administrator", "records_clerk",
    "read_only",
]  # fmt: skip


class Table(dict[tuple[str, str, str], list[int]]):
    """(name, arguments, method): answers, in the order of ROLES."""

    def row(self, name: str, arguments: str, method: str, *answers: int) -> None:
        assert len(answers) in {1, len(ROLES)}, name
        self[name, arguments, method] = list(answers) * (1 if len(answers) > 1 else len(ROLES))
