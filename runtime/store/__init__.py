"""Results on disk: computed once, found again by everybody, never served unless they are what was stored."""

from vlc_runtime.store.claims import Claim
from vlc_runtime.store.files import FileDigests
from vlc_runtime.store.rows import Entry
from vlc_runtime.store.store import MISSING, Missing, Put, Store

__all__ = ["MISSING", "Claim", "Entry", "FileDigests", "Missing", "Put", "Store"]
