"""The scorer counts what it should, and can fail."""

import json

import pytest

from bench.proctor.live import Raised
from bench.proctor.page import FIGURES, PAGE, render
from bench.proctor.report import figures, missed_limits
from bench.proctor.scene import Clip, Truth
from bench.proctor.score import Outcome, percentile, score
from proctoring.types import EventType

NO_FACE, MULTIPLE = EventType.NO_FACE, EventType.MULTIPLE_FACES


def raised(kind: EventType, started: float, ended: float, dwell_ms: int = 3000, late: float = 0.0) -> Raised:
    opened_ms = round((started + late) * 1000) + dwell_ms
    return Raised(kind, opened_ms, round(started * 1000), round(ended * 1000), dwell_ms)


def outcome(
    *incidents: Raised, truths: tuple[Truth, ...] = (), axis: str = "", seconds: float = 60
) -> Outcome:
    clip = Clip("clip", seconds, 1, (), truths, tests=NO_FACE, axis=axis, core=True)
    return Outcome(clip, incidents)


def test_an_incident_on_its_truth_is_a_hit_and_its_lateness_is_counted_from_truth_and_dwell() -> None:
    found = score([outcome(raised(NO_FACE, 10.2, 17, late=0.1), truths=(Truth(NO_FACE, 10, 17),))], NO_FACE)
    assert (found.recall, found.false) == (1.0, 0)
    assert found.onset_s == [pytest.approx(0.3)]
    assert found.start_s == [pytest.approx(0.2)]


def test_a_missed_truth_lowers_recall_and_names_what_was_raised_instead() -> None:
    truths = (Truth(NO_FACE, 10, 17), Truth(NO_FACE, 30, 37))
    found = score([outcome(raised(MULTIPLE, 11, 14), raised(NO_FACE, 30, 37), truths=truths)], NO_FACE)
    assert found.recall == 0.5
    assert found.instead == {"multiple_faces": 1}
    assert found.missed_in == ["clip@10s"]


def test_an_incident_beside_every_truth_is_a_false_alarm() -> None:
    found = score([outcome(raised(NO_FACE, 30, 36), truths=(Truth(NO_FACE, 10, 17),), seconds=1800)], NO_FACE)
    assert (found.recall, found.false, found.false_per_hour) == (0.0, 1, 2.0)


def test_what_is_tolerated_is_neither_a_hit_nor_a_false_alarm() -> None:
    found = score(
        [outcome(raised(NO_FACE, 10, 17), truths=(Truth(NO_FACE, 10, 17, required=False),))], NO_FACE
    )
    assert (found.recall, found.required, found.false) == (None, 0, 0)


def test_another_type_at_the_right_time_does_not_count() -> None:
    found = score([outcome(raised(MULTIPLE, 10, 17), truths=(Truth(NO_FACE, 10, 17),))], NO_FACE)
    assert found.recall == 0.0


def test_a_good_run_misses_no_limit_and_a_bad_one_names_each() -> None:
    truths = (Truth(NO_FACE, 10, 17),)
    good = figures([outcome(raised(NO_FACE, 10, 17), truths=truths, axis="ordinary")])
    assert missed_limits(good) == []
    bad = figures([outcome(raised(MULTIPLE, 40, 50), truths=truths, axis="ordinary")])
    assert bad["recall"] == 0.0
    assert bad["false_alarms_per_hour"] == 60.0
    assert [each.split(" is ")[0] for each in missed_limits(bad)] == ["recall", "false_alarms_per_hour"]


def test_a_late_opening_misses_the_limit() -> None:
    late = outcome(raised(NO_FACE, 10, 20, late=0.8), truths=(Truth(NO_FACE, 10, 20),))
    assert [each.split(" is ")[0] for each in missed_limits(figures([late]))] == ["onset_error_s_p95"]


def test_the_tone_gap_is_between_the_ends() -> None:
    def tone(name: str, *incidents: Raised) -> Outcome:
        truths = (Truth(NO_FACE, 10, 17),)
        return Outcome(
            Clip(name, 60, 1, (), truths, axis="skin tone", condition=(("tone", name),)), incidents
        )

    result = figures([tone("very light", raised(NO_FACE, 10, 17)), tone("dark")])
    assert result["recall_gap_skin_tone"] == 1.0
    assert "recall_gap_skin_tone" in missed_limits(result)[0]


@pytest.mark.parametrize(("values", "p95"), [([], None), ([0.4], 0.4), ([0.0, 1.0], 0.95)])
def test_percentiles_of_few_values(values: list[float], p95: float | None) -> None:
    assert percentile(values, 95) == p95


def test_the_committed_page_is_made_of_the_committed_figures() -> None:
    rendered = render(json.loads(FIGURES.read_text(encoding="utf-8")))
    assert PAGE.read_text(encoding="utf-8") == rendered, "run: python -m bench.proctor --page"


def test_an_incident_that_never_ends_hits_its_truth_and_is_a_false_alarm() -> None:
    found = score([outcome(raised(NO_FACE, 0, 59), truths=(Truth(NO_FACE, 10, 17),))], NO_FACE)
    assert (found.recall, found.false) == (1.0, 1)
