package review_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func TestARoundOnlyMovesForward(t *testing.T) {
	t.Parallel()
	states := []review.RoundState{review.RoundDraft, review.RoundAssigning, review.RoundOpen, review.RoundDiscussion, review.RoundDecided, review.RoundPublished}
	for i, from := range states {
		for j, to := range states {
			_, err := review.Round{State: from}.Move(to)
			if allowed := j == i+1; allowed != (err == nil) {
				t.Errorf("%s -> %s: %v, want allowed %v", from, to, err, allowed)
			}
		}
	}
}

func TestANewRoundNeedsIdeasAndTime(t *testing.T) {
	t.Parallel()
	if _, err := review.NewRound(uuid.New(), uuid.New(), uuid.New(), 2, noon.Add(48*time.Hour), noon); err != nil {
		t.Errorf("a good round: %v", err)
	}
	if _, err := review.NewRound(uuid.New(), uuid.New(), uuid.New(), 0, noon.Add(48*time.Hour), noon); !errs.Is(err, errs.Invalid) {
		t.Errorf("no ideas: %v", err)
	}
	if _, err := review.NewRound(uuid.New(), uuid.New(), uuid.New(), 2, noon.Add(time.Minute), noon); !errs.Is(err, errs.Invalid) {
		t.Errorf("due in a minute: %v", err)
	}
}

func TestAnAssignmentThatIsFinalNeverMovesAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := []review.AssignmentState{review.Proposed, review.Invited, review.Accepted, review.InProgress, review.Submitted, review.Finalised, review.Declined, review.Expired, review.Conflicted, review.Recused, review.Replaced}
		a := review.Assignment{State: review.Proposed}
		for range rapid.IntRange(1, 40).Draw(t, "moves") {
			was := a.State
			to := rapid.SampledFrom(all).Draw(t, "to")
			next, err := a.Move(to)
			if err != nil && next.State != was {
				t.Fatalf("a refused move changed %s to %s", was, next.State)
			}
			if err == nil && was == review.Finalised {
				t.Fatalf("final -> %s", to)
			}
			if err == nil && to == review.Finalised && was != review.Submitted {
				t.Fatalf("%s -> final", was)
			}
			a = next
		}
	})
}

func TestAnInvitationLapses(t *testing.T) {
	t.Parallel()
	a := review.Assignment{State: review.Invited, InvitedAt: noon}
	if _, err := a.Accept(noon.Add(71 * time.Hour)); err != nil {
		t.Errorf("after 71 hours: %v", err)
	}
	if _, err := a.Accept(noon.Add(73 * time.Hour)); errs.CodeOf(err) != "assignment.expired" {
		t.Errorf("after 73 hours: %v", err)
	}
}

func TestShortlistingNeedsEnoughFinalsFromEnoughOrganisations(t *testing.T) {
	t.Parallel()
	p := tenant.DefaultPolicy()
	by := func(organisations ...string) (list []review.Final) {
		for _, o := range organisations {
			list = append(list, review.Final{Reviewer: uuid.New(), Organisation: o, Sheet: sheet(4, "")})
		}
		return list
	}
	cases := []struct {
		name   string
		finals []review.Final
		code   string
	}{
		{"three from two", by("A", "A", "B"), ""},
		{"two are too few", by("A", "B"), "round.few_finals"},
		{"three from one", by("A", "a ", " A"), "round.few_organisations"},
		{"people without an organisation stand for themselves", by("", "", ""), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if code := errs.CodeOf(review.Decide(review.Shortlist, c.finals, "", p)); code != c.code {
				t.Errorf("got %q, want %q", code, c.code)
			}
		})
	}
	if err := review.Decide(review.Reject, nil, "no", p); !errs.Is(err, errs.Invalid) {
		t.Errorf("a rejection without a reason: %v", err)
	}
	if err := review.Decide(review.Reject, nil, "It asks for a thing that exists already.", p); err != nil {
		t.Errorf("a rejection with a reason: %v", err)
	}
	if err := review.Decide("perhaps", nil, "", p); !errs.Is(err, errs.Invalid) {
		t.Errorf("an unknown decision: %v", err)
	}
}

func TestSpreadIsTheWidestDistance(t *testing.T) {
	t.Parallel()
	finals := []review.Final{{Sheet: sheet(2, "")}, {Sheet: sheet(5, "")}, {Sheet: sheet(4, "")}}
	if s := review.Spread(finals); s != 3 {
		t.Errorf("spread %v, want 3", s)
	}
}

func TestEveryConflictIsFound(t *testing.T) {
	t.Parallel()
	founder, me := uuid.New(), uuid.New()
	cases := []struct {
		name   string
		person review.Person
		stake  review.Stake
		want   review.Conflict
	}{
		{"no tie", review.Person{ID: me, Organisation: "B"}, review.Stake{Founder: review.Person{ID: founder, Organisation: "A"}}, ""},
		{"the founder", review.Person{ID: founder}, review.Stake{Founder: review.Person{ID: founder}}, review.SamePerson},
		{"a colleague, however it is written", review.Person{ID: me, Organisation: " north  LAB"}, review.Stake{Founder: review.Person{ID: founder, Organisation: "North Lab"}}, review.SameOrganisation},
		{"two people without an organisation", review.Person{ID: me}, review.Stake{Founder: review.Person{ID: founder}}, ""},
		{"declared", review.Person{ID: me}, review.Stake{Founder: review.Person{ID: founder}, Declared: []uuid.UUID{me}}, review.DeclaredConflict},
		{"pledged", review.Person{ID: me}, review.Stake{Founder: review.Person{ID: founder}, Pledged: []uuid.UUID{me}}, review.PledgedMoney},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := review.ConflictOf(c.person, c.stake); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if err := review.MayJudge(c.person, c.stake); (c.want != "") != errs.Is(err, errs.Forbidden) {
				t.Errorf("MayJudge: %v", err)
			}
		})
	}
}
