package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"os"

	"globalbrain/internal/blob"
	"globalbrain/internal/errs"
	"globalbrain/internal/picture"
	"globalbrain/internal/scoring"
)

const pictureUsage = `globalbrain picture [flags] FILE...

Measures pictures (JPEG, PNG, GIF, WebP) as an upload would: upright and at most
1600 pixels wide. It prints one JSON line a file, in the order of the files,

  {"file","width","height","sharpness","brightness","contrast","colourfulness",
   "saturation","entropy","flat","hash"}

which is what "globalbrain score" takes in an idea's launch.pictures. With -encoder
the line also has "embedding", of unit length, and "like": of the files before it
the one that shows most nearly the same, {"file","cosine"}. A file that
cannot be measured is answered by {"file","error"}; the rest is measured and the
exit status is 1.

`

// runPicture measures picture files: see "globalbrain picture -h".
func runPicture(ctx context.Context, args []string, _ io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("picture", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o modelFlags
	flags.StringVar(&o.library, "onnxruntime", os.Getenv("GLOBALBRAIN_ONNXRUNTIME"), "ONNX Runtime's shared library, for -encoder; empty: beside the program, then the cache")
	flags.StringVar(&o.device, "device", string(scoring.CPU), "cpu, or cuda with a library that has it")
	encoder := flags.String("encoder", "", "the folder of an image encoder; empty: none")
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, pictureUsage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() == 0:
		_, _ = fmt.Fprintln(stderr, `globalbrain picture: name the files to measure; "globalbrain picture -h" explains`)
		return 2
	}
	m := measurer{}
	if *encoder != "" {
		var err error
		if m.encoder, err = o.openEncoder(*encoder); err != nil {
			_, _ = fmt.Fprintln(stderr, "globalbrain picture:", err)
			return 1
		}
		defer func() { _ = m.encoder.Close() }() // it only frees
	}
	bad, err := m.write(ctx, flags.Args(), stdout)
	switch {
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "globalbrain picture:", err)
		return 1
	case bad > 0:
		_, _ = fmt.Fprintf(stderr, "globalbrain picture: %d of %d files could not be measured\n", bad, flags.NArg())
		return 1
	}
	return 0
}

// openEncoder loads an image encoder with the flags' library and device.
func (m *modelFlags) openEncoder(folder string) (*scoring.PictureEncoder, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	cache, _ := os.UserCacheDir() // without a home there is no cache to look into
	library, err := scoring.FindRuntime(m.library, program, cache)
	if err != nil {
		return nil, err
	}
	return scoring.OpenPictureEncoder(folder, library, scoring.Device(m.device))
}

// measurer measures files, and remembers their embeddings.
type measurer struct {
	encoder *scoring.PictureEncoder // nil: none was asked for
	before  []measuredLine
}

// write prints a line for each file and counts those that cannot be measured.
func (m *measurer) write(ctx context.Context, names []string, out io.Writer) (bad int, err error) {
	lines := json.NewEncoder(out)
	for _, name := range names {
		if err := context.Cause(ctx); err != nil {
			return bad, err
		}
		measured, err := m.measure(name)
		var line any = measured
		if err != nil {
			bad++
			line = unmeasuredLine{name, complaint(err)}
		}
		if err := lines.Encode(line); err != nil {
			return bad, fmt.Errorf("write the measures: %w", err)
		}
	}
	return bad, nil
}

// complaint is what a person can do something about: our own sentence where there
// is one, without what the decoder thought.
func complaint(err error) string {
	if ours, ok := errors.AsType[*errs.Error](err); ok {
		return ours.Message
	}
	return err.Error()
}

type measuredLine struct {
	File string `json:"file"`
	picture.Measures
	Embedding []float32   `json:"embedding,omitempty"`
	Like      *likeliness `json:"like,omitempty"`
}

type likeliness struct {
	File   string  `json:"file"`
	Cosine float64 `json:"cosine"`
}

type unmeasuredLine struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func (m *measurer) measure(name string) (measuredLine, error) {
	line := measuredLine{File: name}
	file, err := os.Open(name) //nolint:gosec // G304: who runs the command names the files
	if err != nil {
		return line, err
	}
	defer func() { _ = file.Close() }() // it was only read
	err = blob.With(file, func(p *image.RGBA) (err error) {
		line.Measures = picture.Measure(p)
		if m.encoder != nil {
			line.Embedding, err = m.encoder.Embed(p)
		}
		return err
	})
	if err == nil && m.encoder != nil {
		line.Like = m.like(line.Embedding)
		m.before = append(m.before, line)
	}
	return line, err
}

// like finds what was most nearly the same among the files before.
func (m *measurer) like(embedding []float32) (best *likeliness) {
	for _, other := range m.before {
		cosine := 0.0
		for i, v := range other.Embedding {
			cosine += float64(v) * float64(embedding[i])
		}
		if best == nil || cosine > best.Cosine {
			best = &likeliness{other.File, cosine}
		}
	}
	return best
}
