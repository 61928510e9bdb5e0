package idea

import (
	"time"

	"github.com/google/uuid"
)

// Band is one estimate with its calibrated interval, Low <= Value <= High.
type Band struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Score is what a model said about one version of an idea. It is never changed:
// a new model or a new version gets a new score. When Abstained is set the bands
// are zero and mean nothing, and Reason says why. A score never moves an idea.
type Score struct {
	ID           uuid.UUID // the run's id, which receipts name
	Version      int       // of the idea
	Model        string    // name and version of what spoke, as people say it
	ModelHash    string    // sha256 of the manifest of the model that was asked, in hex
	Asked        string    // that model's name and version, where another one may have spoken for it; not kept
	Language     string    // that the model found the text to be in
	Abstained    bool
	Reason       string
	Success      Band // probability, 0..1
	Impact       Band // rating, 1..5, and so the two below
	Feasibility  Band
	Auditability Band
	Embedding    []float32 // unit length; empty when the model was not run
	At           time.Time
}

// Rated reports whether the model spoke about the criteria too. Ratings begin
// at 1, so the zero band is none.
func (s *Score) Rated() bool { return s.Impact != Band{} }

// Image is a picture of an idea, without its bytes.
type Image struct {
	ID        uuid.UUID
	Alt       string // what it shows, for people who do not see it
	MediaType string // image/jpeg or image/png
	Width     int    // pixels
	Height    int    // pixels
}

// Limits of an idea's pictures.
const (
	MaxImages = 6
	MaxAlt    = 300 // characters
)

// Version is what was submitted at one time; it never changes.
type Version struct {
	Number int // from 1
	Draft
	At time.Time
}

// Transition is one step that an idea took.
type Transition struct {
	Seq    int // from 1
	From   State
	To     State
	Actor  uuid.UUID // uuid.Nil: the system itself
	Name   string    // of the actor
	Reason string
	At     time.Time
}
