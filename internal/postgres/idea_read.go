package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/tenant"
)

// IdeaView is an idea with what its page shows. Its score is not part of it: a
// reviewer must not see one before the final, so whoever shows a score reads it
// by IdeaScore and says to whom.
type IdeaView struct {
	idea.Idea
	Said         idea.Version // the newest submitted text; the draft with Number 0 before the first
	FounderName  string
	Organisation string // of the founder
	CallSlug     string
	CallTitle    map[string]string
	Images       []idea.Image
}

// Idea returns an idea with the text that was submitted last, whoever asks: the
// caller shows it to those only whom MaySee lets through. Unknown is NotFound.
func (s *Store) Idea(ctx context.Context, id tenant.ID, ideaID uuid.UUID) (IdeaView, error) {
	var v IdeaView
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		if v, err = readIdea(ctx, tx, id, ideaID); err != nil {
			return err
		}
		v.Images, err = readImages(ctx, tx, id, ideaID)
		return err
	})
	if err != nil {
		return IdeaView{}, fmt.Errorf("read idea %s: %w", ideaID, err)
	}
	return v, nil
}

func readIdea(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID uuid.UUID) (v IdeaView, err error) {
	into, done := ideaInto(&v.Idea)
	into = append(into, &v.FounderName, &v.Organisation, &v.CallSlug, &v.CallTitle)
	err = tx.QueryRow(ctx, `
		select `+ideaColumns+`, a.name, m.organisation, c.slug, c.title
		from idea i
		join account a on a.id = i.founder_id
		join membership m on m.tenant_id = $1 and m.account_id = i.founder_id
		join call c on c.tenant_id = $1 and c.id = i.call_id
		where i.tenant_id = $1 and i.id = $2`, id, ideaID).Scan(into...)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ideaNotFound(err)
	}
	if err != nil {
		return v, err
	}
	done()
	v.Said = idea.Version{Draft: v.Draft}
	if v.Version > 0 {
		v.Said, err = readVersion(ctx, tx, id, ideaID, v.Version)
	}
	return v, err
}

func readVersion(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID uuid.UUID, number int) (v idea.Version, err error) {
	err = tx.QueryRow(ctx, `
		select version, title, problem, solution, team, goal_minor, currency, language, ai_use, created_at
		from idea_version where tenant_id = $1 and idea_id = $2 and version = $3`, id, ideaID, number).Scan(
		&v.Number, &v.Title, &v.Problem, &v.Solution, &v.Team, &v.Goal.Minor, &v.Goal.Currency, &v.Language, &v.AIUse, &v.At)
	v.RightsConfirmed = true // or it would not have been submitted
	return v, err
}

func readImages(ctx context.Context, tx pgx.Tx, id tenant.ID, ideaID uuid.UUID) ([]idea.Image, error) {
	rows, err := tx.Query(ctx, `
		select id, alt, media_type, width, height from idea_image
		where tenant_id = $1 and idea_id = $2 order by position, id`, id, ideaID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i idea.Image, err error) {
		err = row.Scan(&i.ID, &i.Alt, &i.MediaType, &i.Width, &i.Height)
		return i, err
	})
}

// IdeaVersion returns one submitted text of an idea; unknown is NotFound.
func (s *Store) IdeaVersion(ctx context.Context, id tenant.ID, ideaID uuid.UUID, number int) (idea.Version, error) {
	var v idea.Version
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) (err error) {
		v, err = readVersion(ctx, tx, id, ideaID, number)
		return err
	})
	if err != nil {
		return idea.Version{}, fmt.Errorf("read version %d of idea %s: %w", number, ideaID, err)
	}
	return v, nil
}

// IdeaHistory lists the steps that an idea took, the first one first.
func (s *Store) IdeaHistory(ctx context.Context, id tenant.ID, ideaID uuid.UUID) ([]idea.Transition, error) {
	list, err := database.Rows(ctx, s.db, id, func(row pgx.CollectableRow) (t idea.Transition, err error) {
		var actor *uuid.UUID
		var name *string
		err = row.Scan(&t.Seq, &t.From, &t.To, &actor, &name, &t.Reason, &t.At)
		t.Actor, t.Name = orZero(actor), orZero(name)
		return t, err
	}, `
		select t.seq, t.from_state, t.to_state, t.actor_id, a.name, t.reason, t.at
		from idea_transition t left join account a on a.id = t.actor_id
		where t.tenant_id = $1 and t.idea_id = $2 order by t.seq`, id, ideaID)
	if err != nil {
		return nil, fmt.Errorf("read the history of idea %s: %w", ideaID, err)
	}
	return list, nil
}
