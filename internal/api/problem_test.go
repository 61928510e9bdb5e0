package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"globalbrain/internal/api"
	"globalbrain/internal/errs"
	"globalbrain/internal/scoring"
	"globalbrain/internal/tenant"
)

// mentor is a model that answers with what it was given.
type mentor struct {
	advice scoring.Advice
	err    error
}

func (m mentor) Coach(context.Context, tenant.ID, scoring.Text) (scoring.Advice, error) {
	return m.advice, m.err
}

func withCoach(m api.Coach) func(*api.Deps) { return func(d *api.Deps) { d.Coach = m } }

func TestWhatNobodyClassifiedIsLoggedAndNeverShown(t *testing.T) {
	t.Parallel()
	secret := "pq: password authentication failed for user postgres"
	tw := newTown(t, withCoach(mentor{err: fmt.Errorf("score a draft: %w", errors.New(secret))}))
	fay := tw.person("Fay Founder", "Firm")
	got := fay.in(post, "/coach", object{"title": "Shade"}, "Idempotency-Key", "one").refused(http.StatusInternalServerError, "internal")
	if strings.Contains(string(got.raw), "password") || strings.Contains(string(got.raw), "score") {
		t.Errorf("shown: %s", got.raw)
	}
	if !strings.Contains(tw.log.String(), secret) {
		t.Error("not logged")
	}
	fay.in(post, "/coach", object{"title": "Shade"}, "Idempotency-Key", "one").refused(http.StatusInternalServerError, "internal")
	if n := strings.Count(tw.log.String(), secret); n != 2 {
		t.Errorf("an internal error kept its key: the model was asked %d times", n)
	}
}

func TestTheCauseOfARefusalIsNotShown(t *testing.T) {
	t.Parallel()
	refusal := errs.Wrap(errors.New("dial tcp 10.0.0.7:5432"), errs.Unavailable, "model.full", "The model is busy.").After(3e9)
	tw := newTown(t, withCoach(mentor{err: refusal}))
	got := tw.person("Fay Founder", "").in(post, "/coach", object{}).refused(http.StatusServiceUnavailable, "model.full")
	if got.text("detail") != "The model is busy." || got.Header.Get("Retry-After") != "3" || strings.Contains(string(got.raw), "dial") {
		t.Errorf("%v %s", got.Header, got.raw)
	}
}

// panicking is a model with a fault.
type panicking struct{}

func (panicking) Coach(context.Context, tenant.ID, scoring.Text) (scoring.Advice, error) {
	panic("index out of range")
}

func TestAPanicIsAnInternalErrorAndFreesItsKey(t *testing.T) {
	t.Parallel()
	tw := newTown(t, withCoach(panicking{}))
	fay := tw.person("Fay Founder", "")
	for range 2 {
		got := fay.in(post, "/coach", object{}, "Idempotency-Key", "one").refused(http.StatusInternalServerError, "internal")
		if strings.Contains(string(got.raw), "range") {
			t.Errorf("shown: %s", got.raw)
		}
	}
	if !strings.Contains(tw.log.String(), "index out of range") {
		t.Error("not logged")
	}
}

func TestWithoutAModelThereIsNoAdvice(t *testing.T) {
	t.Parallel()
	newTown(t).person("Fay Founder", "").in(post, "/coach", object{}).refused(http.StatusServiceUnavailable, "coach.absent")
}

func TestTheModelsAdviceIsPassedOnAndItsAbstentionToo(t *testing.T) {
	t.Parallel()
	score := scoring.Score{Model: "m 1", Success: scoring.Chance{Probability: .6, Low: .4, High: .8}}
	advice := scoring.Advice{Score: score, Passages: []scoring.Passage{{Field: "problem", End: 3, Text: "Hot", Success: .1}}}
	got := newTown(t, withCoach(mentor{advice: advice})).person("Fay Founder", "").do(post, "/coach", object{"problem": "Hot"})
	if got.at("success", "probability") != .6 || got.text("passages", 0, "text") != "Hot" || got.at("abstained") != false {
		t.Errorf("%s", got.raw)
	}
	silent := scoring.Advice{Score: scoring.Score{Abstained: true, Reason: scoring.ReasonTooShort}}
	got = newTown(t, withCoach(mentor{advice: silent})).person("Fay Founder", "").do(post, "/coach", object{})
	if got.at("success") != nil || got.text("reason") != scoring.ReasonTooShort {
		t.Errorf("%s", got.raw)
	}
}

func TestABodyThatDoesNotFitIsRefusedBeforeAnythingHappens(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	for name, c := range map[string]struct {
		body   any
		status int
		code   string
	}{
		"no JSON":                 {`{"call_id": `, http.StatusBadRequest, "request"},
		"nothing":                 {nil, http.StatusBadRequest, "request"},
		"a list":                  {`[]`, http.StatusUnprocessableEntity, "request"},
		"a number for an id":      {object{"call_id": 7}, http.StatusUnprocessableEntity, "request"},
		"a word for an id":        {object{"call_id": "streets"}, http.StatusUnprocessableEntity, "request"},
		"an unknown field":        {object{"call_id": call, "admin": true}, http.StatusUnprocessableEntity, "request"},
		"the character NUL":       {`{"call_id": "a\u0000b"}`, http.StatusUnprocessableEntity, "nul"},
		"more than 256 KiB of it": {`{"call_id": "` + strings.Repeat("x", 256<<10) + `"}`, http.StatusRequestEntityTooLarge, "too_large"},
	} {
		t.Log(name)
		fay.in(post, "/ideas", c.body).refused(c.status, c.code)
	}
	got := fay.in(post, "/ideas", object{"call_id": 7})
	if got.text("fields", 0, "name") != "body.call_id" {
		t.Errorf("no field is named: %s", got.raw)
	}
	if n := len(fay.do(get, "/me/ideas", nil).items()); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

func TestAnAddressThatIsNotThereIsAProblemToo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.nobody().send(get, "/nowhere", nil).refused(http.StatusNotFound, "not_found")
	tw.nobody().send(drop, "/tenants", nil).refused(http.StatusMethodNotAllowed, "method")
	tw.nobody().send(get, "/tenants/health/ideas?next=nonsense", nil).refused(http.StatusUnprocessableEntity, "page")
	tw.nobody().send(get, "/tenants/health/ideas?size=1000", nil).refused(http.StatusUnprocessableEntity, "request")
	for _, path := range []string{"/tenants/health/ideas?q=%00", "/tenants/health/ideas?language=%ff", "/tenants/%00/ideas", "/tenants/health/calls/%00"} {
		tw.nobody().send(get, path, nil).refused(http.StatusNotFound, "not_found")
	}
}
