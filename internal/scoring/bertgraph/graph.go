package bertgraph

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// A graph is collected node by node and written in one go. The first thing that
// goes wrong stays in err, so that building needs to ask once.
type graph struct {
	weights *weights
	nodes   [][]byte // NodeProto
	values  []value
	known   map[string]bool // names of values
	err     error
}

// A value is a tensor of the graph that does not depend on its input.
type value struct {
	name  string
	kind  int64
	shape []int
	bytes int64
	write func(io.Writer) error
}

// An attribute is of type int64, float32 or []int64.
type attribute struct {
	name  string
	value any
}

// node adds a node and returns the name of its one output. parts are the inputs'
// names and the attributes.
func (g *graph) node(op string, parts ...any) string {
	output := "n" + strconv.Itoa(len(g.nodes))
	g.add(op, output, parts...)
	return output
}

// name gives what a node gave a name among the graph's outputs.
func (g *graph) name(output, from string) { g.add("Identity", output, from) }

func (g *graph) add(op, output string, parts ...any) {
	var n []byte
	for _, p := range parts {
		if input, ok := p.(string); ok {
			n = appendString(n, nodeInput, input)
		}
	}
	n = appendString(n, nodeOutput, output)
	n = appendString(n, nodeName, output)
	n = appendString(n, nodeOp, op)
	for _, p := range parts {
		if a, ok := p.(attribute); ok {
			n = appendMessage(n, nodeAttribute, a.encode())
		}
	}
	g.nodes = append(g.nodes, n)
}

// constant adds a value, unless one of its name is there already.
func (g *graph) constant(v value) string {
	if g.known == nil {
		g.known = map[string]bool{}
	}
	if !g.known[v.name] {
		g.known[v.name] = true
		g.values = append(g.values, v)
	}
	return v.name
}

// ints is a list of whole numbers.
func (g *graph) ints(list ...int64) string {
	return g.constant(integers(fmt.Sprint("ints ", list), []int{len(list)}, list))
}

// scalar is one whole number without dimensions.
func (g *graph) scalar(n int64) string {
	return g.constant(integers(fmt.Sprint("int ", n), nil, []int64{n}))
}

func integers(name string, shape []int, list []int64) value {
	var content []byte
	for _, n := range list {
		content = binary.LittleEndian.AppendUint64(content, uint64(n)) //nolint:gosec // G115: two's complement is meant
	}
	return value{name, onnxInt64, shape, int64(len(content)), writer(content)}
}

func (g *graph) float(x float32) string {
	content := binary.LittleEndian.AppendUint32(nil, math.Float32bits(x))
	return g.constant(value{fmt.Sprint("float ", x), onnxFloat, nil, int64(len(content)), writer(content)})
}

func writer(content []byte) func(io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(content); return err }
}

// table, vector and matrix are weights that must have a shape; a matrix comes
// transposed, as PyTorch keeps the matrices of dense layers so.
func (g *graph) table(name string, rows, width int) string {
	t := g.weight(name, rows, width)
	return g.constant(value{name, onnxFloat, []int{rows, width}, 4 * int64(rows) * int64(width), t.copyTo})
}

func (g *graph) vector(name string, width int) string {
	t := g.weight(name, width)
	return g.constant(value{name, onnxFloat, []int{width}, 4 * int64(width), t.copyTo})
}

func (g *graph) matrix(name string, out, in int) string {
	t := g.weight(name, out, in)
	return g.constant(value{name, onnxFloat, []int{in, out}, 4 * int64(in) * int64(out), t.transposeTo})
}

func (g *graph) weight(name string, want ...int) tensor {
	shape, err := g.weights.shape(name)
	if err == nil && fmt.Sprint(shape) != fmt.Sprint(want) {
		err = fmt.Errorf("%s has the shape %v; it should be %v", name, shape, want)
	}
	if g.err == nil {
		g.err = err
	}
	return g.weights.tensors[name]
}

// rows is the first dimension of a weight.
func (g *graph) rows(name string) int {
	shape, err := g.weights.shape(name)
	if err != nil {
		if g.err == nil {
			g.err = err
		}
		return 0
	}
	return shape[0]
}

// size is about the bytes that write will write.
func (g *graph) size() int64 {
	var size int64
	for _, v := range g.values {
		size += v.size()
	}
	for _, n := range g.nodes {
		size += int64(len(n))
	}
	return size
}

// head is what comes before a value's numbers in its TensorProto.
func (v value) head() []byte {
	var b []byte
	for _, d := range v.shape {
		b = appendInt(b, tensorDims, int64(d))
	}
	b = appendInt(b, tensorType, v.kind)
	b = appendString(b, tensorName, v.name)
	b = protowire.AppendTag(b, tensorRaw, protowire.BytesType)
	return protowire.AppendVarint(b, uint64(v.bytes)) //nolint:gosec // G115: sizes are positive
}

func (v value) size() int64 { return int64(len(v.head())) + v.bytes }
