"""What the microphone gives and the browser notices, each type's edges."""

import pytest

from proctoring.rules.labels import is_virtual_camera
from proctoring.types import EventType, Phase, Severity
from tests.proctoring.film import CALM, Film, face, seen, told

# --- sound


@pytest.mark.parametrize(
    ("level_db", "muted", "seconds", "cause"),
    [(-127, False, 10, None), (-127, False, 12, "silent"), (-126, False, 30, None), (-40, True, 12, "muted")],
)
def test_a_silent_microphone(level_db: int, muted: bool, seconds: int, cause: str | None) -> None:
    incidents = Film().hear(-30, 3).hear(level_db, seconds, muted).hear(-30, 8).end()
    assert told(incidents) == ([("microphone_muted", 3000, 3000 + seconds * 1000)] if cause else [])
    assert [each.measured["cause"] for each in incidents] == ([cause] if cause else [])


# --- browser


@pytest.mark.parametrize(("length_ms", "found"), [(999, False), (1000, True), (16_000, True)])
def test_a_tab_switch(length_ms: int, found: bool) -> None:
    kind = EventType.TAB_SWITCH
    film = Film().notice(kind, "began", 5000).notice(kind, "ended", 5000 + length_ms)
    incidents = film.wait(30).end()
    assert told(incidents) == ([("tab_switch", 5000, 5000 + length_ms)] if found else [])
    if found:
        assert incidents[0].severity is (Severity.HIGH if length_ms > 15_000 else Severity.MEDIUM)
        assert incidents[0].detector == "browser"


def test_a_state_opens_while_it_lasts_and_ends_with_the_recording() -> None:
    film = Film().show(CALM, 2).notice(EventType.TAB_SWITCH, "began").show(CALM, 3)
    assert [change.phase for change in film.changes] == [Phase.OPENED, Phase.UPDATED]
    assert told(film.end()) == [("tab_switch", 2000, 5000)]


def test_close_states_are_one() -> None:
    film = Film()
    for began_ms, ended_ms in ((0, 2000), (4999, 7000), (10_000, 12_000)):
        film.notice(EventType.TAB_SWITCH, "began", began_ms).notice(EventType.TAB_SWITCH, "ended", ended_ms)
    incidents = film.wait(60).end()
    assert told(incidents) == [("tab_switch", 0, 7000), ("tab_switch", 10_000, 12_000)]
    assert (incidents[0].measured["times"], incidents[0].measured["calm_ms"]) == (2, 2999)


def test_what_comes_late_is_put_where_it_belongs() -> None:
    film = Film().show(CALM, 60)
    film.notice(EventType.TAB_SWITCH, "began", 20_000).notice(EventType.TAB_SWITCH, "ended", 25_000)
    film.notice(EventType.TAB_SWITCH, "ended", 26_000).notice(EventType.TAB_SWITCH, "began", 24_000)
    film.notice(EventType.TAB_SWITCH, "ended", 23_000)
    assert told(film.show(CALM, 9).end()) == [("tab_switch", 20_000, 25_000)]


def test_what_happens_at_a_moment() -> None:
    film = Film().notice(EventType.PASTE, "happened", 4000, characters=120)
    assert [change.phase for change in film.changes] == [Phase.OPENED]
    film.notice(EventType.PASTE, "happened", 6000).notice(EventType.PASTE, "happened", 9500)
    incidents = film.wait(60).end()
    assert told(incidents) == [("paste", 4000, 6000), ("paste", 9500, 9500)]
    assert incidents[0].measured["offsets_ms"] == [4000, 6000]
    assert incidents[0].measured["details"] == {"characters": 120}


@pytest.mark.parametrize(
    "kind",
    [
        EventType.WINDOW_BLUR,
        EventType.FULLSCREEN_EXIT,
        EventType.MULTIPLE_DISPLAYS,
        EventType.SCREEN_SHARE_STOPPED,
        EventType.COPY,
        EventType.DEVICE_CHANGED,
    ],
)
def test_each_browser_type_is_raised(kind: EventType) -> None:
    happens = kind in {EventType.COPY, EventType.DEVICE_CHANGED}
    film = Film().notice(kind, "happened" if happens else "began").wait(4)
    assert told(film.end()) == [(kind.value, 0, 0 if happens else 4000)]


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("OBS Virtual Camera", True),
        ("ManyCam Video Source", True),
        ("Dummy video device (0x0000)", True),
        ("Snap Camera", True),
        ("FaceTime HD Camera", False),
        ("Integrated Camera (04f2:b6d0)", False),
        ("HD Pro Webcam C920", False),
        ("OBSBOT Tiny 4K", False),
        ("", False),
    ],
)
def test_names_of_virtual_cameras(label: str, known: bool) -> None:
    assert is_virtual_camera(label) is known
    incidents = Film().notice(EventType.VIRTUAL_CAMERA, "happened", 1000, label=label).wait(60).end()
    assert told(incidents) == ([("virtual_camera", 1000, 1000)] if known else [])


def test_a_changed_device_may_be_a_virtual_camera() -> None:
    name = "OBS Virtual Camera"
    film = Film().notice(EventType.DEVICE_CHANGED, "happened", 1000, label=name, kind="videoinput").wait(60)
    assert {each.event_type for each in film.end()} == {EventType.DEVICE_CHANGED, EventType.VIRTUAL_CAMERA}
    film = Film().notice(EventType.DEVICE_CHANGED, "happened", 1000, label=name, kind="audioinput").wait(60)
    assert {each.event_type for each in film.end()} == {EventType.DEVICE_CHANGED}


def test_a_name_and_a_loop_are_incidents_one_after_the_other() -> None:
    loop = seen(face(), repeats_ms=8000)
    film = Film().show(loop, 1).notice(EventType.VIRTUAL_CAMERA, "happened", label="ManyCam").show(loop, 8)
    film.notice(EventType.VIRTUAL_CAMERA, "happened", label="ManyCam")
    assert told(film.end()) == [("virtual_camera", 1000, 1000), ("virtual_camera", 1000, 9000)]
