"""Stands beside an embedded server, run as a program of its own: starts it, and stops it when its last user is gone."""

import ctypes
import fcntl
import os
import shutil
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def main(lock: int, alive: int, users: str, socket_path: str, command: list[str]) -> None:
    """Run `command` until it ends by itself or nobody holds the file `users` locked.

    Args:
        lock: a locked descriptor that the server inherits, so that the lock lives as long as either of the two.
        alive: the end of a pipe by which the starter learns that this process is gone.
    """
    if os.fork():
        os._exit(0)  # the starter waits for this only; the rest has no parent that could take it along
    os.setsid()
    guard = os.getpid()
    server = os.fork()
    if server == 0:
        os.close(alive)
        os.set_inheritable(lock, True)
        _end_with(guard)
        os.execv(command[0], command)
    threading.Thread(target=_stop_when_unused, args=(users, server), daemon=True).start()
    os.waitpid(server, 0)
    folder = os.path.dirname(socket_path)
    if os.path.dirname(users) != folder:
        shutil.rmtree(folder, ignore_errors=True)


def _stop_when_unused(users: str, server: int) -> None:
    # Every user holds a shared lock, which the kernel releases when the process ends, by kill -9 too. The exclusive
    # lock is therefore granted when the last one is gone, and makes new users wait until this process has ended.
    fcntl.flock(os.open(users, os.O_RDWR), fcntl.LOCK_EX)
    os.kill(server, signal.SIGTERM)


def _end_with(guard: int) -> None:
    """Have the kernel stop the server when the guard is killed (Linux; elsewhere the next user adopts the server)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != guard:
            os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:])
