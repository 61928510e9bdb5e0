// Command globalbrain is the whole program: the site and the API, the job
// worker, the model's command line, and the demo that needs nothing prepared.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// console is what a command reads and writes; tests pass their own.
type console struct {
	env    func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

type command struct {
	name string
	does string
	run  func(ctx context.Context, args []string, c console) int
}

// commands is the one table of subcommands, in the order of the help.
func commands() []command {
	return []command{
		{"demo", "run everything on this machine: a private Postgres, demo tenants, the site", fallible(runDemo)},
		{"serve", "serve the site and the API", fallible(runServe)},
		{"work", "run jobs", fallible(runWork)},
		{"sandbox", "run the sandbox payment gateway", fallible(runSandbox)},
		{"score", "score ideas in JSON Lines", streams(runScore)},
		{"picture", "measure picture files", streams(runPicture)},
		{"rank", "rank ideas from reviews and votes in JSON Lines", streams(runRank)},
		{"bench", "measure this machine", fallible(runBench)},
		{"model", "list, check, install and promote models", fallible(runModel)},
		{"psql", "open psql as the superuser on the demo's database", fallible(runPsql)},
		{"admin", "make tenants and appoint their owners", fallible(runAdmin)},
		{"migrate", "bring the database schema to this program's version", fallible(runMigrate)},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{os.Getenv, os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run carries out one command and returns the exit status: 0 done, 1 failed,
// 2 called wrongly.
func run(ctx context.Context, args []string, c console) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		help(c.stdout)
		if len(args) == 0 {
			return 2
		}
		return 0
	}
	for _, cmd := range commands() {
		if cmd.name == args[0] {
			return cmd.run(ctx, args[1:], c)
		}
	}
	_, _ = fmt.Fprintf(c.stderr, "globalbrain: there is no command %q; \"globalbrain help\" lists them\n", args[0])
	return 2
}

func help(w io.Writer) {
	_, _ = fmt.Fprintln(w, "globalbrain COMMAND [flags]; each command explains itself with -h")
	_, _ = fmt.Fprintln(w)
	for _, cmd := range commands() {
		_, _ = fmt.Fprintf(w, "  %-8s %s\n", cmd.name, cmd.does)
	}
}

// fallible makes a command of a function that returns an error.
func fallible(fn func(context.Context, []string, console) error) func(context.Context, []string, console) int {
	return func(ctx context.Context, args []string, c console) int {
		err := fn(ctx, args, c)
		switch {
		case err == nil:
			return 0
		case errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			return 2
		}
		_, _ = fmt.Fprintln(c.stderr, "globalbrain:", err)
		return 1
	}
}

// errUsage means that the command was called wrongly and has said so.
var errUsage = errors.New("called wrongly")

// streams makes a command of a function over streams.
func streams(fn func(context.Context, []string, io.Reader, io.Writer, io.Writer) int) func(context.Context, []string, console) int {
	return func(ctx context.Context, args []string, c console) int {
		return fn(ctx, args, c.stdin, c.stdout, c.stderr)
	}
}
