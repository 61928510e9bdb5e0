package scoring

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Limits of the coach, so that a founder who types on a small machine gets an
// answer before they look up: passages are merged until they fit.
const (
	maxPassages    = 12
	maxCoachTokens = 2048 // of the draft and all its variants
)

// Advice is what the model makes of a draft: its score, and what each passage
// does to it.
type Advice struct {
	Score    Score
	Passages []Passage // what helps most first, what hurts most last; empty when the model abstained
}

// A Passage is some sentences of one field. Success and Rating are what the
// score has because the passage is there: the draft's probability and mean
// rating minus those of the draft without it (occlusion).
type Passage struct {
	Field      string // one of Fields
	Start, End int    // bytes of the field as it was given
	Text       string
	Success    float64 // in probability, -1..1
	Rating     float64 // in rating points, mean of the criteria, -4..4; 0 from a model without criteria
}

// Coach scores a draft and finds the passages that help and hurt: the draft and
// its variants go to the model at once. Its errors are Score's.
func (s *Scorer) Coach(ctx context.Context, t Text) (Advice, error) {
	v, err := s.use()
	if err != nil {
		return Advice{}, err
	}
	defer v.uses.Done()
	draft := v.prepare(t)
	if draft.ids == nil {
		s.metrics.scored(draft.score)
		if f := draft.fallback; f != nil && !draft.score.Abstained {
			return f.advice(t, draft.score)
		}
		return Advice{Score: draft.score}, nil
	}
	var passages []Passage
	if v.manifest.gives(successOutput) {
		passages = v.passages(t, len(draft.ids))
	}
	rows := [][]int64{draft.ids}
	for _, p := range passages {
		rows = append(rows, v.without(t, p))
	}
	answers, err := s.ask(newRequest(ctx, v, rows), s.options.RunTokens >= maxCoachTokens)
	if err != nil {
		return Advice{}, fmt.Errorf("advise on a draft: %w", err)
	}
	advice, err := draft.advice(passages, answers)
	if err != nil {
		return Advice{}, fmt.Errorf("advise on a draft: %w", err)
	}
	s.metrics.scored(advice.Score)
	return advice, nil
}

// advice compares the draft, which is the first answer, with its variants.
func (p *Prepared) advice(passages []Passage, answers []answer) (Advice, error) {
	score, err := p.finish(answers[0])
	if err != nil || score.Abstained {
		return Advice{Score: score}, err
	}
	return advise(p.version.manifest, score, passages, answers[1:])
}

// advise puts into each passage what the score loses without it, and the
// strongest first.
func advise(m *Manifest, score Score, passages []Passage, without []answer) (Advice, error) {
	for i := range passages {
		success, criteria, _, err := m.calibrate(without[i])
		if err != nil {
			return Advice{}, err
		}
		passages[i].Success = score.Success.Probability - success.Probability
		passages[i].Rating = score.Criteria.mean() - criteria.mean()
	}
	slices.SortStableFunc(passages, func(a, b Passage) int { return cmp.Compare(b.Success, a.Success) })
	return Advice{Score: score, Passages: passages}, nil
}

// mean is 0 of a model that has no criteria.
func (c *Criteria) mean() float64 {
	if c == nil {
		return 0
	}
	return (c.Impact.Mean + c.Feasibility.Mean + c.Auditability.Mean) / 3
}

// without returns the ids of the draft with one passage cut out.
func (v *version) without(t Text, p Passage) []int64 {
	ids, _ := compose(v.tokenizer, t.without(p).cleaned(), v.manifest.Tokenizer.MaxTokens)
	return ids
}

// without returns t with one passage cut out.
func (t Text) without(p Passage) Text {
	i := slices.Index(Fields, p.Field)
	text := t.field(i)
	return t.with(i, text[:p.Start]+" "+text[p.End:])
}

// passages divides the fields but the title, as far as the model reads them,
// into few enough passages; tokens is the draft's length.
func (v *version) passages(t Text, tokens int) []Passage {
	var passages []Passage
	lengths := make([]int, len(Fields))
	spans := make([][]span, len(Fields))
	budget := v.manifest.Tokenizer.MaxTokens - 1 - len(Fields)
	for i := range Fields {
		spans[i], lengths[i] = v.measured(t.field(i), budget)
	}
	shares := fairShares(lengths, budget)
	for i := 1; i < len(Fields); i++ {
		read := 0
		for _, s := range spans[i] {
			if read >= shares[i] {
				break
			}
			read += s.tokens
			passages = append(passages, Passage{Field: Fields[i], Start: s.start, End: s.end})
		}
	}
	return quoted(t, merge(passages, min(maxPassages, maxCoachTokens/tokens-1)))
}

// quoted puts its text into each passage.
func quoted(t Text, passages []Passage) []Passage {
	for i, p := range passages {
		text := t.field(slices.Index(Fields, p.Field))
		passages[i].Text = text[p.Start:p.End]
	}
	return passages
}

// measured returns the sentences of a field up to a number of tokens, each with
// its own, and their sum.
func (v *version) measured(text string, budget int) (spans []span, total int) {
	for s := range sentences(text) {
		s.tokens = len(v.tokenizer.Append(nil, Clean(text[s.start:s.end]), budget))
		if s.tokens == 0 {
			continue
		}
		spans = append(spans, s)
		if total += s.tokens; total >= budget {
			break
		}
	}
	return spans, total
}

// merge joins neighbours within a field, the shortest pair first, until at most
// limit passages are left or each is a whole field.
func merge(passages []Passage, limit int) []Passage {
	for len(passages) > limit {
		best, size := -1, 0
		for i := range len(passages) - 1 {
			a, b := passages[i], passages[i+1]
			if a.Field == b.Field && (best < 0 || b.End-a.Start < size) {
				best, size = i, b.End-a.Start
			}
		}
		if best < 0 {
			return passages
		}
		passages[best].End = passages[best+1].End
		passages = slices.Delete(passages, best+1, best+2)
	}
	return passages
}

// Helps returns at most n passages that raise the probability of success by at
// least least, the strongest first.
func (a Advice) Helps(n int, least float64) []Passage {
	end := 0
	for end < min(n, len(a.Passages)) && a.Passages[end].Success >= least {
		end++
	}
	return a.Passages[:end:end]
}

// Hurts returns at most n passages that lower it so, the strongest first.
func (a Advice) Hurts(n int, least float64) []Passage {
	var worst []Passage
	for _, p := range slices.Backward(a.Passages) {
		if len(worst) == n || p.Success > -least {
			break
		}
		worst = append(worst, p)
	}
	return worst
}
