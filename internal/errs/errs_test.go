package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"globalbrain/internal/errs"
)

func TestAnErrorKeepsItsKindThroughWrapping(t *testing.T) {
	t.Parallel()
	inner := errs.New(errs.Conflict, "pledge.closed", "The campaign closed at %s.", "noon")
	outer := fmt.Errorf("accept pledge: %w", inner)
	if got := errs.KindOf(outer); got != errs.Conflict {
		t.Errorf("KindOf = %v, want conflict", got)
	}
	if inner.Message != "The campaign closed at noon." {
		t.Errorf("Message = %q", inner.Message)
	}
}

func TestAnErrorThatNobodyClassifiedIsInternal(t *testing.T) {
	t.Parallel()
	if got := errs.KindOf(errors.New("boom")); got != errs.Internal {
		t.Errorf("KindOf = %v, want internal", got)
	}
	if errs.Is(nil, errs.Internal) {
		t.Error("nil is an error of kind internal")
	}
}

func TestFieldsAreOneInvalidError(t *testing.T) {
	t.Parallel()
	var fields errs.Fields
	if fields.Err() != nil {
		t.Fatal("no complaint is an error")
	}
	fields.Add("title", "idea.title_missing", "Give the idea a title.")
	fields.Add("goal", "idea.goal_small", "The smallest goal is %d.", 100)
	err := fields.Err()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != errs.Invalid || len(e.Fields) != 2 {
		t.Fatalf("got %#v", err)
	}
	if e.Fields[1].Message != "The smallest goal is 100." {
		t.Errorf("message = %q", e.Fields[1].Message)
	}
}
