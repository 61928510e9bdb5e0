package bertgraph

import (
	"fmt"
	"math"
)

// Shapes in ONNX's words: 0 keeps a dimension.
const keep = 0

// blocked is what a padded token's attention is moved by, before the softmax.
const blocked = -30000

// build puts the model's nodes into g. The shapes of attention, mask and
// activation are those that ONNX Runtime knows how to fuse.
func (m *Model) build(g *graph) {
	mask := g.node("Unsqueeze", g.node("Unsqueeze", AttentionMask, g.ints(1)), g.ints(2))
	mask = g.node("Cast", mask, attribute{"to", int64(onnxFloat)})
	mask = g.node("Mul", g.node("Sub", g.float(1), mask), g.float(blocked))
	state := m.embed(g)
	for i := range m.config.Layers {
		state = m.layer(g, m.prefix+fmt.Sprintf(m.family.layer, i), state, mask)
	}
	if m.Trained() {
		m.classify(g, state)
	}
	m.embedding(g, state)
}

// embed adds up what is known of each token: its piece, its place, its type.
func (m *Model) embed(g *graph) string {
	table := func(name string, rows int) string {
		return g.table(m.prefix+name, rows, m.config.Width)
	}
	sum := g.node("Gather", table(m.family.words, m.config.Vocabulary), InputIDs)
	positions := table(m.family.positions, m.config.Positions)
	if m.family.offset {
		// A token's place is the number of tokens up to it, behind the padding id.
		places := g.node("Mul", g.node("CumSum", AttentionMask, g.scalar(1)), AttentionMask)
		positions = g.node("Gather", positions, g.node("Add", places, g.ints(int64(m.config.Padding))))
	} else {
		length := g.node("Gather", g.node("Shape", InputIDs), g.ints(1))
		positions = g.node("Slice", positions, g.ints(0), length, g.ints(0))
	}
	switch {
	case m.typed():
		sum = g.node("Add", sum, g.node("Gather", table(m.family.types, m.config.Types), TokenTypes))
	case m.family.types != "" && m.config.Types == 1:
		sum = g.node("Add", sum, table(m.family.types, 1))
	}
	return m.norm(g, m.prefix+m.family.norm, g.node("Add", sum, positions))
}

// layer is one layer of the encoder.
func (m *Model) layer(g *graph, name, state, mask string) string {
	width, heads := m.config.Width, m.config.Heads
	each := width / heads
	split := func(layer string, order ...int64) string {
		x := g.dense(name+layer, state, width, width)
		x = g.node("Reshape", x, g.ints(keep, keep, int64(heads), int64(each)))
		return g.node("Transpose", x, attribute{"perm", order})
	}
	query := split(m.family.query, 0, 2, 1, 3)
	key := split(m.family.key, 0, 2, 3, 1)
	value := split(m.family.value, 0, 2, 1, 3)
	scores := g.node("Div", g.node("MatMul", query, key), g.float(float32(math.Sqrt(float64(each)))))
	scores = g.node("Softmax", g.node("Add", scores, mask), attribute{"axis", int64(-1)})
	mixed := g.node("Transpose", g.node("MatMul", scores, value), attribute{"perm", []int64{0, 2, 1, 3}})
	mixed = g.node("Reshape", mixed, g.ints(keep, keep, int64(width)))
	mixed = g.dense(name+m.family.mixed, mixed, width, width)
	state = m.norm(g, name+m.family.mixNorm, g.node("Add", mixed, state))

	inner := g.rows(name + m.family.up + ".weight")
	up := activations[m.config.Activation](g, g.dense(name+m.family.up, state, width, inner))
	return m.norm(g, name+m.family.outNorm, g.node("Add", g.dense(name+m.family.down, up, inner, width), state))
}

func (m *Model) norm(g *graph, name, x string) string {
	scale, shift := g.vector(name+".weight", m.config.Width), g.vector(name+".bias", m.config.Width)
	return g.node("LayerNormalization", x, scale, shift, attribute{"axis", int64(-1)}, attribute{"epsilon", m.config.Epsilon})
}

// classify gives the logit of success: that of one label, or how much that of
// success is above the other's.
func (m *Model) classify(g *graph, state string) {
	x := g.node("Gather", state, g.scalar(0), attribute{"axis", int64(1)})
	width := m.config.Width
	for i, d := range m.family.head {
		name, out := d.name, width
		if d.inside {
			name = m.prefix + name
		}
		if i == len(m.family.head)-1 {
			out = m.labels
		}
		x = g.dense(name, x, width, out)
		if d.activation != "" {
			x = activations[d.activation](g, x)
		}
	}
	label := func(i int) string { return g.node("Gather", x, g.scalar(int64(i)), attribute{"axis", int64(1)}) }
	if m.labels == 1 {
		g.name(SuccessLogit, label(0))
		return
	}
	g.name(SuccessLogit, g.node("Sub", label(m.success), label(1-m.success)))
}

// embedding pools the states into one of unit length.
func (m *Model) embedding(g *graph, state string) {
	var pooled string
	if m.pooling == CLS {
		pooled = g.node("Gather", state, g.scalar(0), attribute{"axis", int64(1)})
	} else {
		mask := g.node("Cast", g.node("Unsqueeze", AttentionMask, g.ints(2)), attribute{"to", int64(onnxFloat)})
		sum := g.node("ReduceSum", g.node("Mul", state, mask), g.ints(1), attribute{"keepdims", int64(0)})
		tokens := g.node("ReduceSum", mask, g.ints(1), attribute{"keepdims", int64(0)})
		pooled = g.node("Div", sum, g.node("Max", tokens, g.float(1)))
	}
	length := g.node("ReduceL2", pooled, attribute{"axes", []int64{-1}}, attribute{"keepdims", int64(1)})
	g.name(Embedding, g.node("Div", pooled, g.node("Max", length, g.float(shortest))))
}

// shortest keeps a state of zeros from being divided by its length.
const shortest = 1e-12

// activations are those that can be written, by their names in config.json.
var activations = map[string]func(g *graph, x string) string{
	"gelu":              gelu,
	"gelu_new":          geluTanh,
	"gelu_pytorch_tanh": geluTanh,
	"relu":              func(g *graph, x string) string { return g.node("Relu", x) },
	"tanh":              func(g *graph, x string) string { return g.node("Tanh", x) },
}

// gelu is x times the normal distribution's integral up to x (Hendrycks and
// Gimpel, 2016).
func gelu(g *graph, x string) string {
	erf := g.node("Erf", g.node("Div", x, g.float(math.Sqrt2)))
	return g.node("Mul", g.node("Mul", x, g.node("Add", erf, g.float(1))), g.float(0.5))
}

// geluTanh is the same paper's approximation.
func geluTanh(g *graph, x string) string {
	cube := g.node("Mul", g.node("Pow", x, g.float(3)), g.float(0.044715))
	inner := g.node("Mul", g.node("Add", x, cube), g.float(float32(math.Sqrt(2/math.Pi))))
	return g.node("Mul", g.node("Mul", x, g.float(0.5)), g.node("Add", g.node("Tanh", inner), g.float(1)))
}

// dense is x times a matrix, and a bias added to it.
func (g *graph) dense(name, x string, in, out int) string {
	product := g.node("MatMul", x, g.matrix(name+".weight", out, in))
	return g.node("Add", product, g.vector(name+".bias", out))
}
