package likeness

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// Copy is an idea that another one may have been copied from, or that may have
// been copied from it: nothing here says who was first, or whether they may.
type Copy struct {
	postgres.IdeaText
	Here, There  []Field       // the texts of the two ideas that share passages, those marked
	Shared, Back float64       // what part of the one text stands in the other, and the other way round, 0..1
	Told         idea.Likeness // that the founder was told before submitting; zero otherwise
}

// Copies returns at most most ideas that share their words with the newest version
// of v, whatever their state, and those that its founder went on from although
// they are alike. Only who moderates may see all of them.
func (f *Finder) Copies(ctx context.Context, id tenant.ID, v postgres.IdeaView, most int) ([]Copy, error) {
	matches, err := f.Find(ctx, Question{Tenant: id, Idea: v.ID, Draft: v.Said.Draft, Standing: true}, most)
	if err != nil {
		return nil, err
	}
	answers, err := f.store.Likenesses(ctx, id, v.ID)
	if err != nil {
		return nil, err
	}
	told := map[uuid.UUID]idea.Likeness{}
	for _, l := range answers {
		if l.Version == v.Version {
			told[l.Other] = l
		}
	}
	var texts []postgres.IdeaText
	rest := map[uuid.UUID]bool{} // that were answered about and are not found by their words
	for other := range told {
		rest[other] = true
	}
	for _, m := range matches {
		texts = append(texts, m.IdeaText)
		delete(rest, m.ID)
	}
	ids := make([]uuid.UUID, 0, len(rest))
	for other := range rest {
		ids = append(ids, other)
	}
	more, err := f.store.IdeaTexts(ctx, id, ids)
	if err != nil {
		return nil, fmt.Errorf("read what idea %s is like: %w", v.ID, err)
	}
	var list []Copy
	for _, t := range append(texts, more...) {
		c := Copy{IdeaText: t, Told: told[t.ID]}
		c.Here, c.Shared = Mark(v.Said.Draft, t.Draft)
		c.There, c.Back = Mark(t.Draft, v.Said.Draft)
		list = append(list, c)
	}
	return list, nil
}

// Passages lists what is shared, as the one idea says it.
func (c Copy) Passages() []string {
	list := []string{}
	for _, f := range c.Here {
		for _, s := range f.Segments {
			if s.Shared {
				list = append(list, s.Text)
			}
		}
	}
	return list
}
