"""CSV files to save, written so that no spreadsheet runs what people typed."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from server.web.routing import Answer

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet may run, and what we have written so that it does not."""


def guard(cell: str) -> str:
    """The cell with a quote before what a spreadsheet would take for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def row_of(cells: Sequence[str]) -> str:
    """One line of a file, its cells guarded."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([guard(cell) for cell in cells])
    return line.getvalue()


@dataclass(frozen=True, slots=True)
class CsvFile(Answer):
    """A file to be saved."""

    content: bytes
    name: str

    async def respond(self, _request: web.Request) -> web.StreamResponse:
        """Send it whole."""
        return web.Response(
            body=self.content,
            content_type="text/csv",
            charset="utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{self.name}"',
                "Cache-Control": "no-store",
            },
        )
