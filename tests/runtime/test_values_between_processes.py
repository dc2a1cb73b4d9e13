"""Large results that are stored go from process to process as keys of the store."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vlc_runtime.digest import digest
from vlc_runtime.failures import Failure
from vlc_runtime.kernels import vox1
from vlc_runtime.session import Session, TaskCall
from vlc_runtime.store import RunRecord, Store
from vlc_runtime.volume import Geometry, Volume
from vlc_runtime.worker import At, Kept, Task

SIDE = 40
INPUT = Volume(np.arange(SIDE**3, dtype=np.float32).reshape((SIDE,) * 3), Geometry.of_size(SIDE, SIDE, SIDE))
DISTANCES, VOLUME = digest("distances"), digest("volume")
MASK = Volume(INPUT.array > SIDE**3 / 2, INPUT.geometry)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session as a worker's process has it."""
    with Store.open(tmp_path / "results") as store, RunRecord.start(store, parameters={}, versions={}) as record:
        yield pickle.loads(pickle.dumps(Session(store, record.id).remote)).opened()


def produce(session: Session, keep: bool) -> Any:
    tasks = [Task(DISTANCES, vox1.dt, (At(MASK),), (), keep=keep)]
    return TaskCall(session, tasks, [DISTANCES], as_pairs=False)()


def consume(session: Session, given: Any, nested: bool) -> Any:
    tasks = [
        Task(digest("mask"), vox1.gt_sv, (At(3.0), DISTANCES), (DISTANCES,)),
        Task(VOLUME, vox1.volume, (digest("mask"),), (digest("mask"),)),
    ]
    if nested:
        tasks = [Task(VOLUME, first_maximum, ((At(0.0), DISTANCES),), (DISTANCES,))]
    return TaskCall(session, tasks, [VOLUME], as_pairs=False)(pickle.loads(pickle.dumps(given)))[VOLUME]


def _first_maximum(values: list[Any]) -> float:
    return float(values[1].array.max())


first_maximum = type(vox1.volume)(
    _first_maximum,
    namespace="test",
    version=1,
    cost="scalar",
    name="first",
    reads=(),
    effect=False,
    one_grid=False,
)


def test_a_stored_image_travels_as_its_key(session: Session) -> None:
    sent = produce(session, keep=True)
    assert sent == {DISTANCES: Kept(DISTANCES)}
    distances = vox1.dt.compute(MASK)
    assert consume(session, sent, nested=False) == vox1.volume.compute(vox1.gt_sv.compute(3.0, distances))
    assert consume(session, sent, nested=True) == float(distances.array.max())


def test_what_is_not_stored_is_sent(session: Session) -> None:
    sent = produce(session, keep=False)
    assert isinstance(sent[DISTANCES], Volume)
    assert consume(session, sent, nested=True) == float(vox1.dt.compute(MASK).array.max())


def test_an_image_that_was_damaged_on_its_way_is_told_by_its_key(session: Session) -> None:
    sent = produce(session, keep=True)
    assert session.store is not None
    (stored,) = (path for path in session.store.folder.glob("objects/*/*") if not path.suffix)
    stored.write_bytes(b"no image")
    for nested in (False, True):
        failure = consume(session, sent, nested)
        assert isinstance(failure, Failure)
        assert failure.damaged
        assert failure.step == DISTANCES
