"""Write a new exchange: a folder and a shape file that pass the checks, from an OpenAPI operation, an example or words.

What could not be decided is marked ``UNDECIDED`` in the files; the check of that name tells where.
"""

from gridlingua.catalogue.scaffold.brief import UNDECIDED, Brief, Messages, ScaffoldError
from gridlingua.catalogue.scaffold.document import Document
from gridlingua.catalogue.scaffold.writing import Written, refuse_existing, write

__all__ = ["UNDECIDED", "Brief", "Document", "Messages", "ScaffoldError", "Written", "refuse_existing", "write"]
