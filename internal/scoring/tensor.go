package scoring

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// tensors is the memory of one lane's runs: what it lays inputs out in, and the
// outputs of the last run, which the next one of as many rows writes over.
type tensors struct {
	ids, mask, types []int64

	out   []ort.Value
	outOf *session
	rows  int // of out
}

// outputs returns tensors for n answers of s, made anew only where the last run
// was of another session or of other rows.
func (t *tensors) outputs(s *session, n int) ([]ort.Value, error) {
	if t.outOf == s && t.rows == n {
		return t.out, nil
	}
	t.free()
	out, err := s.outputs(n)
	if err == nil {
		t.out, t.outOf, t.rows = out, s, n
	}
	return out, err
}

// free destroys the outputs.
func (t *tensors) free() {
	destroy(t.out)
	t.out, t.outOf, t.rows = nil, nil, 0
}

// inputs lays rows of ids out as the graph's inputs, padded to the longest. They
// share the memory of t, which may be laid anew once they are destroyed.
func (s *session) inputs(t *tensors, rows [][]int64) ([]ort.Value, error) {
	width := longest(rows)
	t.lay(rows, width, s.pad)
	shape := ort.NewShape(int64(len(rows)), int64(width))
	contents := [][]int64{t.ids, t.mask, t.types} // in the order of graphInputs
	var values []ort.Value
	for _, content := range contents[:len(s.names.Inputs)] {
		v, err := ort.NewTensor(shape, content)
		if err != nil {
			destroy(values)
			return nil, fmt.Errorf("lay out the batch: %w", err)
		}
		values = append(values, v)
	}
	return values, nil
}

func (t *tensors) lay(rows [][]int64, width int, pad int64) {
	size := len(rows) * width
	if cap(t.ids) < size {
		t.ids, t.mask, t.types = make([]int64, size), make([]int64, size), make([]int64, size)
	}
	t.ids, t.mask, t.types = t.ids[:size], t.mask[:size], t.types[:size] // types stays zero
	clear(t.mask)
	for i, row := range rows {
		ids := t.ids[i*width : (i+1)*width]
		for j := copy(ids, row); j < width; j++ {
			ids[j] = pad
		}
		for j := range row {
			t.mask[i*width+j] = 1
		}
	}
}

func longest(rows [][]int64) int {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	return width
}

// shape is that of an output for n rows.
func (s *session) shape(output string, n int) ort.Shape {
	switch output {
	case successOutput:
		return ort.NewShape(int64(n))
	case criteriaOutput:
		return ort.NewShape(int64(n), 3)
	default:
		return ort.NewShape(int64(n), int64(s.width))
	}
}

// outputs makes the tensors that the graph writes n answers to, so that what it
// says is copied once.
func (s *session) outputs(n int) ([]ort.Value, error) {
	var values []ort.Value
	for _, name := range s.names.Outputs {
		t, err := ort.NewEmptyTensor[float32](s.shape(name, n))
		if err != nil {
			destroy(values)
			return nil, fmt.Errorf("lay out the answers: %w", err)
		}
		values = append(values, t)
	}
	return values, nil
}

func destroy(values []ort.Value) {
	for _, v := range values {
		if v != nil {
			_ = v.Destroy()
		}
	}
}
