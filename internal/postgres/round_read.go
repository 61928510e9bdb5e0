package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/review"
	"globalbrain/internal/tenant"
)

// RoundLine is one round in the chair's list, with its progress.
type RoundLine struct {
	review.Round
	CallTitle map[string]string
	Ideas     int
	Asked     int // places held
	Finals    int
	Decided   int
}

// Rounds lists the tenant's rounds, the newest first.
func (s *Store) Rounds(ctx context.Context, id tenant.ID) ([]RoundLine, error) {
	list, err := database.Rows(ctx, s.db, id, scanRoundLine, roundLine+`where r.tenant_id = $1 order by r.created_at desc, r.id desc limit 100`, id)
	if err != nil {
		return nil, fmt.Errorf("list rounds: %w", err)
	}
	return list, nil
}

const roundLine = `
	select r.id, r.call_id, r.chair_id, r.state, r.due_at, r.created_at, c.title,
	  (select count(*) from review_round_idea x where x.tenant_id = $1 and x.round_id = r.id),
	  (select count(*) from review_assignment x where x.tenant_id = $1 and x.round_id = r.id
	     and x.state in ('proposed', 'invited', 'accepted', 'in_progress', 'submitted', 'final')),
	  (select count(*) from review_final x where x.tenant_id = $1 and x.round_id = r.id),
	  (select count(*) from review_decision x where x.tenant_id = $1 and x.round_id = r.id)
	from review_round r join call c on c.tenant_id = $1 and c.id = r.call_id `

func scanRoundLine(row pgx.CollectableRow) (l RoundLine, err error) {
	err = row.Scan(&l.ID, &l.Call, &l.Chair, &l.State, &l.DueAt, &l.CreatedAt, &l.CallTitle, &l.Ideas, &l.Asked, &l.Finals, &l.Decided)
	return l, err
}

// WaitingCall is a call with ideas that wait for a round.
type WaitingCall struct {
	ID    uuid.UUID
	Title map[string]string
	Ideas int
}

// CallsToReview lists the calls that have ideas in review and no round running.
func (s *Store) CallsToReview(ctx context.Context, id tenant.ID) ([]WaitingCall, error) {
	list, err := database.Rows(ctx, s.db, id, pgx.RowToStructByPos[WaitingCall], `
		select c.id, c.title, count(*) from call c join idea i on i.tenant_id = $1 and i.call_id = c.id and i.state = 'in_review'
		where c.tenant_id = $1 and not exists (select from review_round r where r.tenant_id = $1 and r.call_id = c.id and r.state <> 'published')
		group by c.tenant_id, c.id order by c.created_at, c.id`, id)
	if err != nil {
		return nil, fmt.Errorf("list calls to review: %w", err)
	}
	return list, nil
}

// Room is everything that a chair sees of one round.
type Room struct {
	RoundLine
	Items []RoomItem
}

// RoomItem is one idea of a round, to its chair.
type RoomItem struct {
	Idea       uuid.UUID
	Title      string
	State      string // the idea's
	Conflict   review.Conflict
	Reviewers  []RoomReviewer // none when the chair has a conflict of interest
	Finals     []review.Final // the same, and none while the chair may still come to review the idea
	Decision   review.Decision
	MayBeAsked []RoomExpert // experts without a conflict who were not asked yet
}

// RoomReviewer is one assignment with its person.
type RoomReviewer struct {
	Name         string
	Organisation string
	State        review.AssignmentState
}

// RoomExpert is somebody who could be asked.
type RoomExpert struct {
	ID           uuid.UUID
	Name         string
	Organisation string
	Load         int
}

// Room returns a round as its chair may see it: what concerns an idea with
// which the chair has a conflict of interest is left out.
func (s *Store) Room(ctx context.Context, id tenant.ID, roundID, chair uuid.UUID) (Room, error) {
	var room Room
	err := s.db.InTenant(ctx, id, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, roundLine+`where r.tenant_id = $1 and r.id = $2`, id, roundID)
		if err != nil {
			return err
		}
		if room.RoundLine, err = pgx.CollectExactlyOneRow(rows, scanRoundLine); err != nil {
			return err
		}
		rows, err = tx.Query(ctx, `
			select ri.idea_id, v.title, i.state, coalesce(d.decision, '')
			from review_round_idea ri
			join idea i on i.tenant_id = $1 and i.id = ri.idea_id
			join idea_version v on v.tenant_id = $1 and v.idea_id = ri.idea_id and v.version = ri.version
			left join review_decision d on d.tenant_id = $1 and d.round_id = ri.round_id and d.idea_id = ri.idea_id
			where ri.tenant_id = $1 and ri.round_id = $2 order by v.title, ri.idea_id`, id, roundID)
		if err != nil {
			return err
		}
		room.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (i RoomItem, err error) {
			err = row.Scan(&i.Idea, &i.Title, &i.State, &i.Decision)
			return i, err
		})
		if err != nil {
			return err
		}
		return furnish(ctx, tx, id, &room, chair)
	})
	if err != nil {
		return Room{}, fmt.Errorf("read round %s: %w", roundID, err)
	}
	return room, nil
}

// furnish adds the people to a room: who was asked, who handed in, who could be asked.
func furnish(ctx context.Context, tx pgx.Tx, id tenant.ID, room *Room, chair uuid.UUID) error {
	ideas := make([]uuid.UUID, len(room.Items))
	for i, item := range room.Items {
		ideas[i] = item.Idea
	}
	stakes, err := stakesOf(ctx, tx, id, ideas)
	if err != nil {
		return err
	}
	people, err := namesOf(ctx, tx, id, room.ID)
	if err != nil {
		return err
	}
	asked, err := assignmentsOf(ctx, tx, id, `a.round_id = $2`, room.ID)
	if err != nil {
		return err
	}
	experts, err := expertsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	me := review.Person{ID: chair, Organisation: people[chair].organisation}
	for i := range room.Items {
		item := &room.Items[i]
		stake := stakes[item.Idea]
		if item.Conflict = review.ConflictOf(me, stake); item.Conflict != "" {
			continue
		}
		taken, blind := map[uuid.UUID]bool{}, false
		for _, a := range asked {
			if a.Idea == item.Idea {
				taken[a.Reviewer] = true
				blind = blind || a.Reviewer == chair && a.State.Pending() && room.MayAssign() == nil
				item.Reviewers = append(item.Reviewers, RoomReviewer{Name: people[a.Reviewer].name, Organisation: a.Organisation, State: a.State})
			}
		}
		for _, e := range experts {
			if !taken[e.ID] && review.ConflictOf(e.Person, stake) == "" {
				item.MayBeAsked = append(item.MayBeAsked, RoomExpert{ID: e.ID, Name: people[e.ID].name, Organisation: e.Organisation, Load: e.Load})
			}
		}
		if blind { // the chair's own review comes first
			continue
		}
		if item.Finals, err = finalsOf(ctx, tx, id, room.ID, item.Idea); err != nil {
			return err
		}
	}
	return nil
}

type personLine struct{ name, organisation string }

// namesOf reads the names of everybody who is or could be a reviewer, and of
// the tenant's chairs.
func namesOf(ctx context.Context, tx pgx.Tx, id tenant.ID, roundID uuid.UUID) (map[uuid.UUID]personLine, error) {
	rows, err := tx.Query(ctx, `
		select m.account_id, p.name, m.organisation from membership m join account p on p.id = m.account_id
		where m.tenant_id = $1 and (m.roles && array['expert', 'admin', 'owner']
		  or exists (select from review_assignment a where a.tenant_id = $1 and a.round_id = $2 and a.reviewer_id = m.account_id))`, id, roundID)
	if err != nil {
		return nil, err
	}
	people := map[uuid.UUID]personLine{}
	var who uuid.UUID
	var line personLine
	_, err = pgx.ForEachRow(rows, []any{&who, &line.name, &line.organisation}, func() error {
		people[who] = line
		return nil
	})
	return people, err
}
