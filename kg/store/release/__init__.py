"""A version made ready for the world: a folder with dumps, description, changes, citation and checksums."""

from kg.store.release.folder import Outcome
from kg.store.release.order import Earlier, Order
from kg.store.release.release import Release, release

__all__ = ["Earlier", "Order", "Outcome", "Release", "release"]
