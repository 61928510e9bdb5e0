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
	width int // of the embedding
}

// answer is what the graph said about one row, before calibration.
type answer struct {
	logit     float32
	criteria  [3]float32
	embedding []float32
}

// newSession loads a graph and runs it once, so that a graph of another shape
// is refused here and the first idea does not pay for the set-up.
func newSession(graph []byte, device Device) (*session, error) {
	options, err := sessionOptions(device)
	if err != nil {
		return nil, err
	}
	defer func() { _ = options.Destroy() }()
	s := new(session)
	s.graph, err = ort.NewDynamicAdvancedSessionWithONNXData(graph, graphInputs, graphOutputs, options)
	if err != nil {
		return nil, fmt.Errorf("load the graph: %w", err)
	}
	if err := s.probe(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// probe runs two rows of two tokens and reads the outputs' shapes.
func (s *session) probe() error {
	in, err := new(tensors).lay([][]int64{{0, 0}, {0, 0}})
	if err != nil {
		return err
	}
	defer destroy(in)
	out := make([]ort.Value, len(graphOutputs))
	if err := s.graph.Run(in, out); err != nil {
		return fmt.Errorf("try the graph: %w", err)
	}
	defer destroy(out)
	embedding := out[2].GetShape()
	if len(embedding) != 2 {
		return fmt.Errorf("try the graph: the embedding has shape %v; need [batch, width]", embedding)
	}
	s.width = int(embedding[1])
	want := []ort.Shape{ort.NewShape(2), ort.NewShape(2, 3), ort.NewShape(2, int64(s.width))}
	for i, o := range out {
		if _, ok := o.(*ort.Tensor[float32]); !ok || !o.GetShape().Equals(want[i]) {
			return fmt.Errorf("try the graph: output %s is %T of shape %v; need float32 of %v", graphOutputs[i], o, o.GetShape(), want[i])
		}
	}
	return nil
}

// run asks the graph about rows of ids, of any lengths, in one go. Nobody else
// uses the scratch memory meanwhile.
func (s *session) run(rows [][]int64, scratch *tensors) ([]answer, error) {
	in, err := scratch.lay(rows)
	if err != nil {
		return nil, err
	}
	defer destroy(in)
	out, err := outputs(len(rows), s.width)
	if err != nil {
		return nil, err
	}
	defer destroy(out)
	if err := s.graph.Run(in, out); err != nil {
		return nil, fmt.Errorf("run the graph on %d rows of %d tokens: %w", len(rows), longest(rows), err)
	}
	return s.answers(out, len(rows)), nil
}

// answers takes the outputs apart. Each embedding has its own memory, so that
// who keeps one does not keep its whole batch.
func (s *session) answers(out []ort.Value, n int) []answer {
	logits := out[0].(*ort.Tensor[float32]).GetData()
	criteria := out[1].(*ort.Tensor[float32]).GetData()
	embeddings := out[2].(*ort.Tensor[float32]).GetData()
	answers := make([]answer, n)
	for i := range answers {
		answers[i] = answer{
			logit:     logits[i],
			criteria:  [3]float32(criteria[3*i:]),
			embedding: slices.Clone(embeddings[i*s.width : (i+1)*s.width]),
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
