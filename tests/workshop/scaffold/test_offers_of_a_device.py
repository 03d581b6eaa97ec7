"""An offer below a device is what the device made, and no part of it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from gridlingua.cli import app


def test_an_offer_that_stands_below_a_device_is_produced_by_it(tmp_path: Path) -> None:
    for folder in ("graph_patterns", "shapes"):
        (tmp_path / folder).mkdir()
    example = tmp_path / "example.json"
    offer = {"offerId": "o1", "validUntil": "2026-11-21T10:00:00Z"}
    example.write_text(json.dumps({"reply": {"deviceId": "hp-1", "manufacturer": "Acme", "offers": [offer]}}))
    command = ["new", "acme/devices", "--example", str(example), "--rest", "GET /devices", "--yes"]
    result = CliRunner().invoke(app, [*command, "--catalogue", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (pattern,) = (tmp_path / "graph_patterns" / "acme" / "devices").rglob("*.rq")
    assert "s4ener:producedBy ?device" in pattern.read_text()
    assert "s4ener:includes ?offer" not in pattern.read_text()
