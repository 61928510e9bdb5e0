package bertgraph

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// The files of weights.
const (
	singleFile = "model.safetensors"
	indexFile  = "model.safetensors.index.json"
)

// weights are the tensors of a folder's safetensors files, whose format is
// eight bytes with the length of a JSON head, the head, and the tensors.
type weights struct {
	tensors map[string]tensor
	files   []*os.File
}

// A tensor is where one lies.
type tensor struct {
	file  *os.File
	at    int64
	shape []int
	kind  kind
}

// A kind is how numbers are written.
type kind struct {
	size  int                  // bytes of a number
	value func([]byte) float32 // nil: not a kind of weights
}

var kinds = map[string]kind{
	"F32": {4, float32Of}, "F16": {2, float16Of}, "BF16": {2, bfloat16Of},
	"F64": {8, nil}, "I64": {8, nil}, "I32": {4, nil}, "I16": {2, nil}, "I8": {1, nil}, "U8": {1, nil}, "BOOL": {1, nil},
}

func openWeights(folder string) (*weights, error) {
	names, err := weightFiles(folder)
	if err != nil {
		return nil, err
	}
	w := &weights{tensors: map[string]tensor{}}
	for _, name := range names {
		if err := w.open(filepath.Join(folder, name)); err != nil {
			return nil, errors.Join(fmt.Errorf("read %s: %w", name, err), w.close())
		}
	}
	return w, nil
}

// weightFiles returns the names of a folder's safetensors files.
func weightFiles(folder string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(folder, singleFile)); err == nil {
		return []string{singleFile}, nil
	}
	content, err := ReadFile(filepath.Join(folder, indexFile), maxJSON)
	if errors.Is(err, os.ErrNotExist) {
		return nil, noWeights(folder)
	}
	var index struct {
		Map map[string]string `json:"weight_map"`
	}
	if err == nil {
		err = json.Unmarshal(content, &index)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", indexFile, err)
	}
	seen := map[string]bool{}
	var names []string
	for _, name := range index.Map {
		if filepath.Base(name) != name || !strings.HasSuffix(name, ".safetensors") {
			return nil, fmt.Errorf("%s names %q; it must be a safetensors file of the folder", indexFile, name)
		}
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names, nil
}

// noWeights says what to do about a folder that has no safetensors.
func noWeights(folder string) error {
	for _, other := range []string{"pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack", "model.onnx", "onnx/model.onnx"} {
		if _, err := os.Stat(filepath.Join(folder, other)); err == nil {
			return fmt.Errorf("it has %s and no %s: this program reads weights from safetensors only, which can hold no code; load it once with Transformers and save_pretrained", other, singleFile)
		}
	}
	return fmt.Errorf("there is no %s in %s", singleFile, folder)
}

// maxHead is the longest head of a file, in bytes. The format allows no more.
const maxHead = 100_000_000

func (w *weights) open(path string) error {
	f, err := os.Open(path) //nolint:gosec // G304: the operator names the model's folder
	if err != nil {
		return err
	}
	w.files = append(w.files, f)
	about, err := f.Stat()
	if err != nil {
		return err
	}
	var length [8]byte
	if _, err := io.ReadFull(f, length[:]); err != nil {
		return err
	}
	size := binary.LittleEndian.Uint64(length[:])
	if size > maxHead || int64(size) > about.Size()-8 {
		return fmt.Errorf("its head has %d bytes of %d", size, about.Size())
	}
	head := make([]byte, size)
	if _, err := io.ReadFull(f, head); err != nil {
		return err
	}
	return w.readHead(head, f, about.Size())
}

func (w *weights) readHead(head []byte, f *os.File, size int64) error {
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(head, &entries); err != nil {
		return err
	}
	start := 8 + int64(len(head))
	for name, content := range entries {
		if name == "__metadata__" {
			continue
		}
		var entry struct {
			Type    string   `json:"dtype"`
			Shape   []int    `json:"shape"`
			Offsets [2]int64 `json:"data_offsets"`
		}
		if err := json.Unmarshal(content, &entry); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		k, known := kinds[entry.Type]
		if !known {
			k = kind{} // its place cannot be checked, and nobody can ask for it
		}
		bytes, ok := product(entry.Shape, k.size)
		from, to := entry.Offsets[0], entry.Offsets[1]
		if known && (!ok || from < 0 || to < from || to > size-start || to-from != bytes) {
			return fmt.Errorf("%s of shape %v lies at %d to %d of %d bytes", name, entry.Shape, from, to, size-start)
		}
		w.tensors[modern(name)] = tensor{file: f, at: start + from, shape: entry.Shape, kind: k}
	}
	return nil
}

// product of a shape and a size, unless it is more than any file has.
func product(shape []int, size int) (int64, bool) {
	n := int64(size)
	for _, d := range shape {
		if d < 0 || d > 0 && n > 1<<40/int64(d) {
			return 0, false
		}
		n *= int64(d)
	}
	return n, true
}

// modern spells the names that TensorFlow's norm layers had.
func modern(name string) string {
	if rest, ok := strings.CutSuffix(name, "LayerNorm.gamma"); ok {
		return rest + "LayerNorm.weight"
	}
	if rest, ok := strings.CutSuffix(name, "LayerNorm.beta"); ok {
		return rest + "LayerNorm.bias"
	}
	return name
}

func (w *weights) has(name string) bool { return w.tensors[name].file != nil }

// shape is that of a tensor of weights, which has one dimension at least.
func (w *weights) shape(name string) ([]int, error) {
	t, ok := w.tensors[name]
	switch {
	case !ok:
		return nil, fmt.Errorf("the weights lack %s", name)
	case t.kind.value == nil:
		return nil, fmt.Errorf("%s is of a kind that this program does not read; it reads F32, F16 and BF16", name)
	case len(t.shape) == 0:
		return nil, fmt.Errorf("%s is a single number", name)
	}
	return t.shape, nil
}

func (w *weights) close() error {
	var wrong []error
	for _, f := range w.files {
		wrong = append(wrong, f.Close())
	}
	return errors.Join(wrong...)
}
