package brain

import (
	"testing"
	"time"

	"globalbrain/internal/promotion"
	"globalbrain/internal/tenant"
)

// Who read the choice before a promotion may be done with it only afterwards.
func TestAReadingThatBeganBeforeAPromotionDoesNotCountAfterIt(t *testing.T) {
	t.Parallel()
	const city = tenant.ID(1)
	b := &Brain{known: map[tenant.ID]memory{}, changed: map[tenant.ID]time.Time{}}
	former := memory{promotion.Choice{Own: promotion.Model{Folder: "former"}}, time.Now()}
	b.learn(city, former)
	b.forget(city)
	if b.learn(city, former); len(b.known) != 0 {
		t.Errorf("known: %+v", b.known)
	}
	if b.learn(city, memory{at: time.Now()}); len(b.known) != 1 {
		t.Error("a later reading does not count")
	}
}
