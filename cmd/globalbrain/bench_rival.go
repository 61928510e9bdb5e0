package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"globalbrain/internal/scoring"
)

// A rival scores the same ideas in another way, in a process of its own: a
// yardstick of the lab's module "serving" (see its doc comment for the protocol).
type rival struct {
	setting string // what it found to be its fastest
	lines   *bufio.Scanner
	in      io.WriteCloser
	process *exec.Cmd
	said    strings.Builder // on standard error
}

// lab is where the rivals' Python is.
type lab struct{ python, module string }

// start starts a rival and waits until it has found its fastest setting.
func (l lab) start(ctx context.Context, name, model string, threads int, texts []scoring.Text) (*rival, error) {
	if _, err := exec.LookPath(l.python); err != nil {
		return nil, fmt.Errorf("there is no Python at %q; make lab-venv installs the lab's", l.python)
	}
	r := new(rival)
	r.process = exec.CommandContext(ctx, l.python, "-m", "ideaslab.serving", name, "--model", model, "--threads", strconv.Itoa(threads)) //nolint:gosec // G204: the operator names the Python
	r.process.Env = append(os.Environ(), "PYTHONPATH="+l.module, "PYTHONDONTWRITEBYTECODE=1", "OMP_NUM_THREADS="+strconv.Itoa(threads))
	r.process.Stderr = &r.said
	out, err := r.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if r.in, err = r.process.StdinPipe(); err != nil {
		return nil, err
	}
	if err := r.process.Start(); err != nil {
		return nil, err
	}
	r.lines = bufio.NewScanner(out)
	ideas := make([]map[string]string, len(texts))
	for i, t := range texts {
		ideas[i] = map[string]string{"title": t.Title, "problem": t.Problem, "solution": t.Solution, "team": t.Team}
	}
	var ready struct{ Setting string }
	if err := r.ask(ideas, &ready); err != nil {
		return nil, errors.Join(err, r.stop())
	}
	r.setting = ready.Setting
	return r, nil
}

// ask sends one line and reads one. A Python that ends may do so before it has
// read the line or after: either way what it said last is the reason.
func (r *rival) ask(question, answer any) error {
	err := json.NewEncoder(r.in).Encode(question)
	if err == nil && r.lines.Scan() {
		return json.Unmarshal(r.lines.Bytes(), answer)
	}
	_ = r.in.Close() // one that has not ended will, with nothing more to read
	return fmt.Errorf("ask Python, which ended: %w", errors.Join(r.lines.Err(), r.process.Wait(), errors.New(lastLine(r.said.String()))))
}

// round scores all ideas once and returns how many seconds that took.
func (r *rival) round() (seconds float64, err error) {
	var answer struct{ Seconds float64 }
	err = r.ask("round", &answer)
	return answer.Seconds, err
}

func (r *rival) stop() error {
	_ = r.in.Close() // which tells it to end; it may have ended already
	if r.process.ProcessState != nil {
		return nil
	}
	return r.process.Wait()
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
