"""The films of the proctoring bench: true to their script, the same every time, with faces that are found."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from bench.proctor.conditions import QUICK, every_condition
from bench.proctor.film import I420, Studio, encode
from bench.proctor.live import detector, judge, models_dir, observe
from bench.proctor.look import TONES
from bench.proctor.ordinary import hours, ordinary
from bench.proctor.rooms import HEIGHT, WIDTH
from bench.proctor.scene import Camera, Clip, value
from bench.proctor.scripts import BACK_SECONDS, absence, candidate, spans
from proctoring.detectors.picture import Picture
from proctoring.pipeline import Pipeline
from proctoring.types import EventType


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(models_dir())


def picture(studio: Studio, clip: Clip) -> I420:
    *_, last = studio.pictures(clip)
    return last


def rgb(flat: I420) -> np.ndarray:
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_YUV2RGB_I420), np.uint8)


def test_a_track_is_held_eased_and_held() -> None:
    track = ((1.0, 0.0), (2.0, 10.0))
    assert [value(track, at) for at in (0, 1, 1.5, 2, 9)] == [0, 0, 5, 10, 10]


def test_names_are_unique_and_the_quick_ones_exist() -> None:
    clips = every_condition() + hours(20)
    names = [clip.name for clip in clips]
    assert len(names) == len(set(names))
    assert set(QUICK) <= set(names)


def test_every_truth_lies_in_its_film_and_ends_after_it_begins() -> None:
    for clip in every_condition() + hours(130):
        for truth in clip.truths:
            assert 0 <= truth.from_s < truth.until_s, clip.name
            if truth.required:
                assert truth.until_s <= clip.seconds, clip.name


def test_required_truths_of_a_type_are_too_far_apart_to_be_merged() -> None:
    for clip in every_condition():
        for kind in EventType:
            own = [truth for truth in clip.truths if truth.event_type is kind and truth.required]
            for before, after in pairwise(own):
                assert after.from_s - before.until_s >= 6, clip.name


def test_the_candidate_is_out_of_the_picture_while_nobody_should_be_there() -> None:
    clips = [clip for clip in [*every_condition(), *hours(130)] if clip.actors]
    for clip in clips:
        track = (
            clip.actors[-1].x if not clip.ordinary else next(a.x for a in clip.actors if a.seed == clip.seed)
        )
        for truth in clip.truths:
            if truth.event_type is EventType.NO_FACE:
                assert value(track, (truth.from_s + truth.until_s) / 2) > WIDTH, clip.name


def test_the_promised_hours_have_visits_absences_and_portraits() -> None:
    clips = hours(130)
    assert sum(clip.seconds for clip in clips) >= 2 * 3600
    kinds = [truth.event_type for clip in clips for truth in clip.truths if truth.required]
    assert kinds.count(EventType.NO_FACE) >= 10
    assert kinds.count(EventType.MULTIPLE_FACES) >= 10
    assert any(not actor.alive for clip in clips for actor in clip.actors)


def test_the_same_seed_is_the_same_film_and_another_is_not(studio: Studio) -> None:
    clip = Clip("clip", 1, 5, (candidate(5),))
    first, again = picture(studio, clip), picture(Studio(models_dir()), clip)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, picture(studio, Clip("clip", 1, 6, (candidate(6),))))
    assert ordinary(3) == ordinary(3)
    assert ordinary(3) != ordinary(4)


def test_a_frozen_camera_repeats_its_picture_and_a_covered_one_is_black(studio: Studio) -> None:
    me = (candidate(5),)
    shown = list(studio.pictures(Clip("frozen", 2, 5, me, camera=Camera(frozen=((1, 2),)))))
    assert np.array_equal(shown[8], shown[-1])
    assert not np.array_equal(shown[4], shown[5])
    assert picture(studio, Clip("covered", 1, 5, me, camera=Camera(covered=((0, 2),))))[:HEIGHT].mean() < 30


@pytest.mark.parametrize("tone", TONES)
def test_a_face_of_every_tone_is_found_where_it_was_put_and_as_wide(studio: Studio, tone: str) -> None:
    shown = picture(studio, Clip("tone", 0.5, 5, (candidate(5, 150, 400, tone=tone, hair=0),)))
    with detector() as eyes:
        faces = eyes.detect(Picture.from_rgb(rgb(shown)))
    assert len(faces) == 1
    box = faces[0].box
    assert abs((box.x + box.width / 2) * WIDTH - 400) < 45
    assert 110 < faces[0].width_px < 190


def test_tones_differ_in_the_picture_as_they_are_named(studio: Studio) -> None:
    lightness = []
    for tone in TONES:
        shown = rgb(picture(studio, Clip("tone", 0.2, 5, (candidate(5, 150, 400, tone=tone),))))
        lightness.append(float(shown[340:380, 370:430].mean()))
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.slow
def test_an_absence_is_raised_through_the_live_path(studio: Studio) -> None:
    clip = absence("short", 5, candidate(5), count=1)
    with detector() as eyes:
        raised, observations = judge(observe(encode(studio.pictures(clip)), eyes), Pipeline())
    assert observations > 20
    assert [each.event_type for each in raised] == [EventType.NO_FACE]
    assert abs(raised[0].started_ms / 1000 - clip.truths[0].from_s) < 1


def test_spans_leave_pauses() -> None:
    assert spans(2, 5.0, 10.0) == [(10.0, 15.0), (15.0 + BACK_SECONDS, 20.0 + BACK_SECONDS)]
