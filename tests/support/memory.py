"""How much memory this process has held at most."""

import re
import resource
import sys
from pathlib import Path

MOST_MB = 400
"""What a test process may hold at most."""

_STATUS = Path("/proc/self/status")


def peak_mb() -> int:
    """Tell the most memory that this process held, in MiB."""
    if _STATUS.exists():
        # Not ru_maxrss: that counts what the process that started this one held.
        found = re.search(r"VmHWM:\s+(\d+)", _STATUS.read_text())
        if found is not None:
            return int(found[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)
