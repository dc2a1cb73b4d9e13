"""Results on disk: computed once, found again by everybody, never served unless they are what was stored."""

from vlc_runtime.store.archive import Transferred, export_results, import_results
from vlc_runtime.store.claims import Claim
from vlc_runtime.store.files import FileDigests, FileIdentity, FileStates
from vlc_runtime.store.garbage import Collected, collect_garbage
from vlc_runtime.store.rows import Entry
from vlc_runtime.store.runs import Run, RunRecord, list_runs
from vlc_runtime.store.store import MISSING, Missing, Put, Store
from vlc_runtime.store.verification import Verification, verify

__all__ = [
    "MISSING",
    "Claim",
    "Collected",
    "Entry",
    "FileDigests",
    "FileIdentity",
    "FileStates",
    "Missing",
    "Put",
    "Run",
    "RunRecord",
    "Store",
    "Transferred",
    "Verification",
    "collect_garbage",
    "export_results",
    "import_results",
    "list_runs",
    "verify",
]
