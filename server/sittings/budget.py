"""How much one client may ask for."""


class Budget:
    """What a client may ask for: `burst` at once, `per_second` in the long run; `now` is in seconds.

    With `overdraft` a refusal costs as well, so that who does not stop is never served again.
    """

    def __init__(self, burst: float, per_second: float, now: float, *, overdraft: bool = True) -> None:
        self._burst = self._tokens = burst
        self._per_second = per_second
        self._at = now
        self._overdraft = overdraft

    def spend(self, cost: float, now: float) -> bool:
        """Take from the budget; False when it is used up."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        enough = self._tokens >= cost
        if enough or self._overdraft:
            self._tokens -= cost
        return enough
