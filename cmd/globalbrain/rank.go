package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
)

// openScorer gives the rank command its model; tests pass their own. The
// function it returns frees the model.
type openScorer func(*modelFlags) (ranking.Scorer, func(), error)

// runRank ranks ideas from JSON Lines: see "globalbrain rank -h".
func runRank(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return rankWith(ctx, args, stdin, stdout, stderr, openModel)
}

const rankUsage = `globalbrain rank -ideas F -reviews F [-votes F] [-out F]
globalbrain rank -snapshot F [-out F]

Ranks ideas within each call by fusing the model's score, the reviews and the
votes. Files hold one JSON object a line; "-" is standard input or output.

  ideas    {"id","call","title","problem","solution","team","goal":{"amount","currency"},"language"?}
  reviews  {"idea","reviewer","scores":{"impact","feasibility","auditability"},"confidence"?}
           scores and confidence go from 1 to 5; a reviewer's later line on the
           same idea replaces the earlier one
  votes    {"idea","yes","no"} with counts, or {"idea","voter","value"?} with 1 or -1
  out      {"id","call","rank","score","deviation","parts":{"model","experts","crowd"},"weights"}
           in rating points; the score is the sum of each part times its weight,
           "base" being the call's average, which stands in where the model abstains

A line that cannot be used is answered by {"file","line","error"}, with its "id"
where it has one; the rest is ranked and the exit status is 1.

`

type rankOptions struct {
	modelFlags
	ideas, reviews, votes, scores, snapshot, out string
}

func rankWith(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, open openScorer) int {
	var o rankOptions
	flags := flag.NewFlagSet("rank", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.ideas, "ideas", "", "the ideas")
	flags.StringVar(&o.reviews, "reviews", "", "the reviews")
	flags.StringVar(&o.votes, "votes", "", "the votes, if any")
	flags.StringVar(&o.scores, "scores", "", "what \"globalbrain score\" wrote for the ideas; without it the model reads them now")
	flags.StringVar(&o.snapshot, "snapshot", "", "a ranking's stored inputs, to rebuild its order")
	flags.StringVar(&o.out, "out", "-", "where the ranks go")
	o.define(flags, os.Getenv)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, rankUsage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if complaint := o.check(flags.Args()); complaint != "" {
		_, _ = fmt.Fprintf(stderr, "globalbrain rank: %s; \"globalbrain rank -h\" explains\n", complaint)
		return 2
	}
	bad, err := o.rank(ctx, stdin, stdout, open)
	switch {
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "globalbrain rank:", err)
		return 1
	case bad > 0:
		_, _ = fmt.Fprintf(stderr, "globalbrain rank: %d lines could not be used\n", bad)
		return 1
	}
	return 0
}

func (o *rankOptions) check(rest []string) string {
	if len(rest) > 0 {
		return fmt.Sprintf("unexpected %q", rest[0])
	}
	if o.snapshot != "" {
		if o.ideas+o.reviews+o.votes+o.scores != "" {
			return "-snapshot carries its own ideas, reviews and votes"
		}
		return ""
	}
	if o.ideas == "" || o.reviews == "" {
		return "-ideas and -reviews are needed"
	}
	pipes := 0
	for _, name := range []string{o.ideas, o.reviews, o.votes, o.scores} {
		if name == "-" {
			pipes++
		}
	}
	if pipes > 1 {
		return "only one file can be the pipe"
	}
	return ""
}

// rank reads, ranks and writes, and returns how many lines could not be used.
func (o *rankOptions) rank(ctx context.Context, stdin io.Reader, stdout io.Writer, open openScorer) (bad int, err error) {
	if o.snapshot != "" {
		return 0, o.rebuild(stdin, stdout)
	}
	in := rankInput{stdin: stdin}
	if err := in.readAll(o); err != nil {
		return 0, err
	}
	if o.scores == "" {
		if err := in.score(ctx, o, open); err != nil {
			return 0, err
		}
	}
	w, err := create(o.out, stdout)
	if err != nil {
		return 0, err
	}
	err = in.write(w)
	if closed := w.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write %s: %w", o.out, closed)
	}
	return len(in.bad), err
}

// rankLine is one line of the output.
type rankLine struct {
	ID        json.RawMessage `json:"id"`
	Call      json.RawMessage `json:"call"`
	Rank      int             `json:"rank"`
	Score     float64         `json:"score"`
	Deviation float64         `json:"deviation"`
	Parts     rankParts       `json:"parts"`
	Weights   ranking.Shares  `json:"weights"`
}

// rankParts are what each part says, in rating points; null where it says nothing.
type rankParts struct {
	Model   *float64 `json:"model"`
	Experts *float64 `json:"experts"`
	Crowd   *float64 `json:"crowd"`
	Base    float64  `json:"base"`
}

func lineOf(r ranking.Receipt, id, call json.RawMessage) rankLine {
	said := func(s ranking.Signal) *float64 {
		if !s.Known {
			return nil
		}
		return &s.Mean
	}
	return rankLine{
		ID: id, Call: call, Rank: r.Rank, Score: r.Posterior.Mean, Deviation: r.Posterior.Deviation,
		Parts:   rankParts{said(r.Signals.Model), said(r.Signals.Experts), said(r.Signals.Crowd), r.Signals.Base.Mean},
		Weights: r.Posterior.Shares,
	}
}

// write ranks call by call, in the order in which calls first appear, and ends
// with the lines that could not be used.
func (in *rankInput) write(w io.Writer) error {
	buffer := bufio.NewWriter(w)
	out := json.NewEncoder(buffer)
	out.SetEscapeHTML(false)
	panel := ranking.Panel(in.entries, review.DefaultVariances)
	for _, call := range in.calls {
		members := in.byCall[call]
		receipts := ranking.Order(ranking.Inputs{Call: call, Weights: ranking.DefaultWeights, Entries: in.entriesOf(members)}, panel)
		for _, r := range receipts {
			at := in.byID[r.ID]
			if err := out.Encode(lineOf(r, in.ideas[at].ID.raw, in.ideas[at].Call.raw)); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(in.bad, func(a, b badLine) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	for _, b := range in.bad {
		if err := out.Encode(b); err != nil {
			return err
		}
	}
	return buffer.Flush()
}

// rebuild ranks again what a snapshot stored.
func (o *rankOptions) rebuild(stdin io.Reader, stdout io.Writer) error {
	r, err := openInput(o.snapshot, stdin)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	var snapshot struct {
		Inputs *ranking.Inputs `json:"inputs"`
	}
	if err := json.NewDecoder(r).Decode(&snapshot); err != nil || snapshot.Inputs == nil {
		return errors.Join(fmt.Errorf("%s is not a ranking's JSON", o.snapshot), err)
	}
	w, err := create(o.out, stdout)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	call, err := json.Marshal(snapshot.Inputs.Call)
	for _, receipt := range ranking.Build(*snapshot.Inputs) {
		id, bad := json.Marshal(receipt.ID)
		err = errors.Join(err, bad, out.Encode(lineOf(receipt, id, call)))
	}
	return errors.Join(err, w.Close())
}
