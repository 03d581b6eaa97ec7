"""What of an own message is not carried: what is ignored, and null where a default says what absence means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import ABSENT, Field, Pointer


@dataclass
class Pruning:
    """The places below one place of a message, by step (``*``: every element), and what becomes of each."""

    below: dict[str, Pruning] = field(default_factory=dict)
    is_ignored: bool = False
    may_be_null: bool = False

    @classmethod
    def of(cls, ignored: Iterable[Pointer], fields: Iterable[Field]) -> Pruning:
        """The pruning of a part: the pointers that it ignores, and those of its fields that have a default."""
        root = cls()
        for pointer in ignored:
            root._at(pointer).is_ignored = True
        for one in fields:
            if one.default is not ABSENT and one.default is not None and one.pointer[-1:] != ("*",):
                root._at(one.pointer).may_be_null = True
        return root

    def _at(self, pointer: Pointer) -> Pruning:
        place = self
        for step in pointer:
            place = place.below.setdefault(step, Pruning())
        return place

    def pruned(self, message: Json) -> Json:
        """The message without it; the very same message when there is nothing of it."""
        if isinstance(message, dict):
            kept = {
                name: self.below[name].pruned(value) if name in self.below else value
                for name, value in message.items()
                if name not in self.below or not self.below[name]._drops(value)
            }
            same = len(kept) == len(message) and all(kept[name] is message[name] for name in self.below if name in kept)
            return message if same else kept
        if isinstance(message, list) and (inner := self.below.get("*")) is not None:
            made = [inner.pruned(one) for one in message]
            return made if any(new is not old for new, old in zip(made, message, strict=True)) else message
        return message

    def _drops(self, value: Json) -> bool:
        return self.is_ignored or (self.may_be_null and value is None)
