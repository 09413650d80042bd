"""Who speaks, from the audio-level header extension (RFC 6464) alone."""

from dataclasses import dataclass

from server.media.ports import EncodedFrame

_SPEECH_DBOV = 45
_HOLD_MS = 1200.0
_SMOOTHING = 0.3


@dataclass(slots=True)
class _Voice:
    level_db: float = 127.0
    spoke_at_ms: float = -1e12


class SpeakerDetector:
    """Names the loudest participant that speaks; pauses of less than 1.2 s do not count.

    Levels are -dBov: 0 is loudest, 127 silence.
    """

    def __init__(self) -> None:
        self._voices: dict[str, _Voice] = {}
        self.current: str | None = None

    def update(self, participant_id: str, level_db: int, now_ms: float) -> None:
        """Take one measured level."""
        voice = self._voices.setdefault(participant_id, _Voice())
        voice.level_db += (level_db - voice.level_db) * _SMOOTHING
        if voice.level_db < _SPEECH_DBOV:
            voice.spoke_at_ms = now_ms

    def forget(self, participant_id: str) -> None:
        """A participant left."""
        self._voices.pop(participant_id, None)

    def decide(self, now_ms: float) -> bool:
        """Choose the speaker of this moment; True when it changed."""
        speaking = {
            participant_id: voice
            for participant_id, voice in self._voices.items()
            if now_ms - voice.spoke_at_ms < _HOLD_MS
        }
        chosen = self.current if self.current in speaking else None
        if speaking:
            loudest = min(speaking, key=lambda participant_id: speaking[participant_id].level_db)
            if chosen is None or speaking[loudest].level_db < speaking[chosen].level_db - 6:
                chosen = loudest
        changed = chosen != self.current
        self.current = chosen
        return changed


class LevelSink:
    """Feeds a source's audio levels to the speaker detector while its participant is `audible`."""

    def __init__(self, participant_id: str, detector: SpeakerDetector, audible: set[str]) -> None:
        self._participant_id = participant_id
        self._detector = detector
        self._audible = audible

    def on_frame(self, frame: EncodedFrame) -> None:
        """Use the level of an audio packet."""
        if frame.audio_level_db is not None and self._participant_id in self._audible:
            self._detector.update(self._participant_id, frame.audio_level_db, frame.timestamp_ms)

    def on_source_closed(self) -> None:
        """The detector forgets by itself."""
        self._detector.forget(self._participant_id)
