"""Debian packages that a lane needs: found, or installed when root, else said how."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def ensure(program: str, *packages: str, paths: tuple[str, ...] = ()) -> str:
    """The program's path. Exits with the command to type when it cannot be had."""
    found = find(program, paths)
    if found:
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"{program} is missing. Install it: apt-get install {' '.join(packages)}"
        )
    print(f"Installing {' '.join(packages)} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", *packages],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )
    found = find(program, paths)
    if not found:
        sys.exit(f"{program} is still missing after installing {' '.join(packages)}")
    return found


def find(program: str, paths: tuple[str, ...]) -> str | None:
    for path in paths:
        if os.access(path, os.X_OK):
            return path
    return shutil.which(program)
