#!/usr/bin/env python3
"""Start `make demo` as a new user does, and look at a ranking.

Three times on one new folder: stopped with Ctrl-C, killed, and stopped with
Ctrl-C again. The ranking that the first one showed must be there each time, and
when it is stopped nothing may be left running.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import NamedTuple

READY_WITHIN = 600  # seconds; the first start on a machine fetches what is missing
STOPPED_WITHIN = 60


class Ranking(NamedTuple):
    path: str
    ideas: tuple[str, ...]  # their ids, in the order of the page


def main() -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="globalbrain-demo-"))
    folder.chmod(0o755)
    try:
        check(folder)
    finally:
        for place in places(folder):
            shutil.rmtree(place, ignore_errors=True)


def check(folder: pathlib.Path) -> None:
    first = visit(folder, look, interrupt)
    again = visit(folder, lambda base: fetch_ranking(base, first.path), kill)
    third = visit(folder, lambda base: fetch_ranking(base, first.path), interrupt)
    if not first.ideas == again.ideas == third.ideas:
        sys.exit(f"{first.path} ranks {first.ideas}, then {again.ideas}, then {third.ideas}")


def visit(folder: pathlib.Path, act: Callable[[str], Ranking], end: Callable[[subprocess.Popen], None]) -> Ranking:
    """Run the demo, act on its address when it is ready, and end it."""
    began = time.monotonic()
    arguments = f"--dir {folder} --addr 127.0.0.1:0 --sandbox-addr 127.0.0.1:0"
    demo = subprocess.Popen(
        ["make", "demo", f"ARGS={arguments}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal of its own, so that Ctrl-C reaches it and not us
    )
    stuck = threading.Timer(READY_WITHIN, os.killpg, (demo.pid, signal.SIGINT))
    stuck.daemon = True
    stuck.start()
    try:
        base = await_ready(demo)
        print(f"ready after {time.monotonic() - began:.1f} s")
        return act(base)
    finally:
        stuck.cancel()
        end(demo)
        if end is interrupt:
            left = running_on(folder)
            if left:
                sys.exit("still running after Ctrl-C:\n" + "\n".join(left))
            print("stopped, and nothing is left running")


def await_ready(demo: subprocess.Popen) -> str:
    for line in demo.stdout:
        print("  " + line.rstrip())
        found = re.match(r"ready (http://\S+)", line)
        if found:
            return found[1]
    sys.exit("the demo ended, or took too long, before it was ready")


def look(base: str) -> Ranking:
    """Follow the links a visitor would: the tenants, one tenant, its ranking."""
    tenants = sorted(set(re.findall(r'href="(/t/[a-z0-9-]+)', fetch(base + "/"))))
    if len(tenants) < 3:
        sys.exit(f"the first page shows {len(tenants)} tenants, want at least 3")
    link = re.search(r'href="(/t/[^"]*ranking/[0-9a-f-]{36})', fetch(base + tenants[0]))
    if not link:
        sys.exit(f"{tenants[0]} has no link to a ranking")
    return fetch_ranking(base, link[1])


def fetch_ranking(base: str, path: str) -> Ranking:
    fetch(base + "/readyz")
    ideas = re.findall(r'href="/t/[a-z0-9-]+/ideas/([0-9a-f-]{36})', fetch(base + path))
    in_order = tuple(dict.fromkeys(ideas))
    if not in_order:
        sys.exit(f"the ranking {path} shows no idea")
    print(f"{path} ranks {len(in_order)} ideas")
    return Ranking(path, in_order)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def interrupt(demo: subprocess.Popen) -> None:
    """Ctrl-C, as a terminal sends it: to make and to all that it started."""
    try:
        os.killpg(demo.pid, signal.SIGINT)
        demo.communicate(timeout=STOPPED_WITHIN)  # reads on, so that the demo can write its last lines
    except ProcessLookupError:
        pass
    except subprocess.TimeoutExpired:
        kill(demo)
        sys.exit(f"the demo did not stop within {STOPPED_WITHIN} s of Ctrl-C")


def kill(demo: subprocess.Popen) -> None:
    """kill -9, of make and the program. What else they started must see to itself."""
    try:
        os.killpg(demo.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    demo.communicate()
    print("killed")


def places(folder: pathlib.Path) -> list[pathlib.Path]:
    """The demo's folder and, where the database's user could not enter it, the other one."""
    notes = folder.glob("**/postgres-folder")
    return [folder] + [pathlib.Path(note.read_text().strip()) for note in notes]


def running_on(folder: pathlib.Path) -> list[str]:
    """The processes that name one of the demo's folders, from /proc: ps may not be installed."""
    names = [str(p) for p in places(folder)]
    left = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has ended since the folder was listed
            continue
        if any(name in line for name in names) and process.name != str(os.getpid()):
            left.append(f"{process.name} {line}")
    return left


if __name__ == "__main__":
    main()
