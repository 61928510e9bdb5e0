package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"globalbrain/internal/database"
	"globalbrain/internal/idea"
	"globalbrain/internal/money"
	"globalbrain/internal/tenant"
)

// IdeaFilter narrows a list of ideas; the zero value is everything public.
type IdeaFilter struct {
	Call     uuid.UUID    // uuid.Nil: every call
	States   []idea.State // none: the public ones, or every one of Founder's
	Language string       // BCP 47; "": every language
	Search   string       // words that must all occur in title, problem or solution; Chinese needs no spaces
	Founder  uuid.UUID    // whose ideas, drafts among them; uuid.Nil: everybody's, without drafts
}

// IdeaCard is an idea as lists show it. The texts are those submitted last, or,
// when the list is narrowed to one founder, what that founder is writing now.
type IdeaCard struct {
	ID           uuid.UUID
	Call         uuid.UUID
	Founder      uuid.UUID
	FounderName  string
	Organisation string
	State        idea.State
	Version      int
	Title        string
	Problem      string // its beginning, at most excerptLength characters
	Language     string
	Goal         money.Amount // Minor is 0 while none is given
	Cover        *idea.Image  // the first picture, nil without one
	UpdatedAt    time.Time
	SubmittedAt  time.Time // zero for a draft
}

const (
	excerptLength = 320
	// A search is bounded so that it cannot be made slow at will.
	maxSearchWords = 8
	maxSearch      = 200 // characters
)

type ideaKey struct {
	At *time.Time `json:"t"` // nil: not submitted yet
	ID uuid.UUID  `json:"i"`
}

// Ideas lists ideas, those submitted last first, and a founder's drafts before
// all others.
func (s *Store) Ideas(ctx context.Context, id tenant.ID, f IdeaFilter, next string, size int) (Page[IdeaCard], error) {
	var after ideaKey
	follows, err := readKey(next, &after)
	if err != nil {
		return Page[IdeaCard]{}, err
	}
	mine := f.Founder != uuid.Nil
	states := f.States
	if len(states) == 0 && !mine {
		states = publicStates()
	}
	list, err := database.Rows(ctx, s.db, id, scanIdeaCard, listSQL(mine, follows),
		id, f.Call, states, f.Language, searchPatterns(f.Search), f.Founder, after.At, after.ID, size+1, excerptLength)
	if err != nil {
		return Page[IdeaCard]{}, fmt.Errorf("list ideas: %w", err)
	}
	return pageOf(list, size, func(c IdeaCard) ideaKey { return ideaKey{orNull(c.SubmittedAt), c.ID} })
}

func publicStates() []idea.State {
	var public []idea.State
	for _, s := range idea.States {
		if s.Public() {
			public = append(public, s)
		}
	}
	return public
}

// What scanIdeaCard reads of idea i: TEXT is its last version v or the row
// itself, EXCERPT the parameter with the length of the problem's beginning.
const (
	ideaCardColumns = `
		i.id, i.call_id, i.founder_id, a.name, m.organisation, i.state, i.version,
		TEXT.title, left(TEXT.problem, EXCERPT), TEXT.language, coalesce(TEXT.goal_minor, 0), i.currency, i.updated_at, i.submitted_at,
		p.id, p.alt, p.media_type, p.width, p.height`
	ideaCardJoins = `
		left join idea_version v on v.tenant_id = $1 and v.idea_id = i.id and v.version = i.version
		join account a on a.id = i.founder_id
		join membership m on m.tenant_id = $1 and m.account_id = i.founder_id
		left join lateral (
		  select * from idea_image g where g.tenant_id = $1 and g.idea_id = i.id order by g.position, g.id limit 1) p on true`
)

// listSQL has two forms, for the plain one alone can walk the index idea_list.
func listSQL(mine, follows bool) string {
	text, order, whose := "v", "i.submitted_at", "i.submitted_at is not null and $6::uuid is not null"
	if mine {
		text, order, whose = "i", "coalesce(i.submitted_at, 'infinity')", "i.founder_id = $6"
	}
	from := "$7::timestamptz is null and $8::uuid is not null"
	if follows {
		from = "(" + order + ", i.id) < (coalesce($7::timestamptz, 'infinity'), $8)"
	}
	return strings.NewReplacer("EXCERPT", "$10", "TEXT", text, "ORDER", order, "WHOSE", whose, "FROM_KEY", from).Replace(`
		select ` + ideaCardColumns + ` from idea i ` + ideaCardJoins + `
		where i.tenant_id = $1 and WHOSE and FROM_KEY
		  and ($2 = '00000000-0000-0000-0000-000000000000'::uuid or i.call_id = $2)
		  and (cardinality($3::text[]) is null or cardinality($3::text[]) = 0 or i.state = any($3))
		  and ($4 = '' or TEXT.language = $4)
		  and TEXT.title || E'\n' || TEXT.problem || E'\n' || TEXT.solution ilike all ($5::text[])
		order by ORDER desc, i.id desc limit $9`)
}

func scanIdeaCard(row pgx.CollectableRow) (c IdeaCard, err error) {
	var submitted *time.Time
	var image *uuid.UUID
	var alt, media *string
	var width, height *int
	err = row.Scan(&c.ID, &c.Call, &c.Founder, &c.FounderName, &c.Organisation, &c.State, &c.Version,
		&c.Title, &c.Problem, &c.Language, &c.Goal.Minor, &c.Goal.Currency, &c.UpdatedAt, &submitted,
		&image, &alt, &media, &width, &height)
	c.SubmittedAt = orZero(submitted)
	if image != nil {
		c.Cover = &idea.Image{ID: *image, Alt: *alt, MediaType: *media, Width: *width, Height: *height}
	}
	return c, err
}

// searchPatterns makes an ILIKE pattern of each word, with its wildcards escaped.
// An empty list matches everything.
func searchPatterns(search string) []string {
	typed := []rune(strings.ReplaceAll(strings.ToValidUTF8(search, ""), "\x00", ""))
	if len(typed) > maxSearch {
		typed = typed[:maxSearch]
	}
	patterns := []string{}
	for _, word := range strings.Fields(string(typed)) {
		if len(patterns) == maxSearchWords {
			break
		}
		patterns = append(patterns, "%"+likeEscape.Replace(word)+"%")
	}
	return patterns
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
