"""Work by several processes, none of which can take the others along.

In: a function of a module, and items for it. Out: what it gives for each, or a :class:`Crash`
where the process that worked on the item ended. Standard library only: a process sets up its
environment before it imports what its work needs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")

# A process that was forked from one with threads (numpy's, XLA's) may wait for them forever.
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Crash:
    """The process ended with this exit status; below 0 it is the signal that ended it."""

    status: int | None

    def __str__(self) -> str:
        if self.status is None or self.status >= 0:
            return f"the process ended with status {self.status}"
        return f"the process was ended by signal {-self.status}"


def each(
    act: Callable[[Item], Found], items: Sequence[Item], jobs: int
) -> Generator[tuple[int, Found | Crash], None, None]:
    """The number of each item with what ``act`` gives for it, as they are done, by at most ``jobs``
    processes. ``act`` and the items must be picklable; ``act`` must not raise. All processes are
    gone when the iterator is closed."""
    waiting = list(enumerate(items))[::-1]
    workers: dict[Connection, _Worker] = {}
    try:
        while waiting or workers:
            while waiting and len(workers) < jobs:
                worker = _Worker()
                workers[worker.connection] = worker
                worker.begin(act, *waiting.pop())
            for connection in wait(list(workers)):
                worker = workers[connection]  # type: ignore[index]
                yield worker.number, worker.result()
                if not waiting or not worker.alive:
                    del workers[worker.connection]
                    worker.end()
                else:
                    worker.begin(act, *waiting.pop())
    finally:
        for worker in workers.values():
            worker.end()


class _Worker:
    """A process that works on one item after the other."""

    def __init__(self) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self.process: BaseProcess = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
        with _without_interrupts():
            self.process.start()
        theirs.close()
        self.number = -1
        self.alive = True

    def begin(self, act: Callable[[Item], Found], number: int, item: Item) -> None:
        self.number = number
        try:
            self.connection.send((act, item))
        except ConnectionError:
            pass  # the process has ended: its result tells

    def result(self) -> Any:
        """What the work gave; waits for it."""
        try:
            return self.connection.recv()
        except (EOFError, ConnectionError):
            self.alive = False
            self.process.join()
            return Crash(self.process.exitcode)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """What is started here never sees Ctrl-C, which a terminal sends to all processes: the one that
    started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # The first process starts the tracker, too, which lets Ctrl-C through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection) -> None:
    """The life of a process: it ends when nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # There are as many processes as processors: more threads would only wait for each other.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    while True:
        try:
            act, item = connection.recv()
        except (EOFError, ConnectionError):
            return
        connection.send(act(item))
