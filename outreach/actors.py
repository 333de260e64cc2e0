"""Who did something: a staff member, a contact, or neither (the system)."""

from dataclasses import dataclass

from outreach.models import Contact, StaffMember


@dataclass(frozen=True)
class Actor:
    staff: StaffMember | None = None
    contact: Contact | None = None

    def as_columns(self) -> dict[str, StaffMember | Contact | None]:
        """The two columns of a journal row."""
        return {"staff": self.staff, "contact": self.contact}


SYSTEM = Actor()
