package bertgraph

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A table of made-up weights, by name: the shape of each.
type shapes map[string][]int

// tiny is the least BERT there is, with a classifier of two labels.
func tiny() (map[string]any, shapes) {
	config := map[string]any{
		"model_type": "bert", "architectures": []string{"BertForSequenceClassification"}, "vocab_size": 5, "hidden_size": 2,
		"num_hidden_layers": 1, "num_attention_heads": 1, "max_position_embeddings": 8, "pad_token_id": 0,
	}
	s := shapes{
		"bert.embeddings.word_embeddings.weight": {5, 2}, "bert.embeddings.position_embeddings.weight": {8, 2},
		"bert.embeddings.token_type_embeddings.weight":   {2, 2},
		"bert.encoder.layer.0.intermediate.dense.weight": {3, 2}, "bert.encoder.layer.0.intermediate.dense.bias": {3},
		"bert.encoder.layer.0.output.dense.weight": {2, 3}, "bert.encoder.layer.0.output.dense.bias": {2},
		"classifier.weight": {2, 2}, "classifier.bias": {2},
	}
	for _, dense := range []string{"encoder.layer.0.attention.self.query", "encoder.layer.0.attention.self.key", "encoder.layer.0.attention.self.value", "encoder.layer.0.attention.output.dense", "pooler.dense"} {
		s["bert."+dense+".weight"], s["bert."+dense+".bias"] = []int{2, 2}, []int{2}
	}
	for _, norm := range []string{"embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"} {
		s["bert."+norm+".LayerNorm.gamma"], s["bert."+norm+".LayerNorm.beta"] = []int{2}, []int{2} // as TensorFlow calls them
	}
	return config, s
}

// folder writes a config and weights of zeros.
func folder(t testing.TB, config map[string]any, s shapes) string {
	t.Helper()
	at := t.TempDir()
	content, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	put(t, at, "config.json", content)
	put(t, at, singleFile, safetensors(t, s))
	return at
}

func put(t testing.TB, folder, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func safetensors(t testing.TB, s shapes) []byte {
	t.Helper()
	head, at := map[string]any{}, int64(0)
	for _, name := range slices.Sorted(maps.Keys(s)) {
		size, _ := product(s[name], 4)
		head[name] = map[string]any{"dtype": "F32", "shape": s[name], "data_offsets": []int64{at, at + size}}
		at += size
	}
	content, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(content))), content...)
	return append(file, make([]byte, at)...)
}

func TestTheGraphIsAsLongAsItSays(t *testing.T) {
	t.Parallel()
	config, s := tiny()
	m, err := Open(folder(t, config, s), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close() //nolint:errcheck // it was only read
	var graph bytes.Buffer
	if err := m.Write(&graph); err != nil {
		t.Fatal(err)
	}
	var read int
	for rest := graph.Bytes(); len(rest) > 0; read++ {
		tag, n := binary.Uvarint(rest)
		number, k := binary.Uvarint(rest[n:])
		rest = rest[n+k:]
		if tag&7 == 2 { // the number is a length
			if number > uint64(len(rest)) {
				t.Fatalf("field %d has %d bytes of %d", tag>>3, number, len(rest))
			}
			rest = rest[number:]
		}
	}
	if read != 4 || m.Vocabulary() != 5 || m.Positions() != 8 || m.Width() != 2 || !m.Trained() || len(m.Inputs()) != 3 || len(m.Outputs()) != 2 {
		t.Errorf("%d fields, %+v", read, m)
	}
	if m.Write(io.Discard) != nil {
		t.Error("it cannot be written twice")
	}
}

func TestWhatCannotBeWrittenExactlyIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(config map[string]any, s shapes)
		says string
	}{
		{"another kind of model", func(c map[string]any, _ shapes) { c["model_type"] = "gpt2" }, `"gpt2"`},
		{"a decoder", func(c map[string]any, _ shapes) { c["is_decoder"] = true }, "decoder"},
		{"relative positions", func(c map[string]any, _ shapes) { c["position_embedding_type"] = "relative_key" }, "relative_key"},
		{"another activation", func(c map[string]any, _ shapes) { c["hidden_act"] = "swish" }, "swish"},
		{"heads that do not divide the width", func(c map[string]any, _ shapes) { c["num_attention_heads"] = 3 }, "heads"},
		{"no layers", func(c map[string]any, _ shapes) { c["num_hidden_layers"] = 0 }, "0 layers"},
		{"a layer too many", func(c map[string]any, _ shapes) { c["num_hidden_layers"] = 2 }, "layer.1."},
		{"no positions", func(c map[string]any, _ shapes) { c["max_position_embeddings"] = 1 }, "positions"},
		{"three labels", func(_ map[string]any, s shapes) { s["classifier.weight"], s["classifier.bias"] = []int{3, 2}, []int{3} }, "3 labels"},
		{"a regression", func(c map[string]any, s shapes) { c["problem_type"] = "regression" }, "regression"},
		{"labels that do not exclude each other", func(c map[string]any, _ shapes) { c["problem_type"] = "multi_label_classification" }, "multi_label"},
		{"labels with names", func(c map[string]any, _ shapes) { c["id2label"] = map[string]string{"0": "toxic", "1": "fine"} }, "toxic"},
		{"a tagger", func(c map[string]any, _ shapes) { c["architectures"] = []string{"BertForTokenClassification"} }, "make train"},
		{"another vocabulary", func(c map[string]any, _ shapes) { c["vocab_size"] = 6 }, "[6 2]"},
		{"a matrix of another shape", func(_ map[string]any, s shapes) { s["bert.pooler.dense.weight"] = []int{2, 4} }, "[2 4]"},
		{"a vector for a matrix", func(_ map[string]any, s shapes) { s["bert.encoder.layer.0.attention.self.key.weight"] = []int{4} }, "[4]"},
		{"no head", func(_ map[string]any, s shapes) { delete(s, "classifier.weight") }, "lack classifier.weight"},
		{"no words", func(_ map[string]any, s shapes) { delete(s, "bert.embeddings.word_embeddings.weight") }, "word_embeddings"},
		{"more than a file can hold", func(c map[string]any, _ shapes) { c["hidden_size"] = 1 << 20 }, "wide"},
	} {
		config, s := tiny()
		c.edit(config, s)
		if err := convert(folder(t, config, s)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
}

func convert(folder string) error {
	m, err := Open(folder, Options{})
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // it was only read
	return m.Write(io.Discard)
}

func TestAFolderWithoutSafetensorsIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	config, s := tiny()
	at := folder(t, config, s)
	if err := os.Remove(filepath.Join(at, singleFile)); err != nil {
		t.Fatal(err)
	}
	if err := convert(at); err == nil || !strings.Contains(err.Error(), "no model.safetensors") {
		t.Errorf("no weights: %v", err)
	}
	put(t, at, "pytorch_model.bin", []byte("pickled"))
	if err := convert(at); err == nil || !strings.Contains(err.Error(), "save_pretrained") {
		t.Errorf("pickled weights: %v", err)
	}
	put(t, at, indexFile, []byte(`{"weight_map": {"a": "../elsewhere.safetensors"}}`))
	if err := convert(at); err == nil || !strings.Contains(err.Error(), "of the folder") {
		t.Errorf("weights outside: %v", err)
	}
	if err := convert(t.TempDir()); err == nil || !strings.Contains(err.Error(), "config.json") {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestTheNamedLabelIsSuccess(t *testing.T) {
	t.Parallel()
	config, s := tiny()
	config["id2label"] = map[string]string{"0": "good", "1": "bad"}
	at := folder(t, config, s)
	m, err := Open(at, Options{Success: "good"})
	if err != nil || m.success != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := Open(at, Options{Success: "better"}); err == nil || !strings.Contains(err.Error(), "better") {
		t.Errorf("a label that there is not: %v", err)
	}
}

// Half floats are compared with their definition.
func TestHalfFloats(t *testing.T) {
	t.Parallel()
	for bits := range 1 << 16 {
		b := binary.LittleEndian.AppendUint16(nil, uint16(bits)) //nolint:gosec // G115: below 1 << 16
		exponent, fraction := bits>>10&0x1f, float64(bits&0x3ff)
		want := math.Ldexp(1+fraction/1024, exponent-15)
		switch exponent {
		case 0:
			want = math.Ldexp(fraction, -24)
		case 0x1f:
			if want = math.Inf(1); fraction != 0 {
				want = math.NaN()
			}
		}
		if bits>>15 == 1 {
			want = -want
		}
		if got := float64(float16Of(b)); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%#x: got %g, want %g", bits, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float32().Draw(t, "x")
		b := binary.LittleEndian.AppendUint32(nil, math.Float32bits(x)&^0xffff)
		if got, want := bfloat16Of(b[2:]), float32Of(b); got != want {
			t.Fatalf("got %g, want %g", got, want)
		}
	})
}

// Weights come from anybody: a file is read or refused.
func FuzzSafetensors(f *testing.F) {
	config, s := tiny()
	whole := safetensors(f, s)
	f.Add(whole)
	f.Add(whole[:9])
	f.Add(append(binary.LittleEndian.AppendUint64(nil, 72), `{"x":{"dtype":"F32","shape":[9000000000,9000000000],"data_offsets":[0,0]}}`...))
	f.Fuzz(func(t *testing.T, content []byte) {
		at := folder(t, config, shapes{})
		put(t, at, singleFile, content)
		_ = convert(at)
	})
}

func FuzzConfig(f *testing.F) {
	config, s := tiny()
	content, err := json.Marshal(config)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Fuzz(func(t *testing.T, content []byte) {
		at := folder(t, config, s)
		put(t, at, "config.json", content)
		_ = convert(at)
	})
}
