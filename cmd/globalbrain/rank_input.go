package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"

	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
)

// rankInput is everything that the rank command has read.
type rankInput struct {
	stdin   io.Reader
	ideas   []rankIdea
	entries []ranking.Entry // beside ideas
	byID    map[string]int
	calls   []string
	byCall  map[string][]int
	bad     []badLine
}

type badLine struct {
	ID    json.RawMessage `json:"id,omitempty"`
	File  string          `json:"file"`
	Line  int             `json:"line"`
	Error string          `json:"error"`
}

// token is an identifier: a JSON string or number, kept as it was written.
type token struct {
	raw  json.RawMessage
	text string
}

func (t *token) UnmarshalJSON(raw []byte) error {
	t.raw = bytes.Clone(raw)
	switch {
	case len(raw) > 0 && raw[0] == '"':
		return json.Unmarshal(raw, &t.text)
	case string(raw) == "null":
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return errors.New("an identifier is a string or a number")
	}
	t.text = n.String()
	return nil
}

type rankIdea struct {
	ID       token  `json:"id"`
	Call     token  `json:"call"`
	Title    string `json:"title"`
	Problem  string `json:"problem"`
	Solution string `json:"solution"`
	Team     string `json:"team"`
	Language string `json:"language"`
	Goal     *struct {
		Amount   amount `json:"amount"`
		Currency string `json:"currency"`
	} `json:"goal"`
}

// amount is a number, or a number written as a string.
type amount float64

func (a *amount) UnmarshalJSON(raw []byte) error {
	text := string(bytes.Trim(raw, `"`))
	if text == "null" || text == "" {
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return errors.New("goal.amount must be a number that is not negative")
	}
	*a = amount(n)
	return nil
}

func (in *rankInput) readAll(o *rankOptions) error {
	in.byID, in.byCall = map[string]int{}, map[string][]int{}
	if err := in.lines("ideas", o.ideas, in.readIdea); err != nil {
		return err
	}
	in.forgetMixedGoals()
	seen := map[[2]string]int{}
	if err := in.lines("reviews", o.reviews, func(line []byte) error { return in.readReview(line, seen) }); err != nil {
		return err
	}
	if o.votes != "" {
		if err := in.lines("votes", o.votes, in.readVote); err != nil {
			return err
		}
	}
	if o.scores != "" {
		return in.lines("scores", o.scores, in.readScore)
	}
	return nil
}

// lines gives each line that is not empty to use, and notes what it complains of.
func (in *rankInput) lines(file, path string, use func([]byte) error) error {
	r, err := openInput(path, in.stdin)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	stream := newJSONLines(r)
	for {
		line, err := stream.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil:
			err = use(line)
		case !errors.Is(err, errLongLine):
			return fmt.Errorf("read %s: %w", path, err)
		}
		if err != nil {
			in.bad = append(in.bad, badLine{ID: idOf(line), File: file, Line: stream.number, Error: err.Error()})
		}
	}
}

// idOf finds the identifier of a line that could not be used, if it has one.
func idOf(line []byte) json.RawMessage {
	var named struct{ ID, Idea token }
	if json.Unmarshal(line, &named) != nil {
		return idOfBroken(line)
	}
	if named.ID.text != "" {
		return named.ID.raw
	}
	if named.Idea.text != "" {
		return named.Idea.raw
	}
	return nil
}

func (in *rankInput) readIdea(line []byte) error {
	var i rankIdea
	if err := decode(line, &i); err != nil {
		return err
	}
	if i.ID.text == "" {
		return errors.New("id is missing")
	}
	if _, twice := in.byID[i.ID.text]; twice {
		return errors.New("an earlier idea has this id")
	}
	if i.Call.raw == nil {
		i.Call.raw = json.RawMessage("null")
	}
	e := ranking.Entry{ID: i.ID.text}
	if i.Goal != nil {
		e.Goal = float64(i.Goal.Amount)
	}
	at := len(in.ideas)
	in.byID[e.ID] = at
	in.ideas, in.entries = append(in.ideas, i), append(in.entries, e)
	if _, known := in.byCall[i.Call.text]; !known {
		in.calls = append(in.calls, i.Call.text)
	}
	in.byCall[i.Call.text] = append(in.byCall[i.Call.text], at)
	return nil
}

// forgetMixedGoals drops the goals of a call that asks in several currencies:
// they cannot be compared without a rate.
func (in *rankInput) forgetMixedGoals() {
	for _, members := range in.byCall {
		currencies := map[string]bool{}
		for _, at := range members {
			if g := in.ideas[at].Goal; g != nil && g.Amount > 0 {
				currencies[g.Currency] = true
			}
		}
		if len(currencies) > 1 {
			for _, at := range members {
				in.entries[at].Goal = 0
			}
		}
	}
}

func (in *rankInput) readReview(line []byte, seen map[[2]string]int) error {
	var r struct {
		Idea       token               `json:"idea"`
		Reviewer   token               `json:"reviewer"`
		Scores     map[string]*float64 `json:"scores"`
		Confidence *float64            `json:"confidence"`
	}
	if err := decode(line, &r); err != nil {
		return err
	}
	at, known := in.byID[r.Idea.text]
	switch {
	case r.Idea.text == "":
		return errors.New("idea is missing")
	case !known:
		return errors.New("no idea has this id")
	case r.Reviewer.text == "":
		return errors.New("reviewer is missing")
	}
	sum := 0.0
	for _, c := range review.Rubric {
		score := r.Scores[string(c)]
		if score == nil {
			return fmt.Errorf("scores.%s is missing", c)
		}
		if !(*score >= review.Lowest && *score <= review.Highest) {
			return fmt.Errorf("scores.%s must be from %d to %d", c, review.Lowest, review.Highest)
		}
		sum += *score
	}
	rating := ranking.Rating{Reviewer: r.Reviewer.text, Points: sum / float64(len(review.Rubric))}
	if r.Confidence != nil {
		if !(*r.Confidence >= review.Lowest && *r.Confidence <= review.Highest) {
			return fmt.Errorf("confidence must be from %d to %d", review.Lowest, review.Highest)
		}
		rating.Confidence = *r.Confidence
	}
	e := &in.entries[at]
	key := [2]string{r.Idea.text, r.Reviewer.text}
	if earlier, twice := seen[key]; twice {
		e.Ratings[earlier] = rating
		return nil
	}
	seen[key] = len(e.Ratings)
	e.Ratings = append(e.Ratings, rating)
	return nil
}

func (in *rankInput) readVote(line []byte) error {
	var v struct {
		Idea  token    `json:"idea"`
		Yes   *float64 `json:"yes"`
		No    *float64 `json:"no"`
		Voter token    `json:"voter"`
		Value *float64 `json:"value"`
	}
	if err := decode(line, &v); err != nil {
		return err
	}
	at, known := in.byID[v.Idea.text]
	if !known {
		return errors.New("no idea has this id")
	}
	e := &in.entries[at]
	switch {
	case v.Yes != nil || v.No != nil:
		yes, no := count(v.Yes), count(v.No)
		if !(yes >= 0 && no >= 0 && yes+no <= mostVotes) {
			return errors.New("yes and no must be counts")
		}
		e.Support, e.Against = e.Support+yes, e.Against+no
	case v.Voter.text == "":
		return errors.New("a vote needs yes and no, or voter")
	case v.Value == nil || *v.Value == 1:
		e.Support++
	case *v.Value == -1:
		e.Against++
	default:
		return errors.New("value must be 1 or -1")
	}
	return nil
}

// mostVotes is far above any vote by people or by coins.
const mostVotes = 1e18

func count(n *float64) float64 {
	if n == nil {
		return 0
	}
	return *n
}

// readScore takes a line of "globalbrain score".
func (in *rankInput) readScore(line []byte) error {
	var s struct {
		ID        token  `json:"id"`
		Error     string `json:"error"`
		Abstained bool   `json:"abstained"`
		Reason    string `json:"reason"`
		Criteria  map[string]*struct {
			Mean float64 `json:"mean"`
		} `json:"criteria"`
	}
	if err := decode(line, &s); err != nil {
		return err
	}
	at, known := in.byID[s.ID.text]
	switch {
	case !known:
		return errors.New("no idea has this id")
	case s.Error != "":
		return errors.New("the model could not read this idea: " + s.Error)
	case s.Abstained:
		in.entries[at].Reason = s.Reason
		return nil
	}
	sum := 0.0
	for _, c := range review.Rubric {
		part := s.Criteria[string(c)]
		if part == nil {
			return fmt.Errorf("criteria.%s is missing", c)
		}
		sum += part.Mean
	}
	in.entries[at].Opinion = &ranking.Points{Mean: sum / float64(len(review.Rubric))}
	return nil
}

// score lets the model read every idea.
func (in *rankInput) score(ctx context.Context, o *rankOptions, open openScorer) error {
	if len(in.ideas) == 0 {
		return nil
	}
	scorer, free, err := open(&o.modelFlags)
	if err != nil {
		return err
	}
	defer free()
	texts := make([]ranking.Text, len(in.ideas))
	for i, idea := range in.ideas {
		texts[i] = ranking.Text{ID: idea.ID.text, Title: idea.Title, Problem: idea.Problem, Solution: idea.Solution, Team: idea.Team, Language: idea.Language}
		if idea.Goal != nil {
			texts[i].Goal, texts[i].Currency = float64(idea.Goal.Amount), idea.Goal.Currency
		}
	}
	opinions, err := scorer.Score(ctx, texts)
	if err != nil {
		return fmt.Errorf("score the ideas: %w", err)
	}
	for i, opinion := range opinions {
		if opinion.Abstained {
			in.entries[i].Reason = opinion.Reason
			continue
		}
		in.entries[i].Opinion = &ranking.Points{Mean: opinion.Points}
	}
	return nil
}

func (in *rankInput) entriesOf(members []int) []ranking.Entry {
	list := make([]ranking.Entry, len(members))
	for i, at := range members {
		list[i] = in.entries[at]
	}
	return list
}

// decode reads one JSON object and says in plain words what is wrong with it.
func decode(line []byte, to any) error {
	err := json.Unmarshal(line, to)
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if kind.Field == "" {
			return errors.New("the line is not a JSON object")
		}
		return fmt.Errorf("%s must not be a %s", kind.Field, kind.Value)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("the line is not JSON: %w", err)
	}
	return err
}

// openInput opens a file, or the pipe for "-".
func openInput(path string, stdin io.Reader) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(stdin), nil
	}
	return os.Open(path) //nolint:gosec // G304: the person at the command line names the file
}

// create makes a file, or returns the pipe for "-", which is not closed.
func create(path string, stdout io.Writer) (io.WriteCloser, error) {
	if path == "-" {
		return kept{stdout}, nil
	}
	return os.Create(path) //nolint:gosec // G304: the person at the command line names the file
}

type kept struct{ io.Writer }

func (kept) Close() error { return nil }
