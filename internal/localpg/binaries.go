package localpg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version that the schema works on.
const oldest = 15

// Binaries are a folder with one version of postgres and initdb.
type Binaries struct {
	Dir     string
	Version string // as the server says it: 15.18
	Major   int
}

// usualFolders are where packages put the server's programs, as globs.
var usualFolders = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // Fedora and its kin, from Postgres's own packages
	"/usr/libexec/postgresql*",                           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",                 // macOS, arm64
	"/usr/local/opt/postgresql@*/bin",                    // macOS, amd64
	"/Applications/Postgres.app/Contents/Versions/*/bin", // macOS
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Linux with brew
}

// obtain finds binaries that can run the cluster, or installs them.
func obtain(ctx context.Context, dir string, at place, log *slog.Logger) (Binaries, error) {
	if bin, found := search(ctx, dir, at); found {
		return bin, nil
	}
	if dir != "" {
		return Binaries{}, fmt.Errorf("find Postgres: no postgres and initdb of version %d or later in %s", oldest, dir)
	}
	if major := at.major(); major != 0 {
		log.WarnContext(ctx, "the data was made by a Postgres that is not here", "version", major)
	}
	var reasons []error
	for _, way := range []func(context.Context, place, *slog.Logger) error{installPackage, download} {
		err := way(ctx, at, log)
		if err == nil {
			if bin, found := search(ctx, "", at); found {
				return bin, nil
			}
			err = fmt.Errorf("what was installed is not Postgres %d or later, or not the version that made the data", oldest)
		}
		reasons = append(reasons, err)
	}
	return Binaries{}, fmt.Errorf("find Postgres: install Postgres %d or later (Debian: apt-get install postgresql; macOS: brew install postgresql@16) or name its folder: %w", oldest, errors.Join(reasons...))
}

// search looks in dir or, when dir is empty, in PATH, the usual folders and
// what was downloaded before. Data that is there already decides the version;
// else the first in PATH wins, then the newest.
func search(ctx context.Context, dir string, at place) (Binaries, bool) {
	folders := []string{dir}
	if dir == "" {
		folders = usual(at)
	}
	var found []Binaries
	for _, folder := range folders {
		bin, err := inspect(ctx, folder, at)
		if err == nil && (at.major() == 0 || at.major() == bin.Major) {
			found = append(found, bin)
		}
	}
	if len(found) == 0 {
		return Binaries{}, false
	}
	if dir == "" && folders[0] != found[0].Dir {
		slices.SortStableFunc(found, func(a, b Binaries) int { return cmp.Compare(b.Major, a.Major) })
	}
	return found[0], true
}

func usual(at place) []string {
	var folders []string
	if path, found := lookPath("postgres"); found {
		folders = append(folders, filepath.Dir(path))
	} else {
		folders = append(folders, "")
	}
	for _, glob := range usualFolders {
		matches, _ := filepath.Glob(glob) // the globs are constant and well formed
		folders = append(folders, matches...)
	}
	return append(folders, filepath.Join(downloads(at), "bin"))
}

// inspect proves that a folder holds a server that its user can run.
func inspect(ctx context.Context, folder string, at place) (Binaries, error) {
	if folder == "" {
		return Binaries{}, os.ErrNotExist
	}
	for _, name := range []string{"postgres", "initdb"} {
		path, err := filepath.EvalSymlinks(filepath.Join(folder, name))
		if err != nil {
			return Binaries{}, err
		}
		if !reachable(path, at.owner) {
			return Binaries{}, fmt.Errorf("%s: the server's user cannot run it", path)
		}
	}
	out, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output() //nolint:gosec // G204: a program of the operator's machine
	if err != nil {
		return Binaries{}, fmt.Errorf("ask postgres for its version: %w", err)
	}
	bin := Binaries{Dir: folder}
	bin.Version, bin.Major, err = parseVersion(string(out))
	if err == nil && bin.Major < oldest {
		err = fmt.Errorf("postgres in %s is version %s, older than %d", folder, bin.Version, oldest)
	}
	return bin, err
}

// parseVersion reads "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
func parseVersion(line string) (version string, major int, err error) {
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return "", 0, fmt.Errorf("not a version of Postgres: %q", line)
	}
	digits := fields[2]
	if end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		digits = digits[:end] // 17beta1, 15.18
	}
	major, err = strconv.Atoi(digits)
	if err != nil {
		return "", 0, fmt.Errorf("not a version of Postgres: %q", line)
	}
	return fields[2], major, nil
}

// major is the version that made the data, or 0 where there is none.
func (p place) major() int {
	text, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return n
}

func lookPath(name string) (string, bool) {
	path, err := exec.LookPath(name)
	return path, err == nil
}
