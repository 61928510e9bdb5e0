package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"globalbrain/internal/config"
	"globalbrain/internal/database"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
)

const modelUsage = `globalbrain model ACT [NAME] [flags]

  list                     the models in the models folder, with what was measured
                           of them, and who uses them if a database is named
  verify [NAME | PATH]     check a model, or all of them: sums, the graph by running
                           it, and what it must give for its golden texts
  install PATH             check a model folder and copy it into the models folder;
                           a Hugging Face BERT folder is made into one first
  promote NAME -reason R   let a model answer for one tenant (-tenant SLUG), or for
                           every tenant that chose none
  rollback -reason R       take the last promotion back, likewise

promote and rollback take -owner-url (or GLOBALBRAIN_OWNER_URL); list shows who
uses what where it is set. install takes -languages, -name, -version, -success and
-tokens for a Hugging Face folder, which does not say all of these itself. Running processes notice a promotion within five
seconds. All ideas are scored anew in the background, and pages and rankings
change over when the last one is done. -json writes one JSON object a line.

`

// modelInput is what one act is called with.
type modelInput struct {
	config.Config
	program string // its path
	name    string // the one argument; "" without one
	tenant  string
	reason  string
	json    bool
	adopt   adoptFlags
	console
}

// modelAct is one line of the table of acts.
type modelAct struct {
	name  string
	takes argument
	run   func(context.Context, *modelInput) error
}

// argument says whether an act takes a name.
type argument uint8

const (
	noArgument argument = iota
	oneArgument
	optionalArgument
)

func modelActs() []modelAct {
	return []modelAct{
		{"list", noArgument, listModels},
		{"verify", optionalArgument, verifyModels},
		{"install", oneArgument, installModel},
		{"promote", oneArgument, promoteModel},
		{"rollback", noArgument, rollBackModel},
	}
}

// runModel looks after the models of the models folder.
func runModel(ctx context.Context, args []string, c console) error {
	usage := func(complaint string, values ...any) error {
		_, _ = fmt.Fprintf(c.stderr, complaint+modelUsage, values...)
		return errUsage
	}
	if len(args) == 0 {
		return usage("")
	}
	if args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		_, _ = io.WriteString(c.stdout, modelUsage)
		return nil
	}
	for _, act := range modelActs() {
		if act.name != args[0] {
			continue
		}
		in, err := readModelInput(args[1:], c)
		switch {
		case errors.Is(err, flag.ErrHelp):
			_ = usage("") // which was asked for
			return err
		case err != nil:
			return err
		case in.name == "" && act.takes == oneArgument:
			return usage("globalbrain model %s: name the model\n\n", act.name)
		case in.name != "" && act.takes == noArgument:
			return usage("globalbrain model %s: unexpected %q\n\n", act.name, in.name)
		}
		return act.run(ctx, in)
	}
	return usage("globalbrain model: there is no act %q\n\n", args[0])
}

// readModelInput reads the flags of an act, before or after its one argument,
// and finds the models folder.
func readModelInput(args []string, c console) (*modelInput, error) {
	in := &modelInput{console: c}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		in.name, args = args[0], args[1:]
	}
	cfg, rest, err := config.Load("model", args, c.env, c.stderr, func(f *flag.FlagSet) {
		f.StringVar(&in.tenant, "tenant", "", "the part of a tenant's address; empty: every tenant that chose no model")
		f.StringVar(&in.reason, "reason", "", "why, for the history that admins see")
		f.BoolVar(&in.json, "json", false, "write one JSON object a line")
		in.adopt.define(f)
	})
	if errors.Is(err, flag.ErrHelp) {
		return nil, err
	}
	if err != nil {
		return nil, errUsage // the flag package has said what is wrong
	}
	if in.name == "" && len(rest) > 0 {
		in.name, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		_, _ = fmt.Fprintf(c.stderr, "globalbrain model: unexpected %q: an act takes one model\n", rest[0])
		return nil, errUsage
	}
	in.Config = cfg
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's folder: %w", err)
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	if in.Models, err = scoring.FindModels(cfg.Models, program); err != nil {
		return nil, err
	}
	in.program = program
	return in, nil
}

// library finds ONNX Runtime, which not every act needs.
func (in *modelInput) library() (string, error) {
	cache, _ := os.UserCacheDir() // without a home there is no cache to look into
	return scoring.FindRuntime(in.Runtime, in.program, cache)
}

// openStore opens the database as its owner, who may act for every tenant.
func (in *modelInput) openStore(ctx context.Context) (store *postgres.Store, done func(), err error) {
	if in.OwnerURL == "" {
		return nil, nil, missing("owner-url")
	}
	db, err := database.Open(ctx, in.OwnerURL, database.Options{MaxConns: 2})
	if err != nil {
		return nil, nil, err
	}
	if store, err = postgres.NewStore(db); err == nil {
		err = checkSchema(ctx, store)
	}
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	return store, db.Close, nil
}

// print writes an answer: as a JSON line if that was asked for, else in words.
func (in *modelInput) print(line any, words string, args ...any) error {
	if in.json {
		return json.NewEncoder(in.stdout).Encode(line)
	}
	_, err := fmt.Fprintf(in.stdout, words+"\n", args...)
	return err
}
