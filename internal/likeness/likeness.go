// Package likeness finds a tenant's ideas that are like a text. It keeps sketches
// and embeddings of the ideas in the memory of the process that serves, follows
// the database as they change, and asks the database about the few that it finds
// before it names them, so that what it says of them is true now and nobody sees
// what they may not. Where likeness begins is the idea package's to say.
package likeness

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
	"globalbrain/internal/similar"
	"globalbrain/internal/tenant"
)

// Options of a Finder; what is zero has the default.
type Options struct {
	Staleness time.Duration // how old what is known may be; default 5 s
	Patience  time.Duration // how long a search waits for what it does not know yet; default 1 s
	Idle      time.Duration // after which a tenant that nobody asked about is forgotten; default 30 min

	now func() time.Time // of tests
}

// Finder finds ideas. It is safe for concurrent use.
type Finder struct {
	store   *postgres.Store
	options Options
	shelves shelves
}

// New returns a Finder that knows nothing yet; what it needs is read when it is
// first asked about a tenant.
func New(store *postgres.Store, o Options) *Finder {
	o.Staleness = cmp.Or(o.Staleness, 5*time.Second)
	o.Patience = cmp.Or(o.Patience, time.Second)
	o.Idle = cmp.Or(o.Idle, 30*time.Minute)
	if o.now == nil {
		o.now = time.Now
	}
	return &Finder{store: store, options: o, shelves: shelves{}}
}

// Question is a text that is compared with a tenant's ideas.
type Question struct {
	Tenant tenant.ID
	Idea   uuid.UUID        // whose text it is, whatever the version: never an answer; uuid.Nil: nobody's
	Draft  idea.Draft       // the texts
	Model  string           // the hash of the model that Embedding is of
	Vector []float32        // unit length; nil: only the words are compared
	Near   scoring.Nearness // what the model's cosines mean

	// Standing asks about ideas that are not public as well, as a moderator may.
	Standing bool
}

// About returns the question what ideas are like a draft of which a model said
// this.
func About(t tenant.ID, i uuid.UUID, d idea.Draft, s scoring.Score) Question {
	return Question{Tenant: t, Idea: i, Draft: d, Model: s.ModelHash, Vector: s.Embedding, Near: s.Nearness}
}

// Match is an idea that was found.
type Match struct {
	postgres.IdeaText
	Degree idea.Degree // not Unlike
	idea.Comparison
}

// How many ideas each search brings to be compared closely, and from which
// estimate of the Jaccard similarity on; exact figures decide after that.
const (
	brought      = 16
	leastJaccard = 0.15
)

// Find returns at most most ideas, the strongest likeness first. While a tenant's
// ideas are still being read, it answers from those that it knows.
func (f *Finder) Find(ctx context.Context, q Question, most int) ([]Match, error) {
	text := Plain(q.Draft)
	shingles := similar.ShinglesOf(text)
	near, err := f.candidates(ctx, q, shingles)
	if err != nil {
		return nil, fmt.Errorf("find what is like an idea: %w", err)
	}
	delete(near, q.Idea)
	if len(near) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, 0, len(near))
	for id := range near {
		ids = append(ids, id)
	}
	texts, err := f.store.IdeaTexts(ctx, q.Tenant, ids)
	if err != nil {
		return nil, fmt.Errorf("find what is like an idea: %w", err)
	}
	var matches []Match
	for _, t := range texts {
		if !t.State.Public() && (!q.Standing || !t.State.Standing()) {
			continue
		}
		m := Match{IdeaText: t, Comparison: compare(text, shingles, t.Draft)}
		m.Cosine, m.CosineRelated, m.CosineClose = near[t.ID], q.Near.Related, q.Near.Close
		if m.Degree = m.Comparison.Degree(); m.Degree != idea.Unlike {
			matches = append(matches, m)
		}
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(
			cmp.Compare(slices.Index(idea.Degrees, a.Degree), slices.Index(idea.Degrees, b.Degree)),
			cmp.Compare(b.Shared, a.Shared), cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.ID.String(), b.ID.String()),
		)
	})
	return matches[:min(len(matches), most)], nil
}

// mostAsked is about how many ideas a founder is asked at once.
const mostAsked = 3

// Settle returns what is to be stored when the founder of q's idea submits it, or
// the ideas that the founder has to be asked about before. Answers are what was
// said of each idea that was shown, be it nothing; what an earlier version was
// submitted with holds as well, so a founder is asked about an idea once.
func (f *Finder) Settle(ctx context.Context, q Question, answers map[uuid.UUID]string) ([]idea.Likeness, []Match, error) {
	given := map[uuid.UUID]string{}
	for other, note := range answers {
		given[other] = idea.CleanLikenessNote(note)
		if err := idea.CheckLikenessNote(given[other]); err != nil {
			return nil, nil, err
		}
	}
	matches, err := f.Find(ctx, q, mostAsked)
	matches = slices.DeleteFunc(matches, func(m Match) bool { return !m.Degree.Asks() })
	if err != nil || len(matches) == 0 {
		return nil, nil, err
	}
	earlier, err := f.store.Likenesses(ctx, q.Tenant, q.Idea)
	if err != nil {
		return nil, nil, err
	}
	said := map[uuid.UUID]string{}
	for _, l := range slices.Backward(earlier) { // the newest one counts
		said[l.Other] = l.Note
	}
	maps.Copy(said, given)
	list := make([]idea.Likeness, 0, len(matches))
	for _, m := range matches {
		note, answered := said[m.ID]
		if !answered {
			return nil, matches, nil
		}
		list = append(list, idea.Likeness{Other: m.ID, Degree: m.Degree, Shared: m.Shared, Note: note})
	}
	return list, nil, nil
}

// candidates returns ideas that may be like q with their cosines, 0 for those
// that only share words.
func (f *Finder) candidates(ctx context.Context, q Question, shingles similar.Shingles) (map[uuid.UUID]float64, error) {
	near := map[uuid.UUID]float64{}
	s := f.shelves.of(q.Tenant, f.options)
	if len(shingles) > 0 {
		if err := s.texts.follow(ctx, f.options, func(ctx context.Context, since time.Time) (time.Time, error) {
			return f.store.FollowTexts(ctx, q.Tenant, since, s.learnText)
		}); err != nil {
			return nil, err
		}
		sketch := similar.SketchOf(shingles)
		for _, h := range s.sketches.Search(&sketch, brought+1, leastJaccard) { // one of them may be the idea itself
			near[h.Key] = 0
		}
	}
	if len(q.Vector) == 0 {
		return near, nil
	}
	space := s.space(q.Model, f.options.now())
	if err := space.follow(ctx, f.options, func(ctx context.Context, since time.Time) (time.Time, error) {
		return f.store.FollowEmbeddings(ctx, q.Tenant, q.Model, since, space.learn)
	}); err != nil {
		return nil, err
	}
	for _, h := range space.index.Search(q.Vector, brought+1) {
		near[h.Key] = h.Near
	}
	return near, nil
}

// Plain returns an idea's texts as they are compared: without markup, one after
// the other.
func Plain(d idea.Draft) string {
	text := ""
	for _, l := range idea.Limits {
		text += scoring.Clean(d.Text(l.Field)) + "\n"
	}
	return text
}

func compare(text string, shingles similar.Shingles, other idea.Draft) idea.Comparison {
	theirs := similar.ShinglesOf(Plain(other))
	_, shared := similar.Shared(text, theirs)
	return idea.Comparison{Words: min(shingles.Units(), theirs.Units()), Jaccard: shingles.Jaccard(theirs), Shared: shared}
}
