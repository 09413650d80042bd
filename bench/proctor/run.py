"""Clips over processes: render, encode, decode, detect, judge."""

import hashlib
import multiprocessing
import os
import pickle
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import cv2

from bench.proctor import own
from bench.proctor.film import Encoded, Studio, encode
from bench.proctor.live import detector, judge, models_dir, observe
from bench.proctor.scene import Clip
from bench.proctor.score import Outcome
from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.pipeline import Pipeline

GENERATOR = ("face", "photo", "turn", "person", "rooms", "props", "life", "scene", "film")


def run(
    clips: list[Clip], processes: int, cache: Path | None, faces: Path | None = None, progress: bool = True
) -> list[Outcome]:
    """All clips, the longest first; outcomes in the order given. `faces` holds the photographs in them."""
    order = sorted(clips, key=lambda clip: -clip.seconds)
    found: dict[str, Outcome] = {}
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, initializer=_prepare, initargs=(cache, faces)) as pool:
        for outcome in pool.imap_unordered(_one, order):
            found[outcome.clip.name] = outcome
            if progress and len(found) % 20 == 0:
                done = sum(each.clip.seconds for each in found.values())
                took = time.monotonic() - began
                print(f"# {len(found)}/{len(clips)} clips, {done / 60:.0f} min in {took:.0f} s", flush=True)
    return [found[clip.name] for clip in clips]


def _prepare(cache: Path | None, faces: Path | None) -> None:
    cv2.setNumThreads(1)
    os.environ["VIVA_BENCH_CACHE"] = str(cache or "")
    os.environ["VIVA_BENCH_FACES"] = str(faces or "")


@lru_cache(maxsize=1)
def _studio() -> Studio:
    faces = os.environ.get("VIVA_BENCH_FACES")
    return Studio(models_dir(), Path(faces) if faces else None)


@lru_cache(maxsize=1)
def _eyes() -> MediaPipeFaceDetector:
    return detector().__enter__()


def _one(clip: Clip) -> Outcome:
    raised, count = judge(observe(frames(clip), _eyes()), Pipeline())
    return Outcome(clip, tuple(raised), count)


def frames(clip: Clip) -> Iterable[Encoded]:
    """The clip's base layer, out of the cache where there is one."""
    if clip.source:
        return encode(own.pictures(Path(clip.source)))
    folder = os.environ.get("VIVA_BENCH_CACHE")
    if not folder:
        return encode(_studio().pictures(clip))
    path = Path(folder) / f"{clip.name}-{_fingerprint(clip)}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = list(encode(_studio().pictures(clip)))
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(pickle.dumps([(each.offset_ms, each.data, each.keyframe) for each in made]))
        partial.replace(path)
        return made
    return _read(path)


def _read(path: Path) -> Iterator[Encoded]:
    for offset_ms, data, keyframe in pickle.loads(path.read_bytes()):  # a bench process wrote it
        yield Encoded(offset_ms, data, keyframe)


@lru_cache(maxsize=1)
def _sources() -> bytes:
    folder = Path(__file__).parent
    return b"".join((folder / f"{name}.py").read_bytes() for name in GENERATOR)


def _fingerprint(clip: Clip) -> str:
    return hashlib.sha256(_sources() + repr(clip).encode()).hexdigest()[:16]
