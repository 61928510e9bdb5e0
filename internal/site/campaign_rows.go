package site

import (
	"errors"
	"fmt"

	"globalbrain/internal/campaign"
	"globalbrain/internal/errs"
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

// Most is how many rewards a campaign may have.
func (campaignEditPage) Most() int { return campaign.MaxRewards }

// One counts rows from one, for people.
func (campaignEditPage) One(row int) int { return row + 1 }
