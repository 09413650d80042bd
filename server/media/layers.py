"""How many temporal layers a viewer gets: as many as its connection carries, the base layer always."""

from collections.abc import Sequence

TOP_LAYER = 2
_MAX_LOSS = 0.1
_CALM_LOSS = 0.02
_HEADROOM = 0.95
_TRY_BELOW = 0.8
_FIRST_TRY_SECONDS = 4.0
_LONGEST_TRY_SECONDS = 60.0
_FAILED_WITHIN_SECONDS = 6.0


class LayerSelector:
    """Chooses the highest layer to forward from the viewer's reports, once a second.

    Down when what is sent does not fit the viewer's bandwidth estimate (REMB) or a tenth is lost; up one
    layer after four calm seconds, later and later (up to a minute) when going up did not hold.

    An estimate hardly exceeds what was received so far, so pictures that become busier overtake it with
    nothing in the way. It says something about the connection when it falls, or is passed for two seconds
    without rising.
    """

    def __init__(self) -> None:
        self.top = TOP_LAYER
        self._estimate_bps: float | None = None
        self._decided_on_bps: float | None = None
        self._seconds_over = 0
        self._loss = 0.0
        self._calm_since: float | None = None
        self._raised_at = float("-inf")
        self._try_seconds = _FIRST_TRY_SECONDS

    def on_estimate(self, bits_per_second: int) -> None:
        """The viewer's own estimate of what its connection carries."""
        self._estimate_bps = bits_per_second

    def on_loss(self, fraction: float) -> None:
        """Share of packets the viewer lost since its last report, 0..1."""
        self._loss = fraction

    def decide(self, layer_bps: Sequence[float], now_seconds: float) -> int:
        """The highest layer to send from now on; `layer_bps` holds what each layer takes."""
        fits = self._carried(layer_bps)
        if self.top and (fits < self.top or self._loss > _MAX_LOSS):
            if now_seconds - self._raised_at < _FAILED_WITHIN_SECONDS:
                self._try_seconds = min(2 * self._try_seconds, _LONGEST_TRY_SECONDS)
            self.top = fits if fits < self.top else self.top - 1
            self._calm_since = None
        elif self._loss > _CALM_LOSS:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now_seconds
        elif self._may_rise(layer_bps) and now_seconds - self._calm_since >= self._try_seconds:
            self.top += 1
            self._raised_at = self._calm_since = now_seconds
        elif self.top == TOP_LAYER and now_seconds - self._raised_at > _LONGEST_TRY_SECONDS:
            self._try_seconds = _FIRST_TRY_SECONDS
        return self.top

    def _carried(self, layer_bps: Sequence[float]) -> int:
        """The highest layer the connection carries, as far as the estimate and its course tell."""
        estimate, before = self._estimate_bps, self._decided_on_bps
        self._decided_on_bps = estimate
        fits = self._fitting(layer_bps)
        rose = estimate is not None and before is not None and estimate > before
        self._seconds_over = 0 if rose or fits >= self.top else self._seconds_over + 1
        fell = before is None or (estimate is not None and estimate < before)
        return fits if fell or self._seconds_over > 1 else self.top

    def _may_rise(self, layer_bps: Sequence[float]) -> bool:
        """Whether one more layer is worth a try; estimates hardly exceed what is sent, so less will do."""
        if self.top == TOP_LAYER:
            return False
        wanted = sum(layer_bps[: self.top + 2])
        return self._estimate_bps is None or wanted * _TRY_BELOW <= self._estimate_bps

    def _fitting(self, layer_bps: Sequence[float]) -> int:
        """The highest layer whose sum with those below fits the estimate."""
        if self._estimate_bps is None:
            return TOP_LAYER
        total, fitting = 0.0, 0
        for layer in range(TOP_LAYER + 1):
            total += layer_bps[layer]
            if total <= self._estimate_bps * _HEADROOM:
                fitting = layer
        return min(fitting, self.top)
