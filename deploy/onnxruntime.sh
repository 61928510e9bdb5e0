#!/bin/sh
# onnxruntime.sh FOLDER
#
# Puts the ONNX Runtime library into the cache, once, and from there into FOLDER.
#
# It comes from the npm package onnxruntime-node, with npm's own client, and
# counts only with the checksum below. An operator who has the library elsewhere
# names it in GLOBALBRAIN_ONNXRUNTIME, and nothing is fetched.
set -eu

version=1.30.0
library=libonnxruntime.so.1

say() { echo "onnxruntime: $*" >&2; }
stop() { say "$*"; exit 1; }

# One row for each system: where the package has its library, and its sha256.
case "$(uname -s)-$(uname -m)" in
Linux-x86_64)
	inside=linux/x64/libonnxruntime.so.1
	sha256=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23 ;;
Linux-aarch64 | Linux-arm64)
	inside=linux/arm64/libonnxruntime.so.1
	sha256=1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76 ;;
Darwin-arm64)
	inside=darwin/arm64/libonnxruntime.1.dylib
	sha256=685d2be5dba1309c89d3a5324b7fd06a5c42f1a61bfea32d14c4cc28d072121d ;;
*)
	inside= sha256= ;;
esac

folder=$1

# place PATH: the last step. A program that runs with the old file keeps it.
place() {
	mkdir -p "$folder"
	if ! cmp -s "$1" "$folder/$library"; then
		cp "$1" "$folder/$library.new"
		mv -f "$folder/$library.new" "$folder/$library"
	fi
	exit 0
}

checksum() {
	if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

if [ -n "${GLOBALBRAIN_ONNXRUNTIME:-}" ]; then
	[ -f "$GLOBALBRAIN_ONNXRUNTIME" ] || stop "GLOBALBRAIN_ONNXRUNTIME names $GLOBALBRAIN_ONNXRUNTIME, which is not there"
	place "$GLOBALBRAIN_ONNXRUNTIME"
fi

by_hand="get ONNX Runtime $version for this machine and name its library in GLOBALBRAIN_ONNXRUNTIME"
[ -n "$inside" ] || stop "the package has no library for $(uname -s) on $(uname -m): $by_hand"

cache="${XDG_CACHE_HOME:-$HOME/.cache}/globalbrain/onnxruntime/$version"
target="$cache/$library"

if [ -f "$target" ]; then
	if [ "$(checksum "$target")" = "$sha256" ]; then
		place "$target"
	fi
	say "the library in the cache is not the one that is pinned; fetching it anew"
fi

"$(dirname "$0")/need.sh" npm npm "to fetch ONNX Runtime" || stop "without npm, $by_hand"

mkdir -p "$cache"
scratch=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

say "fetching $version with npm, about 110 MB; this happens once"
(
	cd "$scratch"
	npm pack --silent --cache "$scratch/npm" "onnxruntime-node@$version" >/dev/null || exit 1
	tar xzf "onnxruntime-node-$version.tgz" "package/bin/napi-v6/$inside"
) || stop "npm could not fetch onnxruntime-node@$version: is there a network? Otherwise $by_hand"

fetched="$scratch/package/bin/napi-v6/$inside"
[ "$(checksum "$fetched")" = "$sha256" ] || stop "what npm fetched is not the library that is pinned (sha256 $sha256)"
mv "$fetched" "$target"
place "$target"
