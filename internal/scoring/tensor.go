package scoring

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// tensors is the memory of one batch's input.
type tensors struct {
	ids, mask, types []int64
}

// lay lays rows of ids out as the graph's inputs, padded with zeros to the
// longest. They share the memory of t, which may be laid anew once they are
// destroyed.
func (t *tensors) lay(rows [][]int64) ([]ort.Value, error) {
	width := longest(rows)
	size := len(rows) * width
	if cap(t.ids) < size {
		*t = tensors{make([]int64, size), make([]int64, size), make([]int64, size)}
	}
	t.ids, t.mask, t.types = t.ids[:size], t.mask[:size], t.types[:size] // types stays zero
	clear(t.ids)
	clear(t.mask)
	for i, row := range rows {
		copy(t.ids[i*width:], row)
		for j := range row {
			t.mask[i*width+j] = 1
		}
	}
	shape := ort.NewShape(int64(len(rows)), int64(width))
	var values []ort.Value
	for _, content := range [][]int64{t.ids, t.mask, t.types} {
		v, err := ort.NewTensor(shape, content)
		if err != nil {
			destroy(values)
			return nil, fmt.Errorf("lay out the batch: %w", err)
		}
		values = append(values, v)
	}
	return values, nil
}

func longest(rows [][]int64) int {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	return width
}

// outputs makes the tensors that the graph writes n answers to, so that what it
// says is copied once.
func outputs(n, width int) ([]ort.Value, error) {
	var values []ort.Value
	for _, shape := range []ort.Shape{ort.NewShape(int64(n)), ort.NewShape(int64(n), 3), ort.NewShape(int64(n), int64(width))} {
		t, err := ort.NewEmptyTensor[float32](shape)
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
