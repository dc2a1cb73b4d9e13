"""The record of a run: a line of JSON for its start, for each node, and for its end.

The file is locked while the run lives: the kernel lets go when the process ends, however it ends. So a record without
an end is of a run that is running when its lock is held, and of one that was killed when not. A run that ends on a full
disk says so too: blanks at the end of the first line keep a place for the last one. (Where a file system writes nothing
in place, such as btrfs, it may not get there.)
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.kernel_locks import UNSUPPORTED
from vlc_runtime.store.layout import Layout
from vlc_runtime.store.store import Store

Outcome = Literal["computed", "stored", "failed"]
End = Literal["done", "failed", "interrupted"]

_LINES_AT_ONCE = 256
_ROOM_FOR_THE_END = 256
"""More bytes than the line of the end takes."""


class RunRecord:
    """The record of this run, which is open until `end`. Threads may share it.

    In a store that can only be read nothing is written.
    """

    def __init__(self, store: Store, identifier: str, file: int | None) -> None:
        self.id = identifier
        self._store = store
        self._file = file
        self._lines: list[str] = []
        self._counts = {"computed": 0, "stored": 0, "failed": 0}
        self._room = 0
        self._lock = threading.Lock()

    @staticmethod
    def start(
        store: Store, *, program: str = "", parameters: Mapping[str, Any], versions: Mapping[str, str]
    ) -> RunRecord:
        """Begin the record of a run; the store asks and stores on its behalf from now on.

        `parameters` must be JSON (numbers, strings, bools, lists of them). StoreError when it cannot be written.
        """
        # names sort by the time when runs began
        identifier = f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}-{uuid.uuid4().hex[:8]}"
        if store.read_only:
            return RunRecord(store, identifier, None)
        record = RunRecord(store, identifier, store.access.operate(lambda: _open_locked(store.layout, identifier)))
        store.run = identifier
        start = _to_json(
            {
                "event": "start",
                "run": identifier,
                "at": time.time(),
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "program": program,
                "parameters": dict(parameters),
                "versions": dict(versions),
            }
        )
        record._room = len(start)
        record._lines.append(f"{start}{' ' * _ROOM_FOR_THE_END}\n")
        try:
            record.flush()
        except StoreError:  # the run does not begin: nobody has to wonder how it ended
            store.layout.record(identifier).unlink(missing_ok=True)
            raise
        return record

    @staticmethod
    def join(store: Store, identifier: str) -> RunRecord:
        """The record of a run that another process began: a worker adds its nodes to it, and never ends it."""
        if store.read_only:
            return RunRecord(store, identifier, None)
        path = store.layout.record(identifier)
        return RunRecord(store, identifier, store.access.operate(lambda: os.open(path, os.O_WRONLY | os.O_APPEND)))

    def input(self, path: str, digest: Digest) -> None:
        """A file that the run reads."""
        self._add(event="input", path=path, digest=digest.hex())

    def node(
        self,
        key: Digest,
        *,
        operator: str,
        source: str,
        outcome: Outcome,
        seconds: float,
        size: int = 0,
        peak: int = 0,
        message: str = "",
    ) -> None:
        """A node is done: `source` is its line or declaration, `size` are the bytes of its result, `peak` the most that
        its process has had in memory by then.

        Lines are written some hundreds at a time: `flush` when they must not be lost.
        """
        self._counts[outcome] += 1
        line: dict[str, Any] = {"operator": operator, "source": source, "outcome": outcome, "seconds": seconds}
        optional = {"size": size, "peak": peak, "message": message}
        self._add(event="node", key=key.hex(), **line, **{word: value for word, value in optional.items() if value})

    def flush(self) -> None:
        """Write what there is: it outlives the process then. StoreError when the disk is full."""
        with self._lock:
            self._write()

    def let_go(self) -> None:
        """Write what there is, and let go of the record, which another process will end."""
        with self._lock:
            if self._file is None:
                return
            try:
                self._write()
            finally:
                os.close(self._file)
                self._file = None

    def end(self, status: End) -> None:
        """Finish the record and let go of it. Does nothing the second time.

        StoreError when it cannot be written whole, as on a full disk: then the record says of the run that it failed,
        if it was done.
        """
        with self._lock:
            if self._file is None:
                return
            self._lines.append(self._end(status))
            try:
                self._write()
            except StoreError:
                self._use_room(self._file, self._end("failed" if status == "done" else status))
                raise
            finally:
                os.close(self._file)
                self._file = None

    def __enter__(self) -> RunRecord:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.end("done")
        else:
            with suppress(StoreError):  # the error that is on its way is the news
                self.end("interrupted" if issubclass(kind, KeyboardInterrupt) else "failed")

    def _end(self, status: End) -> str:
        return _line({"event": "end", "at": time.time(), "status": status, **self._counts})

    def _use_room(self, file: int, line: str) -> None:
        """Write the last line where the first has blanks: those bytes of the disk are the record's already."""
        if len(line) > _ROOM_FOR_THE_END or not self._room:
            return
        with suppress(OSError):
            # a file that is appended to is appended to, wherever one says that it is written
            fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) & ~os.O_APPEND)
            os.pwrite(file, f"\n{line.rstrip()}".encode("ascii"), self._room)

    def _add(self, **content: Any) -> None:
        with self._lock:
            if self._file is not None:
                self._lines.append(_line(content))
                if len(self._lines) >= _LINES_AT_ONCE:
                    self._write()

    def _write(self) -> None:
        if self._file is None or not self._lines:
            return
        data = memoryview("".join(self._lines).encode("ascii"))
        self._lines.clear()
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            raise self._store.access.failure(error) from None


_to_json = json.JSONEncoder(default=str).encode


def _line(content: Mapping[str, Any]) -> str:
    return _to_json(content) + "\n"


def _open_locked(layout: Layout, identifier: str) -> int:
    # locked before it gets its name: nobody ever sees the record of a living run without a lock
    temporary = layout.new_temporary()
    file = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o666)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
        temporary.replace(layout.record(identifier))
    except BaseException:
        os.close(file)
        raise
    return file


@dataclass(frozen=True, slots=True)
class Run:
    """What a record says. `status` is running, done, failed, interrupted or killed; `ended` is None without an end;
    `peak` are the most bytes that one of its processes took, 0 if that was not noted."""

    id: str
    status: str
    started: float
    ended: float | None
    host: str
    pid: int
    program: str
    computed: int
    stored: int
    failed: int
    peak: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)


def list_runs(store: Store) -> list[Run]:
    """Every recorded run, the oldest first. Linear in the length of the records."""
    return [run_of(path) for path in sorted(store.layout.runs.glob("*.jsonl")) if path.is_file()]


def run_of(path: Path) -> Run:
    """The run of a record. What is damaged in it is passed over."""
    alive = is_alive(path)  # before reading: one that ends in the meantime is read with its end
    start: dict[str, Any] = {}
    end: dict[str, Any] = {}
    counts = {"computed": 0, "stored": 0, "failed": 0}
    peak = 0.0
    for line in lines_of(path):
        match line.get("event"):
            case "start":
                start = line
            case "end":
                end = line
            case "node" if line.get("outcome") in [*counts]:
                counts[line["outcome"]] += 1
                peak = max(peak, _number(line.get("peak")))
    for word, count in counts.items():  # of a run that ended on a full disk lines are missing
        counts[word] = max(count, int(_number(end.get(word))))
    return Run(
        id=path.stem,
        status=str(end.get("status")) if end else "running" if alive else "killed",
        started=_number(start.get("at")),
        ended=_number(end.get("at")) if end else None,
        host=str(start.get("host", "")),
        pid=int(_number(start.get("pid"))),
        program=str(start.get("program", "")),
        peak=int(peak),
        parameters=start["parameters"] if isinstance(start.get("parameters"), dict) else {},
        **counts,
    )


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a record that are whole; none of one that cannot be read."""
    try:
        file = path.open("rb")
    except OSError:
        return
    with file:
        for text in file:
            try:
                line = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(line, dict):
                yield line


def is_alive(path: Path) -> bool:
    """Whether the record's process lives. Where a file system has no locks, every run without an end does."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return True
        if error.errno in UNSUPPORTED:
            return not any(line.get("event") == "end" for line in lines_of(path))
        raise
    return False


def pinned_keys(layout: Layout, run: str) -> set[Digest]:
    """The results that a run asked for."""
    try:
        data = layout.pins(run).read_bytes()
    except FileNotFoundError:
        return set()
    return {data[start : start + 32] for start in range(0, len(data) - 31, 32)}


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and abs(value) < 2.0**63 else 0.0
