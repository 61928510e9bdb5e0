package scoring

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Prepared is an idea made ready for the graph: cleaned, its language told,
// tokenised. Preparing needs a processor only, and may run ahead of the model
// on all cores.
type Prepared struct {
	text    Text
	version *version // whose vocabulary the ids are of

	fallback *fallback // who has answered instead of the graph; nil: nobody has
	ids      []int64   // nil when the model abstains without being asked
	score    Score     // what is known before the graph was asked
}

// Tokens is the number of ids that the graph will read; 0 when it is not asked.
func (p *Prepared) Tokens() int { return len(p.ids) }

// prepare makes one idea ready for v.
func (v *version) prepare(t Text) *Prepared {
	fields := t.cleaned()
	language, sure := languageOf(fields, t.Language)
	if f := v.fallbackFor(language); f != nil {
		return &Prepared{text: t, version: v, fallback: f, score: f.score(fields, language, sure)}
	}
	p := &Prepared{text: t, version: v, score: v.blank(language)}
	ids, content := compose(v.tokenizer, fields, v.manifest.Tokenizer.MaxTokens)
	short := content < v.manifest.Abstain.MinTokens
	switch {
	case short && !sure: // a language guessed from so few words would be a wrong reason to give
		p.score.Language = unknownLanguage
		p.abstain(ReasonTooShort)
	case !slices.Contains(v.manifest.Languages, language):
		p.abstain(ReasonLanguage + language)
	case short:
		p.abstain(ReasonTooShort)
	default:
		p.ids = ids
	}
	return p
}

// cleaned returns the fields as models read them.
func (t Text) cleaned() []string {
	fields := make([]string, len(Fields))
	for i := range fields {
		fields[i] = Clean(t.field(i))
	}
	return fields
}

func (p *Prepared) abstain(reason string) {
	p.score.Abstained, p.score.Reason = true, reason
}

// finish returns the score with what the graph said.
func (p *Prepared) finish(a answer) (Score, error) {
	score := p.score
	score.Embedding, score.Tokens = a.embedding, len(p.ids)
	m := p.version.manifest
	if !m.gives(successOutput) {
		score.Abstained, score.Reason = true, ReasonUntrained
		return score, nil
	}
	success, criteria, certain, err := m.calibrate(a)
	if err != nil {
		return Score{}, err
	}
	if !certain {
		score.Abstained, score.Reason = true, ReasonUncertain
		return score, nil
	}
	score.Success, score.Criteria, score.Uncalibrated = success, criteria, !m.calibrated()
	return score, nil
}

// prepareAll prepares texts on all cores, in order; it stops early when ctx ends.
func (v *version) prepareAll(ctx context.Context, texts []Text) []*Prepared {
	out := make([]*Prepared, len(texts))
	var at atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		workers.Go(func() {
			for i := at.Add(1) - 1; i < int64(len(texts)) && ctx.Err() == nil; i = at.Add(1) - 1 {
				out[i] = v.prepare(texts[i])
			}
		})
	}
	workers.Wait()
	return out
}
