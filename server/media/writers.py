"""The threads that write recordings: a few for all of them, each file owned by exactly one."""

import queue
import threading
from collections.abc import Callable

import structlog

logger = structlog.get_logger(__name__)

_MAX_THREADS = 4


class WriterThread(threading.Thread):
    """Runs what its files have to do, in order, until it has no file left."""

    def __init__(self, number: int) -> None:
        super().__init__(name=f"writer-{number}", daemon=True)
        self.files = 0
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def submit(self, job: Callable[[], None]) -> None:
        """Run this after everything submitted before; it must not raise."""
        self._jobs.put(job)

    def stop(self) -> None:
        """End after what was submitted."""
        self._jobs.put(None)

    def run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # the files beside this one go on
                logger.exception("recording_job_failed")


class Writers:
    """Gives each new file to the thread that has the fewest; threads end with their last file.

    At most four threads: a disk that hangs for one file hangs for those beside it, and memory stays bounded
    because every recorder bounds what it hands over.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: list[WriterThread] = []
        self._started = 0

    def claim(self) -> WriterThread:
        """A thread for one more file; give it back with `release`."""
        with self._lock:
            thread = min(self._threads, key=lambda thread: thread.files, default=None)
            if thread is None or (thread.files > 0 and len(self._threads) < _MAX_THREADS):
                thread = WriterThread(self._started)
                self._started += 1
                self._threads.append(thread)
                thread.start()
            thread.files += 1
            return thread

    def release(self, thread: WriterThread) -> None:
        """A file of this thread is closed."""
        with self._lock:
            thread.files -= 1
            if thread.files == 0:
                self._threads.remove(thread)
                thread.stop()


WRITERS = Writers()
