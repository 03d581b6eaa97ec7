"""What a network refuses, each with the status and words of the contract (sections 1 and 8)."""

from __future__ import annotations

from gridlingua.errors import RemoteError


class EngineError(RemoteError):
    """A knowledge network refused a call; ``status`` is the HTTP status of the KE REST API for it."""

    default_status = 400

    def __init__(self, message: str, *, party: str = "", status: int = 0) -> None:
        super().__init__(message, party=party, status=status or self.default_status)


class RegistrationError(EngineError):
    """A knowledge base or an interaction that the contract does not allow."""


class IdInUseError(RegistrationError):
    """Another knowledge base has that id."""

    def __init__(self) -> None:
        super().__init__("That knowledge base ID is already in use.")


class NotCoveredError(RemoteError):
    """An engine knows who we are, and we may not act for the knowledge base."""


class KnowledgeError(EngineError):
    """Domain knowledge that does not read, or that nothing could be concluded from; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"The provided domain knowledge should parse correctly: line {line}: {message}")
        self.line = line


class RowsError(EngineError):
    """Rows with a term that is none, or a key that is no variable name."""


class TermError(RowsError):
    """A value that does not read as an RDF term."""


class AnswerError(EngineError):
    """An answer that is not complete rows over the pattern it answers for; the asker has been told."""


class KindError(EngineError):
    """An ask on a post interaction, or the other way round."""


class TooManyCombinationsError(EngineError):
    """What several knowledge bases said can be combined in more ways than are worth waiting for."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The answers can be combined in more than {limit} ways: bind more variables, name the recipients, "
            "or ask at reasoner level 1, where each answers for itself."
        )


class UnknownKnowledgeBaseError(EngineError):
    """No knowledge base of that id is on the network."""

    default_status = 404

    message = "Smart connector not found, because its ID is unknown."

    def __init__(self, knowledge_base_id: str) -> None:
        super().__init__(self.message, party=knowledge_base_id)


class SuspendedError(UnknownKnowledgeBaseError):
    """The knowledge base was taken off the network because it did not poll; said once."""

    message = (
        "This knowledge base has been suspended due to inactivity. "
        "Please reregister the knowledge base and its knowledge interactions."
    )


class UnknownInteractionError(EngineError):
    """The knowledge base has no interaction of that id."""

    default_status = 404

    def __init__(self, interaction_id: str) -> None:
        super().__init__("Knowledge Interaction not found, because its ID is unknown.")
        self.interaction_id = interaction_id


class UnknownRequestError(EngineError):
    """No handle request of that number waits for an answer."""

    default_status = 404

    def __init__(self, number: int) -> None:
        super().__init__(f"Handle request id {number} not found. Are you sure it is still being processed?")


class NoLeaseError(EngineError):
    """The knowledge base is there for ever, there is nothing to renew."""

    default_status = 404

    def __init__(self) -> None:
        super().__init__(
            "Knowledge base found, but its lease could not be found. "
            "Knowledge bases without a lease do not have to be renewed."
        )


class PollOpenError(EngineError):
    """The knowledge base polls already."""

    default_status = 409

    def __init__(self) -> None:
        super().__init__("Only one connection per Knowledge-Base-Id is allowed and we already have one.")


class StoppedError(EngineError):
    """The knowledge base, or the network, stopped."""

    default_status = 410

    def __init__(self) -> None:
        super().__init__(
            "This long polling request is cancelled by the server because it or the Knowledge Base is stopping. "
            "Do not reinitiate this request."
        )
