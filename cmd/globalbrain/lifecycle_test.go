package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPartsStopInReverseOrderEvenWhenOneFails(t *testing.T) {
	t.Parallel()
	l := &lifecycle{log: slog.New(slog.DiscardHandler), each: time.Second}
	var order []string
	for _, name := range []string{"pool", "model", "jobs", "http"} {
		l.started(name, func(ctx context.Context) error {
			order = append(order, name)
			if ctx.Err() != nil {
				t.Errorf("%s was given a context that is over", name)
			}
			if name == "jobs" {
				return errors.New("stuck")
			}
			return nil
		})
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	err := l.stop(over)
	if want := []string{"http", "jobs", "model", "pool"}; !slices.Equal(order, want) {
		t.Errorf("order = %v, want %v", order, want)
	}
	if err == nil || !strings.Contains(err.Error(), "stop jobs: stuck") {
		t.Errorf("err = %v", err)
	}
}

func TestATakenPortIsAnErrorThatNamesTheFlagUnlessAnotherWillDo(t *testing.T) {
	t.Parallel()
	first, err := listen(t.Context(), "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	taken := first.Addr().String()
	if _, err := listen(t.Context(), taken, false); err == nil || !strings.Contains(err.Error(), "-addr") {
		t.Errorf("err = %v", err)
	}
	second, err := listen(t.Context(), taken, true)
	if err != nil {
		t.Fatal(err)
	}
	_ = second.Close()
}

func TestAnUnknownCommandIsAnErrorThatSaysWhereToLook(t *testing.T) {
	t.Parallel()
	var out, complaint strings.Builder
	code := run(t.Context(), []string{"dance"}, console{func(string) string { return "" }, strings.NewReader(""), &out, &complaint})
	if code != 2 || !strings.Contains(complaint.String(), "globalbrain help") {
		t.Errorf("code %d, said %q", code, complaint.String())
	}
}
