package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"globalbrain/internal/scoring"
)

// Ideas go through in windows: enough to sort by length into full batches, few
// enough to hold in memory and to answer soon.
const (
	windowIdeas = 256
	windowBytes = maxLine
)

// scoreTally counts lines.
type scoreTally struct{ answered, bad int }

// scoreStream reads ideas, scores them and writes the scores in their order, in
// memory that does not grow with the stream: while the model reads one window,
// the next is made ready and the one after it is parsed.
type scoreStream struct {
	scorer    *scoring.Scorer
	launcher  *scoring.Launcher // nil: there is no launch model
	embedding bool
	progress  io.Writer // nil: nobody watches
	tally     *scoreTally
	shown     time.Time
	began     time.Time
}

// scoreTask is one line: an idea, or what is wrong with it.
type scoreTask struct {
	id   json.RawMessage
	line int
	text scoring.Text
	bad  error

	campaign *scoring.Campaign // nil: the idea has no launch
}

type scoreWindow struct {
	tasks    []scoreTask
	prepared []*scoring.Prepared // of the tasks that are not bad, in order
	err      error               // why this is the last window, if the stream broke
}

func (s *scoreStream) run(ctx context.Context, in io.Reader, out io.Writer) error {
	s.began = time.Now()
	interrupted := ctx
	group, ctx := errgroup.WithContext(ctx)
	read, ready := make(chan scoreWindow), make(chan scoreWindow)
	// Nobody waits for the reader: at a pipe it may be blocked when the program
	// is interrupted, and ends with the process.
	go readWindows(ctx, in, read)
	group.Go(func() error {
		defer close(ready)
		return s.prepare(ctx, read, ready)
	})
	group.Go(func() error { return s.write(ctx, ready, out) })
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(interrupted)
}

// readWindows parses the stream and closes the channel at its end.
func readWindows(ctx context.Context, in io.Reader, to chan<- scoreWindow) {
	defer close(to)
	lines := newJSONLines(in)
	for ended := false; !ended; {
		var w scoreWindow
		w, ended = readWindow(lines)
		if len(w.tasks) == 0 && w.err == nil {
			return
		}
		select {
		case to <- w:
		case <-ctx.Done():
			return
		}
	}
}

// readWindow takes what is at hand, and waits for one line at least.
func readWindow(lines *jsonLines) (w scoreWindow, ended bool) {
	for size := 0; len(w.tasks) < windowIdeas && size < windowBytes && (len(w.tasks) == 0 || lines.waiting()); {
		line, err := lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return w, true
		case err != nil && !errors.Is(err, errLongLine):
			w.err = fmt.Errorf("read the ideas: %w", err)
			return w, true
		}
		w.tasks = append(w.tasks, parseTask(line, lines.number, err))
		size += len(line)
	}
	return w, false
}

// parseTask reads one line; bad is what the reader already holds against it.
func parseTask(line []byte, number int, bad error) scoreTask {
	var idea struct {
		ID       token  `json:"id"`
		Title    string `json:"title"`
		Problem  string `json:"problem"`
		Solution string `json:"solution"`
		Team     string `json:"team"`
		Language string `json:"language"`
		launchKeys
	}
	t := scoreTask{line: number, bad: bad}
	if t.bad == nil {
		t.bad = decode(line, &idea)
	}
	if t.bad == nil && !isID(idea.ID.raw) {
		t.bad = errors.New("id is missing")
	}
	t.text = scoring.Text{Title: idea.Title, Problem: idea.Problem, Solution: idea.Solution, Team: idea.Team, Language: idea.Language}
	if t.bad == nil {
		t.campaign, t.bad = idea.campaign(&t.text, line)
	}
	if t.bad == nil {
		t.id = idea.ID.raw
		return t
	}
	if t.id = idOfBroken(line); t.id == nil {
		t.id = json.RawMessage(strconv.Itoa(number))
	}
	return t
}

// prepare makes the ideas of each window ready for the model.
func (s *scoreStream) prepare(ctx context.Context, from <-chan scoreWindow, to chan<- scoreWindow) error {
	for {
		w, more, err := receive(ctx, from)
		if err != nil || !more {
			return err
		}
		var texts []scoring.Text
		for _, t := range w.tasks {
			if t.bad == nil {
				texts = append(texts, t.text)
			}
		}
		if w.prepared, err = s.scorer.Prepare(ctx, texts); err != nil {
			return err
		}
		select {
		case to <- w:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func receive(ctx context.Context, from <-chan scoreWindow) (w scoreWindow, more bool, err error) {
	select {
	case w, more = <-from:
		return w, more, nil
	case <-ctx.Done():
		return w, false, context.Cause(ctx)
	}
}

// write lets the model read each window and writes its lines.
func (s *scoreStream) write(ctx context.Context, from <-chan scoreWindow, out io.Writer) error {
	buffer := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	for w := range from {
		scores, err := s.scorer.ScorePrepared(ctx, w.prepared)
		if err != nil {
			return err
		}
		for _, t := range w.tasks {
			var line scoreLine
			if t.bad == nil {
				line = s.lineOf(t.id, scores[0])
				scores = scores[1:]
				if t.campaign != nil {
					t.bad = s.estimate(&line, t.campaign)
				}
			}
			var answer any = line
			if t.bad != nil {
				s.tally.bad++
				answer = errorLine{t.id, t.line, t.bad.Error()}
			}
			if err := encoder.Encode(answer); err != nil {
				return fmt.Errorf("write the scores: %w", err)
			}
		}
		if err := buffer.Flush(); err != nil {
			return fmt.Errorf("write the scores: %w", err)
		}
		s.tally.answered += len(w.tasks)
		s.show(false)
		if w.err != nil {
			return w.err
		}
	}
	s.show(true)
	return nil
}

// show tells who watches how far it is, a few times a second.
func (s *scoreStream) show(last bool) {
	if s.progress == nil || !last && time.Since(s.shown) < 300*time.Millisecond {
		return
	}
	s.shown = time.Now()
	end := ""
	if last {
		end = "\n"
	}
	_, _ = fmt.Fprintf(s.progress, "\r%d ideas, %.0f a second%s", s.tally.answered, float64(s.tally.answered)/time.Since(s.began).Seconds(), end)
}

type errorLine struct {
	ID    json.RawMessage `json:"id"`
	Line  int             `json:"line"`
	Error string          `json:"error"`
}

type scoreLine struct {
	ID        json.RawMessage   `json:"id"`
	Model     string            `json:"model"`
	Language  string            `json:"language"`
	Success   *scoring.Chance   `json:"success"`
	Criteria  *scoring.Criteria `json:"criteria"`
	Abstained bool              `json:"abstained"`
	Reason    string            `json:"reason"`
	Launch    *scoring.Launch   `json:"launch,omitempty"`
	Embedding []float32         `json:"embedding,omitempty"`

	Uncalibrated bool `json:"uncalibrated,omitempty"`
}

func (s *scoreStream) lineOf(id json.RawMessage, score scoring.Score) scoreLine {
	line := scoreLine{ID: id, Model: score.Model, Language: score.Language, Abstained: score.Abstained, Reason: score.Reason}
	if s.embedding {
		line.Embedding = score.Embedding
	}
	if score.Abstained {
		return line
	}
	success := score.Success
	for _, x := range []*float64{&success.Probability, &success.Low, &success.High} {
		*x = sixDigits(*x)
	}
	line.Success, line.Uncalibrated = &success, score.Uncalibrated
	if score.Criteria != nil {
		criteria := *score.Criteria
		for _, r := range []*scoring.Rating{&criteria.Impact, &criteria.Feasibility, &criteria.Auditability} {
			r.Mean, r.Low, r.High = sixDigits(r.Mean), sixDigits(r.Low), sixDigits(r.High)
		}
		line.Criteria = &criteria
	}
	return line
}

// sixDigits drops what int8 cannot know anyway.
func sixDigits(x float64) float64 { return math.Round(x*1e6) / 1e6 }
