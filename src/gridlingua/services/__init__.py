"""The running services of a party, each a subpackage that knows nothing of RDF.

A service is a subpackage that exposes ``router`` (a FastAPI ``APIRouter`` with its operations) and ``metadata`` (a
SQLAlchemy ``MetaData`` with its tables); if it likes ``pages`` (a router of pages for people), ``jobs`` (work that
falls due, see ``scheduling``) and ``party`` (whose service it is, a DSO's when it does not say). It is found by its
folder; there is no list to add it to. Every route has a policy (``access``). What it needs of its surroundings comes as
a ``Context``; it meets the network only as the REST interface of its own adapter.
"""

from gridlingua.services.context import Context
from gridlingua.services.network import Network

__all__ = ["Context", "Network"]
