"""Whether the key file is the one that sealed this database."""

from collections.abc import Iterator

from outreach.models.sealed import ENDING, Sealed


def kinds() -> list[type[Sealed]]:
    """Every model with sealed fields, of whatever app."""
    return sorted(Sealed.__subclasses__(), key=lambda model: model._meta.label)


def newest() -> Iterator[tuple[Sealed, str]]:
    """The newest row of each kind and field that holds something sealed."""
    for model in kinds():
        for name in model.sealed_names():
            filled = model._default_manager.exclude(**{f"{name}{ENDING}": None})
            if row := filled.order_by("-pk").first():
                yield row, name


def must_open_the_newest() -> None:
    """Raises CannotOpen when one does not."""
    for row, name in newest():
        row.unseal(name)
