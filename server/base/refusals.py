"""A step that cannot be, said in one sentence: raised by whatever a neighbour may do, caught where pages are made."""

from typing import Any


class NotPossible(Exception):
    """A step that the request's present state does not allow; ``sentence`` says why."""

    def __init__(self, sentence: str, **values: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values
