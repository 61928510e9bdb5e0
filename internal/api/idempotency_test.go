package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

func TestTheSameKeyAndRequestGiveTheSameAnswerAndOneEffect(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	body := object{"call_id": call}
	first := fay.do(post, "/ideas", body, "Idempotency-Key", "one")
	again := fay.do(post, "/ideas", body, "Idempotency-Key", "one")
	if again.StatusCode != first.StatusCode || !bytes.Equal(again.raw, first.raw) {
		t.Errorf("first %d %s, then %d %s", first.StatusCode, first.raw, again.StatusCode, again.raw)
	}
	for _, name := range []string{"Etag", "Location", "Content-Type"} {
		if first.Header.Get(name) == "" || again.Header.Get(name) != first.Header.Get(name) {
			t.Errorf("%s was %q and then %q", name, first.Header.Get(name), again.Header.Get(name))
		}
	}
	if n := len(fay.do(get, "/me/ideas", nil).items()); n != 1 {
		t.Errorf("%d drafts", n)
	}
	other := fay.do(post, "/ideas", body, "Idempotency-Key", "two")
	if other.text("id") == first.text("id") {
		t.Error("a new key made nothing new")
	}
	max := tw.person("Max Member", "")
	if got := max.do(post, "/ideas", body, "Idempotency-Key", "one"); got.text("id") == first.text("id") {
		t.Error("one person's key gave another person's answer")
	}
}

func TestARefusalIsGivenAgainToo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	fay := tw.person("Fay Founder", "Firm")
	body := object{"call_id": uuid.NewString()}
	first := fay.in(post, "/ideas", body, "Idempotency-Key", "one").refused(http.StatusNotFound, "not_found")
	again := fay.in(post, "/ideas", body, "Idempotency-Key", "one").refused(http.StatusNotFound, "not_found")
	if !bytes.Equal(first.raw, again.raw) {
		t.Errorf("%s, then %s", first.raw, again.raw)
	}
}

func TestAKeyIsRefusedForAnotherRequest(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	made := fay.do(post, "/ideas", object{"call_id": call}, "Idempotency-Key", "one")
	draft := "/ideas/" + made.text("id") + "/draft"
	fay.do(put, draft, draftOf("Shade"), "If-Match", made.Header.Get("Etag"), "Idempotency-Key", "two")
	for name, got := range map[string]*answer{
		"another body":     fay.in(post, "/ideas", object{"call_id": uuid.NewString()}, "Idempotency-Key", "one"),
		"another address":  fay.in(post, "/coach", object{"call_id": call}, "Idempotency-Key", "one"),
		"another If-Match": fay.in(put, draft, draftOf("Shade"), "If-Match", `"99"`, "Idempotency-Key", "two"),
	} {
		t.Log(name)
		got.refused(http.StatusUnprocessableEntity, "idempotency.changed")
	}
	if n := len(fay.do(get, "/me/ideas", nil).items()); n != 1 {
		t.Errorf("%d drafts", n)
	}
}

func TestAnUnsafeCallNeedsAKey(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	for _, key := range []string{"", strings.Repeat("k", 256)} {
		fay.in(post, "/ideas", object{"call_id": call}, "Idempotency-Key", key).refused(http.StatusUnprocessableEntity, "idempotency.missing")
	}
	if n := len(fay.do(get, "/me/ideas", nil, "Idempotency-Key", "").items()); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

func TestManySendsAtOnceHaveOneEffect(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	call, fay := tw.newCall(tw.health, "streets"), tw.person("Fay Founder", "Firm")
	var made sync.Map
	var good, waiting atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			got := fay.in(post, "/ideas", object{"call_id": call}, "Idempotency-Key", "one")
			switch {
			case got.StatusCode == http.StatusCreated:
				good.Add(1)
				made.Store(got.text("id"), true)
			case got.StatusCode == http.StatusConflict && got.text("code") == "idempotency.in_flight" && got.Header.Get("Retry-After") != "":
				waiting.Add(1)
			default:
				t.Errorf("%d %s", got.StatusCode, got.raw)
			}
		})
	}
	wg.Wait()
	ids := 0
	made.Range(func(any, any) bool { ids++; return true })
	if ids != 1 || good.Load()+waiting.Load() != 10 {
		t.Errorf("%d ideas, %d good answers, %d told to wait", ids, good.Load(), waiting.Load())
	}
	if n := len(fay.do(get, "/me/ideas", nil).items()); n != 1 {
		t.Errorf("%d drafts", n)
	}
}
