"""The garbage collector is paused, and what was set before comes back."""

from __future__ import annotations

import gc

import pytest

from vlc.collector import paused


@pytest.mark.parametrize("enabled", [True, False])
def test_the_state_before_is_restored(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(ZeroDivisionError), paused():
            assert not gc.isenabled()
            with paused():
                assert not gc.isenabled()
            assert not gc.isenabled()
            raise ZeroDivisionError
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
