"""``python -m gridlingua``."""

from gridlingua.cli import app

if __name__ == "__main__":
    app(prog_name="gridlingua")
