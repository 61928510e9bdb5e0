package bertgraph

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxJSON is the largest config.json or index that is read, in bytes.
const maxJSON = 32 << 20

// config is what a config.json says of a BERT. The fields of two names are
// spelled the second way by DistilBERT.
type config struct {
	Type          string            `json:"model_type"`
	Architectures []string          `json:"architectures"`
	Vocabulary    int               `json:"vocab_size"`
	Width         int               `json:"hidden_size"`
	Dim           int               `json:"dim"`
	Layers        int               `json:"num_hidden_layers"`
	LayersD       int               `json:"n_layers"`
	Heads         int               `json:"num_attention_heads"`
	HeadsD        int               `json:"n_heads"`
	Positions     int               `json:"max_position_embeddings"`
	Types         int               `json:"type_vocab_size"`
	Activation    string            `json:"hidden_act"`
	ActivationD   string            `json:"activation"`
	Epsilon       float32           `json:"layer_norm_eps"`
	Padding       int               `json:"pad_token_id"`
	PositionType  string            `json:"position_embedding_type"`
	Decoder       bool              `json:"is_decoder"`
	Labels        map[string]string `json:"id2label"`
	Problem       string            `json:"problem_type"`
}

// Bounds of what is believed, well above any model in use.
const (
	maxWidth  = 1 << 14
	maxLayers = 1 << 8
)

func readConfig(folder string) (config, error) {
	c := config{Epsilon: 1e-12, Activation: "gelu", Types: 2, Padding: -1}
	content, err := ReadFile(filepath.Join(folder, "config.json"), maxJSON)
	if errors.Is(err, os.ErrNotExist) {
		return c, fmt.Errorf("there is no config.json in %s: it is no model in Hugging Face layout", folder)
	}
	if err == nil {
		err = json.Unmarshal(content, &c)
	}
	if err != nil {
		return c, fmt.Errorf("read config.json: %w", err)
	}
	for _, x := range []struct{ to, from *int }{{&c.Width, &c.Dim}, {&c.Layers, &c.LayersD}, {&c.Heads, &c.HeadsD}} {
		if *x.to == 0 {
			*x.to = *x.from
		}
	}
	if c.ActivationD != "" {
		c.Activation = c.ActivationD
	}
	if c.Padding < 0 { // the classes' defaults
		c.Padding = 0
		if families[c.Type].offset {
			c.Padding = 1
		}
	}
	return c, c.check()
}

func (c *config) check() error {
	within := func(n, most int) bool { return 0 < n && n <= most }
	switch {
	case families[c.Type].prefix == "":
		return fmt.Errorf("model_type is %q; this program reads %s", c.Type, strings.Join(slices.Sorted(maps.Keys(families)), ", "))
	case c.Decoder:
		return errors.New("it is a decoder; this program reads encoders")
	case c.PositionType != "" && c.PositionType != "absolute":
		return fmt.Errorf("position_embedding_type is %q; this program reads absolute", c.PositionType)
	case activations[c.Activation] == nil:
		return fmt.Errorf("the activation is %q; this program reads %s", c.Activation, strings.Join(slices.Sorted(maps.Keys(activations)), ", "))
	case !within(c.Width, maxWidth) || !within(c.Layers, maxLayers) || !within(c.Heads, c.Width) || c.Width%c.Heads != 0:
		return fmt.Errorf("config.json has %d layers of %d heads, %d wide", c.Layers, c.Heads, c.Width)
	case c.Positions <= c.Padding+1 || c.Padding >= c.Vocabulary || c.Types < 0:
		return fmt.Errorf("config.json has %d positions, padding id %d and %d token types", c.Positions, c.Padding, c.Types)
	}
	return nil
}

// ReadFile reads a file of at most so many bytes; of a longer one it reads no
// more and says so.
func ReadFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // G304: the operator names the model's folder
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("%s is longer than %d bytes", filepath.Base(path), most)
	}
	return content, err
}
