#!/usr/bin/env python3
"""Start `make demo` as a new user does, look at a ranking, stop it with Ctrl-C.

The demo's data goes into a new folder, which is removed afterwards. Whatever is
still running on that folder when the demo has ended is an error.
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

READY_WITHIN = 600  # seconds; the first start on a machine fetches what is missing
STOPPED_WITHIN = 60


def main() -> int:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="globalbrain-demo-"))
    folder.chmod(0o755)
    try:
        return check(folder)
    finally:
        for place in places(folder):
            shutil.rmtree(place, ignore_errors=True)


def check(folder: pathlib.Path) -> int:
    began = time.monotonic()
    arguments = f"--dir {folder} --addr 127.0.0.1:0 --sandbox-addr 127.0.0.1:0"
    demo = subprocess.Popen(
        ["make", "demo", f"ARGS={arguments}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal of its own, so that Ctrl-C reaches it and not us
    )
    stuck = alarm(demo, READY_WITHIN)
    try:
        base = await_ready(demo)
        print(f"ready after {time.monotonic() - began:.1f} s: {base}")
        look(base)
        stuck.cancel()
    finally:
        code = stop(demo)
        stuck.cancel()
    left = running_on(folder)
    if left:
        sys.exit("still running after Ctrl-C:\n" + "\n".join(left))
    if code not in (0, 2, 130):  # make itself ends with 2 or 130 when it is interrupted
        sys.exit(f"make demo ended with {code}")
    print("stopped, and nothing is left running")
    return 0


def alarm(demo: subprocess.Popen, seconds: float):
    timer = threading.Timer(seconds, lambda: os.killpg(demo.pid, signal.SIGINT))
    timer.daemon = True
    timer.start()
    return timer


def await_ready(demo: subprocess.Popen) -> str:
    for line in demo.stdout:
        print("  " + line.rstrip())
        found = re.match(r"ready (http://\S+)", line)
        if found:
            return found[1]
    sys.exit("the demo ended, or took too long, before it was ready")


def look(base: str) -> None:
    """Follow the links a visitor would: the tenants, one tenant, its ranking."""
    home = fetch(base + "/")
    tenants = sorted(set(re.findall(r'href="(/t/[a-z0-9-]+)', home)))
    if len(tenants) < 3:
        sys.exit(f"the first page shows {len(tenants)} tenants, want at least 3")
    tenant = fetch(base + tenants[0])
    ranking = re.search(r'href="(/t/[^"]*ranking[^"]*)"', tenant)
    if not ranking:
        sys.exit(f"{tenants[0]} has no link to a ranking")
    page = fetch(base + ranking[1])
    ideas = set(re.findall(r'href="(/t/[a-z0-9-]+/ideas/[0-9a-f-]{36})', page))
    if not ideas:
        sys.exit(f"the ranking {ranking[1]} shows no idea")
    print(f"{len(tenants)} tenants; {ranking[1]} ranks {len(ideas)} ideas")
    if fetch(base + "/readyz") == "":
        sys.exit("/readyz says nothing")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def stop(demo: subprocess.Popen) -> int:
    try:
        os.killpg(demo.pid, signal.SIGINT)
    except ProcessLookupError:
        pass
    try:
        demo.communicate(timeout=STOPPED_WITHIN)  # reads on, so that the demo can write its last lines
        return demo.returncode
    except subprocess.TimeoutExpired:
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait()
        sys.exit(f"the demo did not stop within {STOPPED_WITHIN} s of Ctrl-C")


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
    sys.exit(main())
