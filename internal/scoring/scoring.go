// Package scoring asks the model. It owns the process's one ONNX Runtime
// environment, loads and checks a model folder, cleans and tokenises ideas,
// batches them, runs the graph and turns what comes out into calibrated scores
// with intervals, or abstains and says why.
//
// It does not know tenants, people, the database or HTTP: text goes in, numbers
// come out, and on a processor equal text under an equal model hash gives equal
// numbers, whoever else asks at the time (see Options.RunTokens).
package scoring

// Fields are the parts of an idea that the model reads, in the order it reads
// them. A manifest that lists others is refused.
var Fields = []string{"title", "problem", "solution", "team"}

// Text is what the model may know of an idea. Any field may be empty, of any
// length and in any language.
type Text struct {
	Title    string
	Problem  string
	Solution string
	Team     string
	Language string // BCP 47, as the founder stated it; empty: find out
}

// field returns the i-th of Fields.
func (t *Text) field(i int) string {
	switch i {
	case 0:
		return t.Title
	case 1:
		return t.Problem
	case 2:
		return t.Solution
	default:
		return t.Team
	}
}

// with returns a copy of t with the i-th of Fields replaced.
func (t Text) with(i int, text string) Text {
	switch i {
	case 0:
		t.Title = text
	case 1:
		t.Problem = text
	case 2:
		t.Solution = text
	default:
		t.Team = text
	}
	return t
}

// Chance is a calibrated probability with its conformal interval, all in 0..1.
type Chance struct {
	Probability float64 `json:"probability"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
}

// Rating is a criterion's calibrated mean with its conformal interval, all in 1..5.
type Rating struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Criteria are the three questions that reviewers answer too.
type Criteria struct {
	Impact       Rating `json:"impact"`
	Feasibility  Rating `json:"feasibility"`
	Auditability Rating `json:"auditability"`
}

// Score is the model's answer for one idea. When Abstained is set, Success and
// Criteria are zero and mean nothing, and Reason is one of the Reason constants
// (ReasonLanguage is followed by the code).
type Score struct {
	Model     string // name and version, as people say it
	ModelHash string // sha256 of the manifest, in hex
	Language  string // ISO 639 code, "und" when it cannot be told
	Success   Chance
	Criteria  *Criteria // nil when it abstained, or has no heads for criteria
	Abstained bool
	Reason    string
	Embedding []float32 // unit length; nil when the model was not run, or is one of n-grams
	Nearness  Nearness  // what cosines of its embeddings mean
	Tokens    int       // ids that the model read, special ones included, or words of n-grams; 0 when it was not run

	// Uncalibrated is set when nobody has measured how far this model is from
	// the truth. Its intervals are then the whole scale, which is all that is known.
	Uncalibrated bool
}

// Why the model may abstain.
const (
	ReasonLanguage  = "language:" // and the code: not a language it was trained on
	ReasonTooShort  = "too_short" // fewer content tokens than the manifest's minimum
	ReasonUncertain = "uncertain" // every interval spans nearly its whole scale
	ReasonUntrained = "untrained" // an encoder without heads: it has an embedding to give, and no opinion
)
