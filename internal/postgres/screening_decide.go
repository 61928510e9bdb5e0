package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/moderation"
	"globalbrain/internal/tenant"
)

// afterVerdict says where each verdict sends an idea.
var afterVerdict = map[moderation.Verdict]idea.State{
	moderation.Accept:         idea.InReview,
	moderation.RequestChanges: idea.ChangesRequested,
	moderation.Reject:         idea.Rejected,
}

// DecideScreening carries out a moderator's decision about the version that they
// read. Any moderator may decide about an idea that is being screened, for the
// one who took it may be away; the caller has checked the permission.
func (s *Store) DecideScreening(ctx context.Context, id tenant.ID, moderator, ideaID uuid.UUID, version int, d moderation.Decision) (idea.Idea, error) {
	if err := d.Check(); err != nil {
		return idea.Idea{}, fmt.Errorf("screen idea %s: %w", ideaID, err)
	}
	var i idea.Idea
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if i, err = lockIdea(ctx, tx, id, ideaID); err != nil {
			return err
		}
		if err := mayDecide(ctx, tx, id, i, moderator, version, d.Verdict); err != nil {
			return err
		}
		i, err = s.screen(ctx, tx, id, i, moderator, d)
		return err
	})
	if err != nil {
		return idea.Idea{}, fmt.Errorf("screen idea %s: %w", ideaID, err)
	}
	return i, nil
}

func mayDecide(ctx context.Context, tx pgx.Tx, id tenant.ID, i idea.Idea, moderator uuid.UUID, version int, v moderation.Verdict) error {
	if err := moderation.MayScreen(moderator, i.Founder); err != nil {
		return err
	}
	if i.State != idea.Screening {
		return errs.New(errs.Conflict, "moderation.not_screening", "This idea is not being screened now. Take it from the queue first.")
	}
	if i.Version != version {
		return errs.New(errs.Conflict, "moderation.version", "The founder has submitted a newer version. Read it before you decide.")
	}
	if v != moderation.RequestChanges {
		return nil
	}
	policy, err := policyOf(ctx, tx, id)
	if err != nil {
		return err
	}
	return moderation.MayAskAgain(i.ChangeCycles, policy.MaxChangeCycles)
}

// screen writes the decision, the step and the audit line. The step's reason is
// the rule; the words stay with the decision.
func (s *Store) screen(ctx context.Context, tx pgx.Tx, id tenant.ID, i idea.Idea, moderator uuid.UUID, d moderation.Decision) (idea.Idea, error) {
	_, err := tx.Exec(ctx, `
		insert into screening_decision (tenant_id, id, idea_id, version, moderator_id, decision, rule, note)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, newID(), i.ID, i.Version, moderator, d.Verdict, d.Rule, d.Note)
	if err != nil {
		return i, err
	}
	to := afterVerdict[d.Verdict]
	if err := transitionIdea(ctx, tx, id, i.ID, string(i.State), string(to), moderator, string(d.Rule)); err != nil {
		return i, err
	}
	i.State = to
	if to == idea.ChangesRequested {
		if err := tx.QueryRow(ctx, `
			update idea set change_cycles = change_cycles + 1 where tenant_id = $1 and id = $2 returning change_cycles`, id, i.ID).Scan(&i.ChangeCycles); err != nil {
			return i, err
		}
	}
	if err := record(ctx, tx, id, audit.Event{
		Actor: moderator, Action: "screening." + string(d.Verdict), SubjectKind: "idea", SubjectID: i.ID,
		Detail: map[string]any{"version": i.Version, "rule": d.Rule},
	}); err != nil {
		return i, err
	}
	if !to.Public() {
		return i, nil
	}
	return i, s.enqueueSnapshot(ctx, tx, id, i.Call) // the idea enters the ranking
}
