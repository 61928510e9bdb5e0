#!/bin/sh
# need.sh PROGRAM[|ANOTHER...] "DEBIAN PACKAGES" WHY
#
# Is quiet when one of the programs is there. Else installs Debian's packages, as
# root on a Debian system, or says what is missing and how to get it.
set -eu

programs=$1 packages=$2 why=$3

for program in $(echo "$programs" | tr '|' ' '); do
	if command -v "$program" >/dev/null; then exit 0; fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "${programs%%|*} is missing: $why. Install it (Debian: apt-get install $packages) and try again." >&2
	exit 1
fi

echo "installing $packages with apt-get, $why; this happens once" >&2
export DEBIAN_FRONTEND=noninteractive
quietly() {
	out=$("$@" 2>&1) || { echo "$out" | tail -n 20 >&2; exit 1; }
}
quietly apt-get -o DPkg::Lock::Timeout=300 update
# shellcheck disable=SC2086 # the packages are words
quietly apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends $packages
