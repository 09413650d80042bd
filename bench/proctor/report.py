"""Figures of a run: per type, per condition, against the issue's limits."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.proctor.scene import Clip
from bench.proctor.score import Outcome, Score, percentile, score
from proctoring.types import EventType

PEOPLE = (EventType.NO_FACE, EventType.MULTIPLE_FACES)
TONE_TYPES = (*PEOPLE, EventType.LOOKING_AWAY)
FROM_PICTURE = (
    *PEOPLE,
    EventType.LOOKING_AWAY,
    EventType.FACE_PARTLY_HIDDEN,
    EventType.CAMERA_COVERED,
    EventType.CAMERA_FROZEN,
    EventType.POOR_LIGHTING,
    EventType.VIRTUAL_CAMERA,
)
PHOTOGRAPHED = "photographed face"
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Limit:
    """What the issue asks of one figure; `most` False: at least."""

    name: str
    limit: float
    most: bool = True

    def missed(self, figure: object) -> bool:
        """Whether the figure is on the wrong side; one that was not measured is not."""
        if not isinstance(figure, int | float):
            return False
        return figure > self.limit if self.most else figure < self.limit


LIMITS = (
    Limit("recall", 0.98, most=False),
    Limit("false_alarms_per_hour", 0.2),
    Limit("onset_error_s_p95", 0.5),
    Limit("looking_away_recall", 0.9, most=False),
    Limit("looking_away_false_alarms_per_hour", 1.0),
    Limit("recall_gap_skin_tone", 0.02),
    Limit("cpu_pct_per_candidate", 3.0),
    Limit("candidates_per_core", 33, most=False),
    Limit("starved_frames", 0),
)


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Everything that is printed, apart from what it costs."""
    core = [each for each in outcomes if each.clip.core]
    ordinary = [each for each in outcomes if each.clip.ordinary]
    turned = [each for each in outcomes if each.clip.tests is EventType.LOOKING_AWAY]
    away = score(turned + ordinary, EventType.LOOKING_AWAY)
    return {
        **_people(core, ordinary),
        "looking_away_recall": _rounded(away.recall),
        "looking_away_false_alarms_per_hour": _per_hour(ordinary, EventType.LOOKING_AWAY),
        "looking_away_onset_error_s_p95": percentile([abs(each) for each in away.onset_s], 95),
        **_tones(
            [each for each in outcomes if each.clip.axis == "skin tone"],
            [each for each in outcomes if each.clip.axis == PHOTOGRAPHED],
        ),
        "ordinary_hours": round(sum(each.clip.seconds for each in ordinary) / 3600, 3),
        "film_hours": round(sum(each.clip.seconds for each in outcomes) / 3600, 3),
        "by_type": {str(kind): _type(outcomes, ordinary, kind) for kind in FROM_PICTURE},
        "by_condition": conditions(outcomes),
    }


def _people(core: Sequence[Outcome], ordinary: Sequence[Outcome]) -> Figures:
    """The figures the issue names: nobody and somebody else, where it promises them."""
    scores = [score(core, kind) for kind in PEOPLE]
    required, hit = sum(each.required for each in scores), sum(each.hit for each in scores)
    onset = [abs(error) for each in scores for error in each.onset_s]
    return {
        "recall": round(hit / required, 4) if required else None,
        "false_alarms_per_hour": round(sum(score(ordinary, kind).false_per_hour for kind in PEOPLE), 3),
        "onset_error_s_p95": percentile(onset, 95),
        "core": {str(kind): each.as_json() for kind, each in zip(PEOPLE, scores, strict=True)},
        "missed": [where for each in scores for where in each.missed_in],
        "false": [where for kind in PEOPLE for where in score(ordinary, kind).false_in],
    }


def _tones(drawn: Sequence[Outcome], photographed: Sequence[Outcome]) -> Figures:
    """Recall by skin: drawn tones and, where faces were given, theirs as measured; the larger gap counts."""
    recalls, of_faces = _recalls(drawn, "tone"), _recalls(photographed, "skin")
    gap = max(recalls.values()) - min(recalls.values()) if len(recalls) > 1 else None
    ends = [_gap(recalls, "very light", "dark"), _gap(of_faces, "light", "dark")]
    return {
        "recall_gap_skin_tone": _rounded(max((end for end in ends if end is not None), default=None)),
        "recall_gap_any_two_tones": _rounded(gap),
        "recall_by_skin_tone": recalls,
        "recall_by_skin_of_faces": of_faces,
    }


def _recalls(outcomes: Sequence[Outcome], condition: str) -> dict[str, float]:
    """Recall of everything that needs a face, for each value of a condition."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        groups[str(dict(each.clip.condition)[condition])].append(each)
    recalls: dict[str, float] = {}
    for value, mine in groups.items():
        scores = [score(mine, kind) for kind in TONE_TYPES]
        required = sum(each.required for each in scores)
        if required:
            recalls[value] = round(sum(each.hit for each in scores) / required, 4)
    return recalls


def _gap(recalls: dict[str, float], lightest: str, darkest: str) -> float | None:
    return abs(recalls[lightest] - recalls[darkest]) if {lightest, darkest} <= set(recalls) else None


def _type(outcomes: Sequence[Outcome], ordinary: Sequence[Outcome], kind: EventType) -> Figures:
    scripted = [each for each in outcomes if not each.clip.ordinary]
    everywhere, at_home = score(outcomes, kind), score(ordinary, kind)
    own = score([each for each in scripted if each.clip.tests is kind], kind)
    return {
        **everywhere.as_json(),
        "false_alarms": own.false,
        "hours": own.as_json()["hours"],
        "false_alarms_per_hour": round(own.false_per_hour, 3),
        "ordinary_recall": _rounded(at_home.recall),
        "ordinary_false_alarms": at_home.false,
        "ordinary_false_alarms_per_hour": round(at_home.false_per_hour, 3),
        "missed": everywhere.missed_in,
        "false": score(outcomes, kind).false_in,
    }


def conditions(outcomes: Sequence[Outcome]) -> Figures:
    """Per axis and condition: each tested type's score, and what else was raised without truth."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for each in outcomes:
        groups[each.clip.axis, label(each.clip)].append(each)
    table: dict[str, dict[str, object]] = {}
    for (axis, name), mine in groups.items():
        tested = {each.clip.tests for each in mine if each.clip.tests}
        row: dict[str, object] = {}
        for kind in FROM_PICTURE:
            found: Score = score(mine, kind)
            if kind in tested or found.false:
                row[str(kind)] = found.as_json()
        table.setdefault(axis, {})[name] = row
    return dict(table)


def label(clip: Clip) -> str:
    """A condition in words."""
    return ", ".join(f"{name} {amount}" for name, amount in clip.condition)


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _per_hour(outcomes: Sequence[Outcome], kind: EventType) -> float | None:
    return round(score(outcomes, kind).false_per_hour, 3) if outcomes else None


def missed_limits(result: Figures) -> list[str]:
    """The limits a run misses, in words."""
    return [
        f"{limit.name} is {result[limit.name]}, not {'<=' if limit.most else '>='} {limit.limit}"
        for limit in LIMITS
        if limit.missed(result.get(limit.name))
    ]


def show(result: Figures, say: Callable[[str], None]) -> None:
    """Print the tables."""
    say("type                 spans recall  false/h  ordinary false/h  onset p50/p95 s  start p95  instead")
    by_type = result["by_type"]
    assert isinstance(by_type, dict)
    for kind, row in by_type.items():
        onset = f"{_cell(row['onset_error_s_p50'])} / {_cell(row['onset_error_s_p95'])}"
        say(
            f"{kind:<20} {row['spans']:>5} {_cell(row['recall']):>6} {row['false_alarms_per_hour']:>8}"
            f" {row['ordinary_false_alarms_per_hour']:>17} {onset:>16} {_cell(row['start_error_s_p95']):>10}"
            f"  {row['instead'] or ''}"
        )
    table = result["by_condition"]
    assert isinstance(table, dict)
    for axis, rows in table.items():
        say(f"\n{axis}")
        for name, row in rows.items():
            cells = [
                f"{kind} {_cell(each['recall'])} ({each['spans']}) false {each['false_alarms']}"
                for kind, each in row.items()
            ]
            say(f"  {name:<34} {'; '.join(cells)}")
    say(f"\nmissed, where promised: {', '.join(result['missed']) or 'none'}")  # type: ignore[arg-type]
    say(f"false in ordinary hours: {', '.join(result['false']) or 'none'}")  # type: ignore[arg-type]


def _cell(figure: object) -> str:
    return "-" if figure is None else f"{figure:.2f}" if isinstance(figure, float) else str(figure)
