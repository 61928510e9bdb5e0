package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// startDemo runs the whole demo in this process, on free ports and in a folder
// of its own, and returns its address. It is stopped when the test ends, and
// must stop well.
func startDemo(t *testing.T, dir string) (site string, stop func()) {
	t.Helper()
	// A process runs one ONNX Runtime: the same as the other tests'.
	models, library := filepath.Join("..", "..", "models"), filepath.Join("..", "..", "bin", "lib", "libonnxruntime.so.1")
	ctx, cancel := context.WithCancel(context.Background())
	out, said := io.Pipe()
	var logged lockedBuffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{
			"demo", "-dir", dir, "-addr", "127.0.0.1:0", "-sandbox-addr", "127.0.0.1:0", "-models", models, "-onnxruntime", library,
		}, console{func(string) string { return "" }, strings.NewReader(""), said, &logged})
		_ = said.Close()
	}()
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if address, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				ready <- address
			}
		}
		close(ready)
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case code := <-ended:
				if code != 0 {
					t.Errorf("the demo ended with status %d:\n%s", code, logged.String())
				}
			case <-time.After(time.Minute):
				t.Error("the demo does not stop")
			}
		})
	}
	t.Cleanup(stop)
	select {
	case site, ok := <-ready:
		if !ok {
			t.Fatalf("the demo ended before it was ready:\n%s", logged.String())
		}
		return site, stop
	case <-time.After(3 * time.Minute):
		t.Fatalf("the demo is not ready after three minutes:\n%s", logged.String())
	}
	return "", stop
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
