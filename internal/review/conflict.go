package review

import (
	"strings"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
)

// Conflict says why a person must not judge an idea.
type Conflict string

// The conflicts of interest.
const (
	SamePerson       Conflict = "same_person"       // they founded it
	SameOrganisation Conflict = "same_organisation" // they share the founder's organisation
	DeclaredConflict Conflict = "declared"          // they said so themselves
	PledgedMoney     Conflict = "pledged"           // they have money in it
)

// Person is what a conflict needs to know of somebody.
type Person struct {
	ID           uuid.UUID
	Organisation string
}

// Stake is what ties people to one idea.
type Stake struct {
	Idea     uuid.UUID
	Founder  Person
	Declared []uuid.UUID // people who declared a conflict
	Pledged  []uuid.UUID // people with a pledge that is not over
}

// ConflictOf returns the first conflict between the person and the idea, or "".
func ConflictOf(p Person, s Stake) Conflict {
	if p.ID == s.Founder.ID {
		return SamePerson
	}
	if org := foldOrganisation(p.Organisation); org != "" && org == foldOrganisation(s.Founder.Organisation) {
		return SameOrganisation
	}
	for _, id := range s.Declared {
		if id == p.ID {
			return DeclaredConflict
		}
	}
	for _, id := range s.Pledged {
		if id == p.ID {
			return PledgedMoney
		}
	}
	return ""
}

// MayJudge returns a Forbidden error when the person has a conflict of interest.
func MayJudge(p Person, s Stake) error {
	if c := ConflictOf(p, s); c != "" {
		return errs.New(errs.Forbidden, "review.conflict_"+string(c), "%s", conflictWords[c])
	}
	return nil
}

var conflictWords = map[Conflict]string{
	SamePerson:       "The founder of an idea cannot judge it.",
	SameOrganisation: "Somebody from the founder's organisation cannot judge the idea.",
	DeclaredConflict: "Somebody who declared a conflict of interest cannot judge the idea.",
	PledgedMoney:     "Somebody who has pledged money cannot judge the idea.",
}

// OrganisationKey returns the word under which organisations are compared:
// folded, or the person's own id when they have none.
func OrganisationKey(organisation string, person uuid.UUID) string {
	if key := foldOrganisation(organisation); key != "" {
		return key
	}
	return person.String()
}

func foldOrganisation(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}
