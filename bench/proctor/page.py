"""docs/PROCTORING.md, out of its template, the standard policy and the figures of a run."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.proctor.report import missed_limits
from bench.proctor.scripts import BRIGHTNESSES, CANDIDATE_WIDTHS, SECOND_WIDTHS
from proctoring.rules.policy import Policy
from proctoring.types import EventType

FOLDER = Path(__file__).parent
TEMPLATE, FIGURES = FOLDER / "page.md", FOLDER / "figures.json"
PAGE = FOLDER.parents[1] / "docs" / "PROCTORING.md"
PROMISED_HOURS = 2
PRELIMINARY = (
    "**Preliminary**: a short run, as the number of spans shows; `-` is what it did not measure.\n\n"
)
GRID = "size and brightness"
MEANING = {
    EventType.NO_FACE: "nobody is in the picture",
    EventType.MULTIPLE_FACES: "two or more people",
    EventType.LOOKING_AWAY: "the head is turned away from where it was at the start",
    EventType.FACE_PARTLY_HIDDEN: "a hand, paper or mask over part of the face",
    EventType.CAMERA_COVERED: "something lies over the lens",
    EventType.CAMERA_FROZEN: "the picture stands still with a face in it",
    EventType.POOR_LIGHTING: "too dark or too bright to see the face",
    EventType.MICROPHONE_MUTED: "switched off, or digital silence",
    EventType.TAB_SWITCH: "the interview's tab was not in front",
    EventType.WINDOW_BLUR: "another window had the focus",
    EventType.FULLSCREEN_EXIT: "full screen was left",
    EventType.COPY: "something was copied; never what",
    EventType.PASTE: "something was pasted; never what",
    EventType.MULTIPLE_DISPLAYS: "more than one display",
    EventType.SCREEN_SHARE_STOPPED: "the shared screen ended",
    EventType.DEVICE_CHANGED: "another camera or microphone",
    EventType.VIRTUAL_CAMERA: "a virtual camera by name, or a picture that repeats",
    EventType.CONNECTION_LOST: "a recorded camera was missing; raised by the recording",
    EventType.ANALYSIS_DEGRADED: "a span was not analysed",
}
Row = Mapping[str, Any]


def render(figures: Row) -> str:
    """The whole page; a mark that is no part is the figure of that name."""
    known = parts(figures)

    def part(mark: re.Match[str]) -> str:
        return known[mark[1]] if mark[1] in known else _cell(figures.get(mark[1]))

    return re.sub(r"{{(\w+)}}", part, TEMPLATE.read_text(encoding="utf-8"))


def write(figures: Row) -> None:
    """Keep the figures and write the page."""
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(render(figures), encoding="utf-8")


def parts(figures: Row) -> dict[str, str]:
    """What stands for each mark of the template."""
    conditions = figures["by_condition"]
    return {
        "policy": policy_table(Policy()),
        "preliminary": PRELIMINARY if figures["ordinary_hours"] < PROMISED_HOURS else "",
        "spans": str(sum(each["spans"] for each in figures["core"].values())),
        "types": _types(figures["by_type"]),
        "missed": "; ".join(missed_limits(dict(figures))) or "none",
        "grid_no_face": _grid(conditions.get(GRID, {}), "no_face", CANDIDATE_WIDTHS),
        "grid_multiple_faces": _grid(conditions.get(GRID, {}), "multiple_faces", SECOND_WIDTHS),
        "tones": _recalls(figures["recall_by_skin_tone"]),
        "faces": _recalls(figures.get("recall_by_skin_of_faces", {})),
        "conditions": _conditions(conditions),
        "streams": str(max((each["streams"] for each in figures.get("cost", {}).values()), default=0)),
        "cost": _cost(figures["cost"]) if "cost" in figures else "Not measured in this run.",
    }


def _recalls(by_skin: Row) -> str:
    found = ", ".join(f"{name} {recall:.2f}" for name, recall in by_skin.items())
    return found or "not measured in this run"


def policy_table(policy: Policy) -> str:
    """Event types with their times and severities."""
    lines = [
        "| event | meaning | opens after | ends after | severity | limits |",
        "|---|---|---|---|---|---|",
    ]
    for kind, each in policy.types.items():
        steps = ", ".join(
            f"{severity} from {from_ms / 1000:g} s" if from_ms else str(severity)
            for from_ms, severity in each.severities
        )
        limits = ", ".join(f"`{name}` {limit:g}" for name, limit in each.thresholds.items()) or "-"
        times = f"{each.dwell_ms / 1000:g} s | {each.end_after_ms / 1000:g} s"
        lines.append(f"| `{kind}` | {MEANING[kind]} | {times} | {steps} | {limits} |")
    return "\n".join(lines)


def _types(by_type: Row) -> str:
    lines = [
        "| event | spans | recall | false/h own | false/h ordinary | onset p50 / p95 | start p95 | instead |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind, row in by_type.items():
        instead = ", ".join(f"{name} {count}" for name, count in row["instead"].items()) or "-"
        lines.append(
            f"| `{kind}` | {row['spans']} | {_cell(row['recall'])} | {_cell(row['false_alarms_per_hour'])} |"
            f" {_cell(row['ordinary_false_alarms_per_hour'])} | {_cell(row['onset_error_s_p50'])} /"
            f" {_cell(row['onset_error_s_p95'])} | {_cell(row['start_error_s_p95'])} | {instead} |"
        )
    return "\n".join(lines)


def _grid(rows: Row, kind: str, widths: tuple[int, ...]) -> str:
    lines = ["| brightness | " + " | ".join(map(str, widths)) + " |", "|---" * (len(widths) + 1) + "|"]
    for brightness in BRIGHTNESSES:
        cells = []
        for width in widths:
            found = rows.get(f"width_px {width}, brightness {brightness}", {}).get(kind)
            cells.append(_with_false(found) if found else "-")
        lines.append(f"| {brightness} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _with_false(found: Row) -> str:
    return _cell(found["recall"]) + (f" ({found['false_alarms']})" if found["false_alarms"] else "")


def _conditions(table: Row) -> str:
    lines = ["| what varies | condition | recall (spans) | false alarms |", "|---|---|---|---|"]
    for axis, rows in table.items():
        if axis in (GRID, "ordinary"):
            continue
        for name, row in rows.items():
            recall = ", ".join(
                f"`{kind}` {_cell(each['recall'])} ({each['spans']})"
                for kind, each in row.items()
                if each["spans"]
            )
            false = ", ".join(
                f"`{kind}` {each['false_alarms']}" for kind, each in row.items() if each["false_alarms"]
            )
            lines.append(f"| {axis} | {name} | {recall or '-'} | {false or '-'} |")
    return "\n".join(lines)


def _cost(costs: Row) -> str:
    lines = [
        "| scene | worker | server: feeding and rules | looks a second | latency p50 / p95, ms |",
        "|---|---|---|---|---|",
    ]
    for scene, cost in costs.items():
        latency = f"{cost['latency_ms_p50']:.0f} / {cost['latency_ms_p95']:.0f}"
        lines.append(
            f"| {scene.replace('_', ' ')} | {cost['worker_cpu_pct']:.2f} | {cost['server_cpu_pct']:.2f} |"
            f" {cost['observations_per_second']:.2f} | {latency} |"
        )
    return "\n".join(lines)


def _cell(figure: object) -> str:
    return "-" if figure is None else f"{figure:.2f}" if isinstance(figure, float) else str(figure)
