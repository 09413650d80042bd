"""A model file run by LiteRT on one thread: an array in, arrays out."""

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


class Model:
    """One loaded model; not thread-safe."""

    def __init__(self, path: Path) -> None:
        """Load it; ValueError or RuntimeError when the file is no model."""
        self._interpreter = Interpreter(str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        (entry,) = self._interpreter.get_input_details()
        self._input = int(entry["index"])
        self._outputs = [int(each["index"]) for each in self._interpreter.get_output_details()]
        self.side = int(entry["shape"][1])

    def run(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """What the model says to a `side` x `side` RGB picture, in the model's own range."""
        self._interpreter.set_tensor(self._input, pixels[None])
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(index)[0] for index in self._outputs)
