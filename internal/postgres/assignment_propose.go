package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/audit"
	"globalbrain/internal/database"
	"globalbrain/internal/errs"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// AssignExperts fills the open places of every idea of a round with experts who
// have no conflict of interest, balanced by load, and returns how many were
// added. Invitations that lapsed free their places first.
func (s *Store) AssignExperts(ctx context.Context, t *tenant.Tenant, roundID, actor uuid.UUID) (added int, err error) {
	err = s.db.InTenant(ctx, t.ID, func(ctx context.Context, tx pgx.Tx) error {
		added = 0
		round, err := lockRound(ctx, tx, t.ID, roundID)
		if err != nil {
			return err
		}
		if err := round.MayAssign(); err != nil {
			return err
		}
		if err := expireLapsed(ctx, tx, t.ID, roundID); err != nil {
			return err
		}
		tasks, versions, err := tasksOf(ctx, tx, t.ID, roundID, t.Policy.MinFinals)
		if err != nil {
			return err
		}
		experts, err := expertsOf(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		organisations := map[uuid.UUID]string{}
		for _, e := range experts {
			organisations[e.ID] = e.Organisation
		}
		pairs := review.Assign(tasks, experts, t.Policy.MinOrganisations)
		for _, p := range pairs {
			err := propose(ctx, tx, t.ID, round, review.Assignment{
				Idea: p.Idea, Version: versions[p.Idea], Reviewer: p.Expert, Organisation: organisations[p.Expert],
			}, actor)
			if err != nil {
				return err
			}
		}
		added = len(pairs)
		return record(ctx, tx, t.ID, audit.Event{Actor: actor, Action: "round.assign", SubjectKind: "round", SubjectID: roundID, Detail: map[string]any{"added": added}})
	})
	if err != nil {
		return 0, fmt.Errorf("assign experts to round %s: %w", roundID, err)
	}
	return added, nil
}

// AssignExpert adds one expert to one idea by hand, under the same guards. A
// chair with a conflict of interest cannot choose who reviews the idea.
func (s *Store) AssignExpert(ctx context.Context, id tenant.ID, roundID, idea, expert, actor uuid.UUID) error {
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		round, err := lockRound(ctx, tx, id, roundID)
		if err != nil {
			return err
		}
		if err := round.MayAssign(); err != nil {
			return err
		}
		if err := mayJudge(ctx, tx, id, actor, idea); err != nil {
			return errs.Wrap(err, errs.Forbidden, "round.chair_conflict", "You have a conflict of interest with this idea; another chair has to act.")
		}
		a := review.Assignment{Idea: idea, Reviewer: expert}
		err = tx.QueryRow(ctx, `
			select m.organisation, ri.version from membership m
			join review_round_idea ri on ri.tenant_id = $1 and ri.round_id = $2 and ri.idea_id = $3
			where m.tenant_id = $1 and m.account_id = $4 and 'expert' = any(m.roles)`, id, roundID, idea, expert).Scan(&a.Organisation, &a.Version)
		if err != nil {
			return err
		}
		if err := mayJudge(ctx, tx, id, expert, idea); err != nil {
			return err
		}
		if err := propose(ctx, tx, id, round, a, actor); err != nil {
			return err
		}
		return record(ctx, tx, id, audit.Event{Actor: actor, Action: "round.assign", SubjectKind: "round", SubjectID: roundID, Detail: map[string]any{"idea": idea, "reviewer": expert}})
	})
	if err != nil {
		return fmt.Errorf("assign an expert to idea %s: %w", idea, err)
	}
	return nil
}

// propose adds one assignment, whose guards the caller has checked; in an open
// round it is an invitation at once. It takes the place of a recused reviewer.
func propose(ctx context.Context, tx pgx.Tx, id tenant.ID, round review.Round, a review.Assignment, actor uuid.UUID) error {
	a.ID, a.Round, a.State, a.DueAt = newID(), round.ID, review.Proposed, round.DueAt
	_, err := tx.Exec(ctx, `
		insert into review_assignment (tenant_id, id, round_id, idea_id, version, reviewer_id, organisation, due_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, a.ID, a.Round, a.Idea, a.Version, a.Reviewer, a.Organisation, a.DueAt)
	if database.Violates(err, "review_assignment_tenant_id_round_id_idea_id_reviewer_id_key") {
		return errs.Wrap(err, errs.Conflict, "assignment.asked_before", "This person was asked to review this idea before.")
	}
	if err != nil {
		return err
	}
	recused, err := assignmentsOf(ctx, tx, id, `a.round_id = $2 and a.idea_id = $3 and a.state = 'recused'`, round.ID, a.Idea)
	if err != nil {
		return err
	}
	if len(recused) > 0 {
		if _, err := moveAssignment(ctx, tx, id, recused[0], review.Replaced, actor, ""); err != nil {
			return err
		}
	}
	if round.State == review.RoundOpen {
		_, err = moveAssignment(ctx, tx, id, a, review.Invited, actor, "")
	}
	return err
}

// tasksOf lists the ideas of a round with the places that are still open.
func tasksOf(ctx context.Context, tx pgx.Tx, id tenant.ID, roundID uuid.UUID, places int) ([]review.Task, map[uuid.UUID]int, error) {
	rows, err := tx.Query(ctx, `
		select ri.idea_id, ri.version from review_round_idea ri join idea i on i.tenant_id = $1 and i.id = ri.idea_id
		where ri.tenant_id = $1 and ri.round_id = $2 and i.state = 'in_review' order by ri.idea_id`, id, roundID)
	if err != nil {
		return nil, nil, err
	}
	versions := map[uuid.UUID]int{}
	var order []uuid.UUID
	var idea uuid.UUID
	var version int
	if _, err := pgx.ForEachRow(rows, []any{&idea, &version}, func() error {
		versions[idea] = version
		order = append(order, idea)
		return nil
	}); err != nil {
		return nil, nil, err
	}
	stakes, err := stakesOf(ctx, tx, id, order)
	if err != nil {
		return nil, nil, err
	}
	asked, err := assignmentsOf(ctx, tx, id, `a.round_id = $2`, roundID)
	if err != nil {
		return nil, nil, err
	}
	tasks := make([]review.Task, len(order))
	for i, idea := range order {
		tasks[i] = review.Task{Stake: stakes[idea], Need: places}
		for _, a := range asked {
			if a.Idea != idea {
				continue
			}
			tasks[i].Taken = append(tasks[i].Taken, a.Reviewer)
			if a.State.Holds() {
				tasks[i].Held = append(tasks[i].Held, review.Person{ID: a.Reviewer, Organisation: a.Organisation})
				tasks[i].Need = max(0, tasks[i].Need-1)
			}
		}
	}
	return tasks, versions, nil
}

// expertsOf lists the tenant's experts with the reviews that they owe now.
func expertsOf(ctx context.Context, tx pgx.Tx, id tenant.ID) ([]review.Expert, error) {
	rows, err := tx.Query(ctx, `
		select m.account_id, m.organisation,
		  (select count(*) from review_assignment a where a.tenant_id = $1 and a.reviewer_id = m.account_id
		     and a.state in ('proposed', 'invited', 'accepted', 'in_progress'))
		from membership m where m.tenant_id = $1 and 'expert' = any(m.roles) order by m.account_id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e review.Expert, err error) {
		err = row.Scan(&e.ID, &e.Organisation, &e.Load)
		return e, err
	})
}
