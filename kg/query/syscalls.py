"""System calls that answering a query never needs, by number: what a worker is refused once it is confined.

Names and numbers are those of Linux's `unistd.h`: first for x86_64, second for aarch64, None where there is no such
call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Numbers = tuple[int | None, int | None]

#: Refused whatever their arguments are. Reading and writing a socket that is open already needs none of them.
REFUSED: Final[Mapping[str, Numbers]] = {
    # the network
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "recvfrom": (45, 207),
    "recvmsg": (47, 212),
    "recvmmsg": (299, 243),
    "io_uring_setup": (425, 425),  # a ring opens sockets without the calls above
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # other programs and other processes
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    # the kernel's own tools
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    # changes of files; opening one to write is refused by its flags
    "creat": (85, None),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
}

#: Those that a process needs which writes files and starts the reader of PDF.
CHANGES_AND_PROGRAMS: Final = frozenset({
    "execve", "fork", "vfork", "kill", "tkill", "truncate", "ftruncate", "creat", "unlink", "unlinkat", "rename",
    "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod",
    "fchmodat", "fchmodat2", "chown", "fchown", "fchownat",
})  # fmt: skip

#: Said not to exist, so that the C library falls back to the older call, whose arguments a filter can read.
UNKNOWN: Final[Mapping[str, Numbers]] = {"clone3": (435, 435), "openat2": (437, 437)}

CLONE: Final[Numbers] = (56, 220)
OPEN: Final[Numbers] = (2, None)
OPENAT: Final[Numbers] = (257, 56)
TGKILL: Final[Numbers] = (234, 131)
PRLIMIT64: Final[Numbers] = (302, 261)
SECCOMP: Final[Numbers] = (317, 277)
