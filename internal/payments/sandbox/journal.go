package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// The journal is a file of JSON lines, each with the objects that changed
// together. A line counts once it is complete; an answer leaves the provider
// only after its line is on disk.
type journal struct {
	mu      sync.Mutex // guards file and written
	file    *os.File
	written int64 // how many lines

	syncing sync.Mutex // one fsync at a time; those who wait share the next one
	synced  int64
}

type record struct {
	Kind   string          `json:"kind"`
	Object json.RawMessage `json:"object"`
}

func kindOf(object any) string {
	switch object.(type) {
	case *setup:
		return "setup"
	case *method:
		return "method"
	case *charge:
		return "charge"
	case *refund:
		return "refund"
	case *reply:
		return "reply"
	default:
		return "event"
	}
}

func blank(kind string) (any, error) {
	switch kind {
	case "setup":
		return &setup{}, nil
	case "method":
		return &method{}, nil
	case "charge":
		return &charge{}, nil
	case "refund":
		return &refund{}, nil
	case "reply":
		return &reply{}, nil
	case "event":
		return &event{}, nil
	}
	return nil, fmt.Errorf("unknown kind %q", kind)
}

// openJournal reads the journal in dir into m and writes it anew, without what
// has been overtaken. A torn last line, which nobody was told about, is dropped.
func openJournal(dir string, m *memory) (*journal, error) {
	path := filepath.Join(dir, "journal.jsonl")
	if err := replay(path, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	fresh := path + ".new"
	file, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // G304: the operator's own folder
	if err != nil {
		return nil, fmt.Errorf("write the journal: %w", err)
	}
	j := &journal{file: file}
	at, err := j.write(m.all()...)
	if err == nil {
		err = j.flush(at)
	}
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the journal: %w", err), file.Close())
	}
	return j, nil
}

func replay(path string, m *memory) error {
	file, err := os.Open(path) //nolint:gosec // G304: the operator's own folder
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	for r := bufio.NewReader(file); ; {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var records []record
		if err := json.Unmarshal(text, &records); err != nil {
			return err
		}
		for _, r := range records {
			object, err := blank(r.Kind)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(r.Object, object); err != nil {
				return err
			}
			m.put(object)
		}
	}
}

// write appends objects as one line and returns the position to flush.
func (j *journal) write(objects ...any) (int64, error) {
	records := make([]record, len(objects))
	for i, o := range objects {
		raw, err := json.Marshal(o)
		if err != nil {
			return 0, err
		}
		records[i] = record{Kind: kindOf(o), Object: raw}
	}
	text, err := json.Marshal(records)
	if err != nil {
		return 0, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(text, '\n')); err != nil {
		return 0, err
	}
	j.written++
	return j.written, nil
}

// end is the position after everything written so far.
func (j *journal) end() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.written
}

// flush returns when everything up to the position is on disk.
func (j *journal) flush(position int64) error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= position {
		return nil
	}
	covered := j.end()
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.synced = covered
	return nil
}

func (j *journal) close() error { return errors.Join(j.file.Sync(), j.file.Close()) }
