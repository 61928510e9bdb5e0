package postgres

import (
	"encoding/base64"
	"encoding/json"

	"globalbrain/internal/errs"
)

// Page is one page of a list in key order. Next opens the page that follows and
// is empty on the last one; it stays right when rows are added before it.
type Page[T any] struct {
	Items []T
	Next  string
}

// pageOf cuts a list that was read with one row more than size, and makes Next
// from the key of the last row that is shown.
func pageOf[T, K any](list []T, size int, key func(T) K) (Page[T], error) {
	if len(list) <= size {
		return Page[T]{Items: list}, nil
	}
	list = list[:size]
	raw, err := json.Marshal(key(list[size-1]))
	if err != nil {
		return Page[T]{}, err
	}
	return Page[T]{Items: list, Next: base64.RawURLEncoding.EncodeToString(raw)}, nil
}

// readKey reads a Next that pageOf made; it reports false for the first page.
func readKey[K any](next string, key *K) (bool, error) {
	if next == "" {
		return false, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(next)
	if err == nil {
		err = json.Unmarshal(raw, key)
	}
	if err != nil {
		return false, errs.Wrap(err, errs.Invalid, "page", "This page of the list does not exist. Start from the first one.")
	}
	return true, nil
}
