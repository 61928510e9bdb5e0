package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"globalbrain/internal/picture"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

// illustrated is a submitted idea with one picture, which has the given hash.
func (c *client) illustrated(call uuid.UUID, title string, hash picture.Hash) string {
	c.t.Helper()
	draft := c.do(post, "/ideas", object{"call_id": call}).text("id")
	c.do(put, "/ideas/"+draft+"/draft", draftOf(title), "If-Match", `"1"`)
	m := picture.Measures{Width: 4, Height: 2, Brightness: 0.5, Entropy: 6, Hash: hash}
	_, err := c.store.AddImage(c.t.Context(), c.where.ID, c.id, uuid.MustParse(draft), postgres.NewImage{
		Alt: "Of " + title, MediaType: "image/png", Width: 4, Height: 2, Bytes: []byte{1}, Measures: m,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.do(post, "/ideas/"+draft+"/submit", nil, "If-Match", `"2"`)
	return draft
}

func TestAModeratorIsToldOfNearlyEqualPictures(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call := tw.newCall(tw.health, "streets")
	founder, moderator := tw.person("Fay Founder", "Firm"), tw.person("Mo Moderator", "Town hall", tenant.Moderator)
	first := founder.illustrated(call, "First", picture.Hash{0xFF})
	second := founder.illustrated(call, "Second", picture.Hash{0xFF, 1})
	founder.illustrated(call, "Third", picture.Hash{3: 0xFF, 4: 0xFF, 5: 0xFF})

	told := moderator.do(get, "/screening/"+second+"/pictures", nil)
	for path, want := range map[string]string{
		told.text("items", 0, "alt"):                       "Of Second",
		told.text("items", 0, "measures", "hash"):          "ff010000000000000000000000000000",
		told.text("items", 0, "near", 0, "idea_id"):        first,
		told.text("items", 0, "near", 0, "title"):          "First",
		told.text("items", 0, "near", 0, "picture", "alt"): "Of First",
	} {
		if path != want {
			t.Errorf("%q, want %q in %s", path, want, told.raw)
		}
	}
	var body struct {
		Items []struct {
			Measures struct{ Aspect, Entropy float64 }
			Near     []struct{ Distance int }
		}
	}
	if err := json.Unmarshal(told.raw, &body); err != nil {
		t.Fatal(err)
	}
	if len(body.Items) != 1 || body.Items[0].Measures.Aspect != 2 || body.Items[0].Measures.Entropy != 6 || len(body.Items[0].Near) != 1 || body.Items[0].Near[0].Distance != 1 {
		t.Errorf("%s", told.raw)
	}
	if a := founder.in(get, "/screening/"+second+"/pictures", nil); a.StatusCode != http.StatusForbidden {
		t.Errorf("the founder asks: %d %s", a.StatusCode, a.raw)
	}
}
