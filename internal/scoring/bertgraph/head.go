package bertgraph

import (
	"fmt"
	"slices"
	"strings"
)

// How a folder that has no usable head can get one, for errors.
const trainHint = "this program takes classifiers of one label (its logit) or two (their difference), and encoders without a head; `make train BASE=FOLDER` trains heads on ideas"

// headless are the ends of architectures whose weights are an encoder, whatever
// they were trained for.
var headless = []string{"Model", "ForMaskedLM", "ForPreTraining"}

// findHead says which classifier the folder has, if any.
func (m *Model) findHead(success string) error {
	name := "Model"
	if len(m.config.Architectures) > 0 {
		name = m.config.Architectures[0]
	}
	switch {
	case strings.HasSuffix(name, "ForSequenceClassification"):
	case slices.ContainsFunc(headless, func(end string) bool { return strings.HasSuffix(name, end) }):
		return nil
	default:
		return fmt.Errorf("its architecture is %s; %s", name, trainHint)
	}
	last := m.family.head[len(m.family.head)-1]
	shape, err := m.weights.shape(last.name + ".weight")
	if err != nil {
		return err
	}
	m.labels = shape[0]
	switch {
	case m.labels > 2:
		return fmt.Errorf("its classifier has %d labels; %s", m.labels, trainHint)
	case m.config.Problem == "regression" || m.config.Problem == "multi_label_classification" && m.labels == 2:
		return fmt.Errorf("its problem_type is %s, which is no chance of success; %s", m.config.Problem, trainHint)
	case m.labels == 2:
		return m.findSuccess(success)
	}
	return nil
}

// findSuccess says which of two labels means success: the one that is named, or
// the second of two that have no names of their own.
func (m *Model) findSuccess(success string) error {
	names := [2]string{m.config.Labels["0"], m.config.Labels["1"]}
	if success != "" {
		at := slices.Index(names[:], success)
		if at < 0 {
			return fmt.Errorf("no label is called %q; its labels are %q and %q", success, names[0], names[1])
		}
		m.success = at
		return nil
	}
	m.success = 1
	if named := names != [2]string{} && names != [2]string{"LABEL_0", "LABEL_1"}; named {
		return fmt.Errorf("its labels are %q and %q; say which of them means success", names[0], names[1])
	}
	return nil
}
