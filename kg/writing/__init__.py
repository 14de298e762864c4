"""The one gate of every write: a copy is made, changed and checked, and published whole or not at all."""
