package postgres_test

import (
	"slices"
	"testing"

	"globalbrain/internal/pgtest"
	"globalbrain/internal/review"
)

func TestTheDatabaseHoldsTheReviewMachines(t *testing.T) {
	t.Parallel()
	pg := pgtest.New(t)
	var rounds, assignments []string
	for _, s := range review.RoundSteps {
		rounds = append(rounds, string(s.From)+" -> "+string(s.To))
	}
	for _, s := range review.AssignmentSteps {
		assignments = append(assignments, string(s.From)+" -> "+string(s.To))
	}
	for machine, want := range map[string][]string{"review_round": rounds, "review_assignment": assignments} {
		slices.Sort(want)
		got := column(t, pg.Super, `select from_state || ' -> ' || to_state from state_rule where machine = $1`, machine)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the database has %v, the domain %v", machine, got, want)
		}
	}
}
