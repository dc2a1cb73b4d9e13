"""Locks of the kernel, which end with the process that holds them."""

import errno

UNSUPPORTED = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
"""What a file system without locks answers."""
