package bertgraph

import (
	"fmt"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The field numbers of onnx.proto that are written.
const (
	modelIR       protowire.Number = 1
	modelProducer protowire.Number = 2
	modelGraph    protowire.Number = 7
	modelOpset    protowire.Number = 8
	opsetVersion  protowire.Number = 2

	graphNode   protowire.Number = 1
	graphName   protowire.Number = 2
	graphValue  protowire.Number = 5
	graphInput  protowire.Number = 11
	graphOutput protowire.Number = 12

	nodeInput     protowire.Number = 1
	nodeOutput    protowire.Number = 2
	nodeName      protowire.Number = 3
	nodeOp        protowire.Number = 4
	nodeAttribute protowire.Number = 5

	attributeName  protowire.Number = 1
	attributeFloat protowire.Number = 2
	attributeInt   protowire.Number = 3
	attributeInts  protowire.Number = 8
	attributeType  protowire.Number = 20

	tensorDims protowire.Number = 1
	tensorType protowire.Number = 2
	tensorName protowire.Number = 8
	tensorRaw  protowire.Number = 9

	infoName       protowire.Number = 1
	infoType       protowire.Number = 2
	typeTensor     protowire.Number = 1
	tensorElement  protowire.Number = 1
	tensorShape    protowire.Number = 2
	shapeDimension protowire.Number = 1
	dimensionValue protowire.Number = 1
	dimensionParam protowire.Number = 2
)

// ONNX's numbers for types of tensors and of attributes.
const (
	onnxFloat = 1
	onnxInt64 = 7

	isFloat = 1
	isInt   = 2
	isInts  = 7
)

// The versions of ONNX that the graph is written in.
const (
	irVersion = 8
	opset     = 17 // the first with LayerNormalization
)

func appendString(b []byte, field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func appendMessage(b []byte, field protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), message)
}

func appendInt(b []byte, field protowire.Number, n int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(n)) //nolint:gosec // G115: two's complement is meant
}

func (a attribute) encode() []byte {
	b := appendString(nil, attributeName, a.name)
	switch x := a.value.(type) {
	case int64:
		return appendInt(appendInt(b, attributeInt, x), attributeType, isInt)
	case float32:
		b = protowire.AppendTag(b, attributeFloat, protowire.Fixed32Type)
		return appendInt(protowire.AppendFixed32(b, math.Float32bits(x)), attributeType, isFloat)
	case []int64:
		for _, n := range x {
			b = appendInt(b, attributeInts, n)
		}
		return appendInt(b, attributeType, isInts)
	}
	return b
}

// info is a ValueInfoProto. Dimensions are names or numbers.
func info(name string, element int64, dimensions ...any) []byte {
	var shape []byte
	for _, d := range dimensions {
		var dimension []byte
		switch d := d.(type) {
		case string:
			dimension = appendString(nil, dimensionParam, d)
		case int:
			dimension = appendInt(nil, dimensionValue, int64(d))
		}
		shape = appendMessage(shape, shapeDimension, dimension)
	}
	tensor := appendMessage(appendInt(nil, tensorElement, element), tensorShape, shape)
	return appendMessage(appendString(nil, infoName, name), infoType, appendMessage(nil, typeTensor, tensor))
}

// write writes the model. All but the weights' numbers is in memory, and the
// lengths that a message needs beforehand are known.
func (g *graph) write(w io.Writer, inputs, outputs []string, width int) error {
	var head []byte
	for _, n := range g.nodes {
		head = appendMessage(head, graphNode, n)
	}
	head = appendString(head, graphName, "bert")
	for _, name := range inputs {
		head = appendMessage(head, graphInput, info(name, onnxInt64, "batch", "sequence"))
	}
	for _, name := range outputs {
		dimensions := []any{"batch"}
		if name == Embedding {
			dimensions = append(dimensions, width)
		}
		head = appendMessage(head, graphOutput, info(name, onnxFloat, dimensions...))
	}
	size := int64(len(head))
	for _, v := range g.values {
		size += int64(protowire.SizeTag(graphValue)+protowire.SizeVarint(uint64(v.size()))) + v.size() //nolint:gosec // G115: sizes are positive
	}
	model := appendString(appendInt(nil, modelIR, irVersion), modelProducer, "globalbrain")
	model = appendMessage(model, modelOpset, appendInt(nil, opsetVersion, opset))
	model = protowire.AppendVarint(protowire.AppendTag(model, modelGraph, protowire.BytesType), uint64(size))
	if _, err := w.Write(append(model, head...)); err != nil {
		return fmt.Errorf("write the graph: %w", err)
	}
	for _, v := range g.values {
		tensor := protowire.AppendVarint(protowire.AppendTag(nil, graphValue, protowire.BytesType), uint64(v.size())) //nolint:gosec // G115: as above
		if _, err := w.Write(append(tensor, v.head()...)); err != nil {
			return fmt.Errorf("write the graph: %w", err)
		}
		if err := v.write(w); err != nil {
			return fmt.Errorf("write %s: %w", v.name, err)
		}
	}
	return nil
}
