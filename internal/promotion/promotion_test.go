package promotion_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/promotion"
)

func model(name string) promotion.Model {
	return promotion.Model{Folder: name, Title: name + " 1", Hash: "hash of " + name}
}

// played adds steps to an empty history: a name promotes, "<" rolls back.
func played(t *testing.T, acts string) (h promotion.History) {
	t.Helper()
	for act := range strings.FieldsSeq(acts) {
		step, err := h.Promote(model(act), h.Seq(), promotion.By{}, "because")
		if act == "<" {
			step, err = h.Rollback(h.Seq(), promotion.By{}, "because")
		}
		if err != nil {
			t.Fatalf("%s: %v", act, err)
		}
		h = append(h, step)
	}
	return h
}

func TestRollbacksTakePromotionsFromThePile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ acts, live, earlier string }{
		{"", "", "none"},
		{"a", "a", ""},
		{"a b", "b", "a"},
		{"a b <", "a", ""},
		{"a b < <", "", "none"},
		{"a b < c", "c", "a"},
		{"a b < c <", "a", ""},
		{"a b a", "a", "b"},
		{"a b a <", "b", "a"},
		{"a < b", "b", ""},
	} {
		h := played(t, c.acts)
		earlier, ok := h.Earlier()
		if got := h.Live().Folder; got != c.live {
			t.Errorf("%q: %q serves, want %q", c.acts, got, c.live)
		}
		if ok != (c.earlier != "none") || ok && earlier.Folder != c.earlier {
			t.Errorf("%q: a rollback leads to %q, %v, want %q", c.acts, earlier.Folder, ok, c.earlier)
		}
		if last := len(h) - 1; last >= 0 && h[last].Model != h.Live() {
			t.Errorf("%q: the last step says %q", c.acts, h[last].Model.Folder)
		}
	}
}

func TestARollbackUndoesAnyPromotion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var h promotion.History
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			step, err := h.Rollback(h.Seq(), promotion.By{}, "why")
			if rapid.Bool().Draw(t, "promote") {
				step, err = h.Promote(model(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "model")), -1, promotion.By{}, "why")
			}
			if err == nil {
				h = append(h, step)
			}
		}
		before := h.Live()
		up, err := h.Promote(model("new"), h.Seq(), promotion.By{}, "why")
		if err != nil {
			t.Fatal(err)
		}
		h = append(h, up)
		back, err := h.Rollback(h.Seq(), promotion.By{}, "why")
		if err != nil || back.Model != before || back.Seq != up.Seq+1 {
			t.Fatalf("back to %+v, %v, want %+v", back, err, before)
		}
		if h = append(h, back); h.Live() != before {
			t.Fatalf("%+v serves, want %+v", h.Live(), before)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	h := played(t, "a b")
	refusal := func(_ promotion.Step, err error) string {
		if e := errs.CodeOf(err); e != "fields" {
			return e
		}
		return "fields"
	}
	for _, c := range []struct {
		name, got, want string
	}{
		{"the model that serves", refusal(h.Promote(model("b"), 2, promotion.By{}, "why")), "model.live"},
		{"on an older page", refusal(h.Promote(model("c"), 1, promotion.By{}, "why")), "model.changed"},
		{"a rollback on an older page", refusal(h.Rollback(0, promotion.By{}, "why")), "model.changed"},
		{"without a reason", refusal(h.Promote(model("c"), 2, promotion.By{}, " \n")), "fields"},
		{"with an endless reason", refusal(h.Rollback(2, promotion.By{}, strings.Repeat("字", promotion.MaxReason+1))), "fields"},
		{"with line ends as browsers send them", refusal(h.Rollback(2, promotion.By{}, strings.Repeat("\r\nx", promotion.MaxReason/2))), ""},
		{"nothing to take back", refusal(promotion.History{}.Rollback(0, promotion.By{}, "why")), "model.first"},
		{"whatever was seen", refusal(h.Promote(model("c"), -1, promotion.By{}, "why")), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
