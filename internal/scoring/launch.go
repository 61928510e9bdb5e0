package scoring

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"

	ort "github.com/yalue/onnxruntime_go"

	"globalbrain/internal/scoring/launch"
	"globalbrain/internal/scoring/subword"
)

// DefaultLaunchModel is the folder of the launch model that ships.
const DefaultLaunchModel = "launch-campaigns"

// MissingRate comes before a currency in Launch.Missing: amounts in it were
// stated and could not be compared.
const MissingRate = "rate of "

// A Campaign is what the launch model may know: a campaign's text and its plan.
type Campaign struct {
	Title    string
	Blurb    string
	Language string // BCP 47, as the founder stated it; empty: find out
	Plan     launch.Plan
}

// Launch is a campaign's estimated chance to reach its goal, three times and
// apart. Text is nil where the model abstains from the text, for Reason;
// Metadata is nil where nothing is stated; Both is nil where either is.
type Launch struct {
	Model    string   `json:"model"` // name and version
	Text     *Chance  `json:"text"`
	Metadata *Chance  `json:"metadata"`
	Both     *Chance  `json:"both"`
	Language string   `json:"-"`
	Reason   string   `json:"reason"`
	Missing  []string `json:"missing"`           // what the plan does not state; the usual value stands in
	Ignored  int      `json:"ignored,omitempty"` // keys of the plan that are not read
}

// A Launcher runs the launch model. It is safe for concurrent use. Close it.
type Launcher struct {
	manifest  *launchManifest
	tokenizer subword.Tokenizer
	graph     *ort.DynamicAdvancedSession
}

// OpenLauncher loads the launch model in the folder of that name in models, and
// tries its graph; library is ONNX Runtime's (see FindRuntime).
func OpenLauncher(models, name, library string) (*Launcher, error) {
	if filepath.Base(name) != name {
		return nil, fmt.Errorf("load launch model %s: that is no folder's name", name)
	}
	folder := filepath.Join(models, name)
	m, err := readLaunchManifest(folder)
	if err != nil {
		return nil, err
	}
	l := &Launcher{manifest: m}
	files := Manifest{Name: m.Name, Version: m.Version, Files: m.Files}
	vocabulary, err := files.file(folder, vocabularyName)
	if err != nil {
		return nil, err
	}
	if l.tokenizer, err = subword.FromVocabulary(vocabulary, m.Tokenizer.BERT, subword.BERTNames); err != nil {
		return nil, fmt.Errorf("%s: %w", m.title(), err)
	}
	graph, err := files.file(folder, launchGraphName)
	if err != nil {
		return nil, err
	}
	if err := enterEnvironment(library); err != nil {
		return nil, err
	}
	if err := l.load(graph); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", m.title(), err), leaveEnvironment())
	}
	return l, nil
}

func (l *Launcher) load(graph []byte) error {
	options, err := sessionOptions(CPU)
	if err != nil {
		return err
	}
	defer func() { _ = options.Destroy() }()
	l.graph, err = ort.NewDynamicAdvancedSessionWithONNXData(graph, launchInputs, launchOutputs, options)
	if err != nil {
		return fmt.Errorf("load the graph: %w", err)
	}
	if _, err := l.run(launchRow{}); err != nil {
		return errors.Join(err, l.graph.Destroy())
	}
	return nil
}

// Close frees the model. Nothing may run any more.
func (l *Launcher) Close() error {
	if err := l.graph.Destroy(); err != nil {
		return errors.Join(fmt.Errorf("destroy the session: %w", err), leaveEnvironment())
	}
	return leaveEnvironment()
}

// endMarks are what a platform adds to the title of a campaign that has ended.
// They tell the outcome, so nobody may read them.
var endMarks = regexp.MustCompile(`(?i)[ ]*\((?:canceled|cancelled|suspended|failed|successful|funded)\)`)

// A launchRow is a campaign as the graph reads it.
type launchRow struct {
	title, blurb   []int64
	plan           []float32
	category, main int64
}

func (l *Launcher) row(title, blurb string, p launch.Plan) (r launchRow) {
	most := l.manifest.Tokenizer.FieldPieces
	r.title = l.tokenizer.Append(nil, title, most)
	r.blurb = l.tokenizer.Append(nil, blurb, most)
	r.plan, r.category, r.main = l.manifest.Vector(p)
	return r
}

// Estimate answers for one campaign.
func (l *Launcher) Estimate(c Campaign) (Launch, error) {
	title, blurb := Clean(endMarks.ReplaceAllString(c.Title, "")), Clean(c.Blurb)
	language, sure := languageOf([]string{title, blurb}, c.Language)
	r := l.row(title, blurb, c.Plan)
	logits, err := l.run(r)
	if err != nil {
		return Launch{}, fmt.Errorf("estimate a launch: %w", err)
	}
	for head := 1; head < len(logits); head++ { // the plan's and both
		logits[head] += float32(l.manifest.Pictures.Logit(c.Plan.Pictures))
	}
	e := Launch{Model: l.manifest.title(), Language: language, Missing: c.Plan.Missing(), Ignored: c.Plan.Ignored}
	if !l.manifest.Convertible(c.Plan) {
		e.Missing = slices.Insert(e.Missing, 0, MissingRate+c.Plan.Currency)
	}
	switch {
	case len(r.title)+len(r.blurb) < l.manifest.MinPieces:
		e.Reason = ReasonTooShort
	case !slices.Contains(l.manifest.Languages, language) && (sure || language != unknownLanguage):
		e.Reason = ReasonLanguage + language
	default:
		e.Text = l.chance(logits, 0)
	}
	if !c.Plan.Silent() {
		e.Metadata = l.chance(logits, 1)
	}
	if e.Text != nil && e.Metadata != nil {
		e.Both = l.chance(logits, 2)
	}
	return e, nil
}

func (l *Launcher) chance(logits []float32, head int) *Chance {
	c := l.manifest.Calibration[launchHeads[head]].chance(float64(logits[head]))
	return &c
}

// run asks the graph about one row. Its logits are those of launchHeads.
func (l *Launcher) run(r launchRow) ([]float32, error) {
	in, err := r.tensors()
	defer func() { destroy(in) }()
	if err != nil {
		return nil, err
	}
	out, err := ort.NewEmptyTensor[float32](ort.NewShape(1, int64(len(launchHeads))))
	if err != nil {
		return nil, fmt.Errorf("lay out the answer: %w", err)
	}
	defer func() { _ = out.Destroy() }()
	if err := l.graph.Run(in, []ort.Value{out}); err != nil {
		return nil, fmt.Errorf("run the launch graph: %w", err)
	}
	logits := slices.Clone(out.GetData())
	for _, x := range logits {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return nil, errNotFinite
		}
	}
	return logits, nil
}

// tensors lays a row out; an empty text is one padding.
func (r launchRow) tensors() (values []ort.Value, err error) {
	if r.plan == nil {
		r.plan = make([]float32, len(launch.Features))
	}
	for _, ids := range [][]int64{r.title, r.blurb} {
		if len(ids) == 0 {
			ids = []int64{0}
		}
		values, err = lay(values, err, ort.NewShape(1, int64(len(ids))), ids)
	}
	values, err = lay(values, err, ort.NewShape(1, int64(len(r.plan))), r.plan)
	values, err = lay(values, err, ort.NewShape(1), []int64{r.category})
	return lay(values, err, ort.NewShape(1), []int64{r.main})
}

// lay appends one tensor, unless an earlier one failed.
func lay[T ort.TensorData](values []ort.Value, earlier error, shape ort.Shape, content []T) ([]ort.Value, error) {
	if earlier != nil {
		return values, earlier
	}
	t, err := ort.NewTensor(shape, content)
	if err != nil {
		return values, fmt.Errorf("lay out a campaign: %w", err)
	}
	return append(values, t), nil
}
