package scoring

import (
	"errors"
	"fmt"
	"slices"

	ort "github.com/yalue/onnxruntime_go"
)

// A session is one loaded graph. run is safe for concurrent use; who closes it
// sees to it that nothing runs any more.
type session struct {
	graph *ort.DynamicAdvancedSession
	names Graph // of its inputs and outputs, in their order
	pad   int64 // the id that fills rows up
	width int   // of the embedding
	bound bool  // runs go through IoBinding, as CUDA wants it
}

// answer is what the graph said about one row, before calibration. What the
// graph does not give is zero.
type answer struct {
	logit     float32
	criteria  [3]float32
	embedding []float32
}

// newSession loads a graph of texts and runs it once, so that a graph of another
// shape is refused here and the first idea does not pay for the set-up.
func newSession(graph []byte, names Graph, pad int64, device Device) (*session, error) {
	s, err := loadGraph(graph, names, device)
	if err != nil {
		return nil, err
	}
	s.pad = pad
	if err := s.probe(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// loadGraph loads a graph of any inputs and outputs; call runs it.
func loadGraph(graph []byte, names Graph, device Device) (*session, error) {
	options, err := sessionOptions(device)
	if err != nil {
		return nil, err
	}
	defer func() { _ = options.Destroy() }()
	s := &session{names: names, bound: device == CUDA}
	s.graph, err = ort.NewDynamicAdvancedSessionWithONNXData(graph, names.Inputs, names.Outputs, options)
	if err != nil {
		return nil, fmt.Errorf("load the graph: %w", err)
	}
	return s, nil
}

// probe runs two rows of two tokens and reads the outputs' shapes.
func (s *session) probe() error {
	in, err := s.inputs(new(tensors), [][]int64{{0, 0}, {0, 0}})
	if err != nil {
		return err
	}
	defer destroy(in)
	out := make([]ort.Value, len(s.names.Outputs))
	if err := s.graph.Run(in, out); err != nil {
		return fmt.Errorf("try the graph: %w", err)
	}
	defer destroy(out)
	embedding := out[len(out)-1].GetShape()
	if len(embedding) != 2 {
		return fmt.Errorf("try the graph: the embedding has shape %v; need [batch, width]", embedding)
	}
	s.width = int(embedding[1])
	for i, o := range out {
		name := s.names.Outputs[i]
		if _, ok := o.(*ort.Tensor[float32]); !ok || !o.GetShape().Equals(s.shape(name, 2)) {
			return fmt.Errorf("try the graph: output %s is %T of shape %v; need float32 of %v", name, o, o.GetShape(), s.shape(name, 2))
		}
	}
	return nil
}

// once is run for who asks but once.
func (s *session) once(rows [][]int64) ([]answer, error) {
	var scratch tensors
	defer scratch.free()
	return s.run(rows, &scratch)
}

// run asks the graph about rows of ids, of any lengths, in one go. Nobody else
// uses the scratch memory meanwhile.
func (s *session) run(rows [][]int64, scratch *tensors) ([]answer, error) {
	in, err := s.inputs(scratch, rows)
	if err != nil {
		return nil, err
	}
	defer destroy(in)
	out, err := scratch.outputs(s, len(rows))
	if err != nil {
		return nil, err
	}
	if err := s.call(in, out); err != nil {
		return nil, fmt.Errorf("run the graph on %d rows of %d tokens: %w", len(rows), longest(rows), err)
	}
	return s.answers(out, len(rows)), nil
}

// call runs the graph on tensors of this machine's memory. A binding brings the
// inputs to the device before the run and fetches the outputs after it, each
// once and straight from and to the tensors.
func (s *session) call(in, out []ort.Value) error {
	if !s.bound {
		return s.graph.Run(in, out)
	}
	binding, err := s.graph.CreateIoBinding()
	if err != nil {
		return err
	}
	defer func() { _ = binding.Destroy() }() // it only frees
	for i, v := range in {
		if err := binding.BindInput(s.names.Inputs[i], v); err != nil {
			return fmt.Errorf("bind %s: %w", s.names.Inputs[i], err)
		}
	}
	for i, v := range out {
		if err := binding.BindOutput(s.names.Outputs[i], v); err != nil {
			return fmt.Errorf("bind %s: %w", s.names.Outputs[i], err)
		}
	}
	return s.graph.RunWithBinding(binding)
}

// answers takes the outputs apart. Each embedding has its own memory, so that
// who keeps one does not keep its whole batch.
func (s *session) answers(out []ort.Value, n int) []answer {
	answers := make([]answer, n)
	for at, name := range s.names.Outputs {
		content := out[at].(*ort.Tensor[float32]).GetData()
		for i := range answers {
			switch name {
			case successOutput:
				answers[i].logit = content[i]
			case criteriaOutput:
				answers[i].criteria = [3]float32(content[3*i:])
			case embeddingOutput:
				answers[i].embedding = slices.Clone(content[i*s.width : (i+1)*s.width])
			}
		}
	}
	return answers
}

func (s *session) close() error {
	if err := s.graph.Destroy(); err != nil {
		return fmt.Errorf("destroy the session: %w", err)
	}
	return nil
}
