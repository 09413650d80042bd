"""A sink that hands the base temporal layer of what is being recorded to the analysis."""

from server.media.ports import AnalysisPort, EncodedFrame
from server.media.recorder import Recorder


class Tap:
    """Feeds base-layer frames with their recording time; frames outside the recording are not analysed.

    Browsers that send no temporal layers are analysed on every frame.
    """

    def __init__(self, recorder: Recorder, analysis: AnalysisPort, stream_id: str) -> None:
        self._recorder = recorder
        self._analysis = analysis
        self._stream_id = stream_id

    def on_frame(self, frame: EncodedFrame) -> None:
        """Pass a base-layer video frame on."""
        if frame.temporal_layer:
            return
        offset_ms = self._recorder.offset_of(frame.timestamp_ms)
        if offset_ms is not None:
            self._analysis.feed(self._stream_id, offset_ms, frame.data, frame.keyframe)

    def on_source_closed(self) -> None:
        """Nothing to release."""
