package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// maxLine is the most bytes of one line that are read, its end not counted: room
// for texts of a megabyte in each field.
const maxLine = 4 << 20

// errLongLine is what a longer line is answered with.
var errLongLine = errors.New("the line is longer than 4 MiB")

// jsonLines reads a stream line by line in bounded memory.
type jsonLines struct {
	from   *bufio.Reader
	limit  int
	number int // of the line that next returned last, from 1
}

func newJSONLines(r io.Reader) *jsonLines {
	return &jsonLines{from: bufio.NewReaderSize(r, 1<<16), limit: maxLine}
}

// next returns the next line that is not blank, without white space around it;
// the caller may keep it. A line beyond the limit comes as its beginning with
// errLongLine, and the stream goes on. At the end the error is io.EOF.
func (j *jsonLines) next() ([]byte, error) {
	for {
		line, err := j.line()
		if err == nil || errors.Is(err, errLongLine) {
			if line = bytes.TrimSpace(line); len(line) > 0 || err != nil {
				return line, err
			}
			continue
		}
		return nil, err
	}
}

// line returns the next line, blank or not.
func (j *jsonLines) line() (line []byte, err error) {
	j.number++
	long := false
	for {
		part, err := j.from.ReadSlice('\n')
		if j.number == 1 && len(line) == 0 {
			part = bytes.TrimPrefix(part, []byte("\ufeff"))
		}
		ended := err == nil
		if ended {
			part = part[:len(part)-1]
		}
		if room := j.limit - len(line); len(part) > room {
			part, long = part[:room], true
		}
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return line, errLongLine
		}
		return line, nil
	}
}

// waiting reports whether more of the stream is at hand without waiting for who
// writes it.
func (j *jsonLines) waiting() bool { return j.from.Buffered() > 0 }

// idOfBroken finds the "id" of an object that cannot be read as a whole, if it
// comes before what is broken: null otherwise.
func idOfBroken(line []byte) json.RawMessage {
	words := json.NewDecoder(bytes.NewReader(line))
	if open, err := words.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for words.More() {
		key, err := words.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if err := words.Decode(&value); err != nil {
			return nil
		}
		if key == "id" && isID(value) {
			return value
		}
	}
	return nil
}

// isID tells a string that is not empty and a number from all else.
func isID(raw json.RawMessage) bool {
	return len(raw) > 0 && string(raw) != `""` && (raw[0] == '"' || raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}
