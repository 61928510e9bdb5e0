package main

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// readLines returns what the reader makes of a stream: lines, "!" before those
// that are too long.
func readLines(t testing.TB, stream string, limit int) (lines []string, last int) {
	t.Helper()
	reader := newJSONLines(strings.NewReader(stream))
	reader.limit = limit
	for {
		line, err := reader.next()
		switch {
		case errors.Is(err, io.EOF):
			return lines, last
		case errors.Is(err, errLongLine):
			lines = append(lines, "!"+string(line))
		case err != nil:
			t.Fatal(err)
		default:
			lines = append(lines, string(line))
		}
		last = reader.number
	}
}

func TestJSONLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, stream string
		want         []string
		last         int
	}{
		{"an empty stream", "", nil, 0},
		{"no line end at the end", "{}\n[]", []string{"{}", "[]"}, 2},
		{"blank lines are counted and not returned", "\n{}\r\n \t\n[]\n\n", []string{"{}", "[]"}, 4},
		{"a byte order mark", "\ufeff{}\n", []string{"{}"}, 1},
		{"a line that is too long, then another", strings.Repeat("x", 31) + "\n{}", []string{"!" + strings.Repeat("x", 30), "{}"}, 2},
		{"a line of just the limit", strings.Repeat("x", 30) + "\n", []string{strings.Repeat("x", 30)}, 1},
		{"a long line of spaces", strings.Repeat(" ", 31) + "\n{}", []string{"!", "{}"}, 2},
	} {
		if got, last := readLines(t, c.stream, 30); !slices.Equal(got, c.want) || last != c.last {
			t.Errorf("%s: got %q, the last on line %d; want %q and %d", c.name, got, last, c.want, c.last)
		}
	}
}

func TestIDOfALineThatIsBroken(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`{"id":"a","title":`:            `"a"`,
		`{"title":"x","id":7,"team":[1`: `7`,
		`{"id":true,"title":1}`:         ``,
		`{"id":""}`:                     ``,
		`{"title":"x"`:                  ``,
		`{"goal":{"id":"inner"},`:       ``,
		`["id","a"]`:                    ``,
		`"id"`:                          ``,
		``:                              ``,
		"{\"id\":\"\xff":                ``,
	} {
		if got := string(idOfBroken([]byte(line))); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

// However the stream is made, each line that is not blank comes out once, in
// order and with its number, and nothing makes the reader hold more than its limit.
func FuzzJSONLines(f *testing.F) {
	f.Add("{}\n[]\r\n\n", 10)
	f.Add("\ufeff{\"id\":1}\n"+strings.Repeat("y", 70000)+"\n{}", 100)
	f.Fuzz(func(t *testing.T, stream string, limit int) {
		limit = min(max(limit, 1), 1<<17)
		var want []string
		last := 0
		for i, line := range strings.Split(strings.TrimPrefix(stream, "\ufeff"), "\n") {
			long := len(line) > limit
			line = strings.TrimSpace(line[:min(len(line), limit)])
			switch {
			case long:
				want = append(want, "!"+line)
			case line != "":
				want = append(want, line)
			default:
				continue
			}
			last = i + 1
		}
		got, at := readLines(t, stream, limit)
		if !slices.Equal(got, want) || at != last {
			t.Fatalf("%q, limit %d: got %q, the last on line %d; want %q and %d", stream, limit, got, at, want, last)
		}
		for _, line := range got {
			task := parseTask([]byte(line), 1, nil)
			if (task.bad == nil) == (task.id == nil) && task.id == nil {
				t.Fatalf("%q: %+v", line, task)
			}
		}
	})
}
