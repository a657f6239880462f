"""The people and the town of these tests."""

from tests.support.claims import people
from tests.support.escalation import alarmed_town

__all__ = ["alarmed_town", "people"]
