package scoring

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Figures are what was measured of a model when it was made, as its manifest
// tells it. The lab decides what there is; what is missing or of another form
// is empty here, and nobody should show more than there is.
type Figures struct {
	Rows        Rows
	Success     Ordered[map[string]Estimate] // by what was measured, the model itself first, then the figure's name
	Rating      Ordered[map[string]Estimate] // the same
	Calibration CalibrationFigures
	Slices      Ordered[Slice]
}

// Rows counts the ideas that a model was made from, by round.
type Rows struct {
	Train      Ordered[int] `json:"train"`
	Test       Ordered[int] `json:"test"`
	Quarantine Ordered[int] `json:"quarantine"` // by the reason
}

// Estimate is a figure with its 95 % bootstrap interval.
type Estimate struct{ Value, Low, High float64 }

// UnmarshalJSON reads [value, low, high].
func (e *Estimate) UnmarshalJSON(raw []byte) error {
	var list []float64
	if err := json.Unmarshal(raw, &list); err != nil || len(list) != 3 {
		return fmt.Errorf("an estimate is [value, low, high], not %.60s", raw)
	}
	*e = Estimate{list[0], list[1], list[2]}
	return nil
}

// CalibrationFigures say how far stated chances are from what happened.
type CalibrationFigures struct {
	Brier           *float64 `json:"brier"`
	BrierOfBaseRate *float64 `json:"brier_of_base_rate"`
	ECE             *float64 `json:"ece"`
	Reliability     []Bin    `json:"reliability"`
}

// Bin is the ideas of like stated chance: how many, the chance on average, and
// the share that succeeded with its interval, all but N in 0..1.
type Bin struct {
	N        int     `json:"n"`
	Stated   float64 `json:"mean_probability"`
	Observed float64 `json:"observed"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
}

// Slice is the figures of some of the test ideas, each by what was measured.
type Slice struct {
	Ideas          int                `json:"ideas"`
	SuccessAUC     map[string]float64 `json:"success_auc"`
	RatingAUC      map[string]float64 `json:"rating_auc"`
	RatingSpearman map[string]float64 `json:"rating_spearman"`
}

// Figures reads what the manifest says was measured. A part that is not in the
// form of Figures is left out.
func (m *Manifest) Figures() Figures {
	var parts map[string]json.RawMessage
	if json.Unmarshal(m.Metrics, &parts) != nil {
		return Figures{}
	}
	return Figures{
		Rows:        part[Rows](parts["rows"]),
		Success:     part[Ordered[map[string]Estimate]](parts["success"]),
		Rating:      part[Ordered[map[string]Estimate]](parts["rating"]),
		Calibration: part[CalibrationFigures](parts["calibration"]),
		Slices:      part[Ordered[Slice]](parts["slices"]),
	}
}

func part[T any](raw json.RawMessage) (value T) {
	if json.Unmarshal(raw, &value) != nil {
		var none T
		return none
	}
	return value
}

// Ordered is a JSON object whose order means something.
type Ordered[T any] []Entry[T]

// Entry is one member of an Ordered.
type Entry[T any] struct {
	Key   string
	Value T
}

// First returns the value of the first member, the zero value without one.
func (o Ordered[T]) First() (value T) {
	if len(o) > 0 {
		value = o[0].Value
	}
	return value
}

// Get returns the value of a member, the zero value when there is none.
func (o Ordered[T]) Get(key string) (value T) {
	for _, e := range o {
		if e.Key == key {
			return e.Value
		}
	}
	return value
}

// UnmarshalJSON reads an object in its order.
func (o *Ordered[T]) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("an object is needed, not %.60s", raw)
	}
	var list Ordered[T]
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var e Entry[T]
		e.Key, _ = key.(string) // an object's keys are strings
		if err := d.Decode(&e.Value); err != nil {
			return err
		}
		list = append(list, e)
	}
	*o = list
	return nil
}
