"""A data source for knowledge-mapper's command-line program; it runs in that package's environment."""

import json
from pathlib import Path

from knowledge_mapper.data_source import DataSource


class RowsOfAFile(DataSource):
    """Answers the rows of a JSON file, each with the row that was asked; raises when there is no file."""

    def __init__(self, path):
        self.path = Path(path)

    def test(self):
        assert self.path.exists()

    def handle(self, ki, binding_set, requesting_kb):
        known = json.loads(self.path.read_text())
        return [{**row, **asked} for asked in binding_set for row in known]
