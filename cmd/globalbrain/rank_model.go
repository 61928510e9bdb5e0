package main

import (
	"context"
	"errors"

	"globalbrain/internal/ranking"
)

// openModel refuses: scores come from "globalbrain score" so far.
func openModel(context.Context, string, string) (ranking.Scorer, func(), error) {
	return nil, nil, errors.New("rank does not load the model itself yet: run \"globalbrain score\" first and give its output with -scores")
}
