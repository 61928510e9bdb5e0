package site

import (
	"errors"
	"fmt"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
	"globalbrain/internal/tenant"
)

// onRows gives the fields that a plan's check names the names that they have in
// the form: "rewards.1.title" becomes "reward_2_title" when a row was left empty.
func (in campaignPlan) onRows(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	renamed := *e
	renamed.Fields = make(errs.Fields, len(e.Fields))
	for i, f := range e.Fields {
		var reward int
		var field string
		if n, _ := fmt.Sscanf(f.Name, "rewards.%d.%s", &reward, &field); n == 2 && reward < len(in.rows) {
			f.Name = fmt.Sprintf("reward_%d_%s", in.rows[reward], field)
		}
		if f.Code == "campaign.duration" { // its arguments are lengths, which each language writes its own way
			f.Args = nil
		}
		renamed.Fields[i] = f
	}
	return &renamed
}

// complaints returns what is wrong with the plan: what could not be read, then
// what breaks a rule, one complaint for each field.
func (in campaignPlan) complaints(policy tenant.Policy) error {
	all := in.err
	noted := map[string]bool{}
	for _, f := range all {
		noted[f.Name] = true
	}
	if e, ok := errors.AsType[*errs.Error](in.onRows(in.plan.Check(policy))); ok {
		for _, f := range e.Fields {
			if !noted[f.Name] {
				all = append(all, f)
			}
		}
	}
	return all.Err()
}

// Most is how many rewards a campaign may have.
func (campaignEditPage) Most() int { return campaign.MaxRewards }

// One counts rows from one, for people.
func (campaignEditPage) One(row int) int { return row + 1 }
