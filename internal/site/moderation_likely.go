package site

import (
	"net/http"

	"globalbrain/internal/idea"
	"globalbrain/internal/likeness"
	"globalbrain/internal/postgres"
)

// likelyRow is an idea of which the one that is being screened may be a copy.
type likelyRow struct {
	Title, URL, Who string
	Measure         string // how much is the same
	Told            string // that the founder was told before submitting; "" otherwise
	Note            string // what the founder said then
	Here, There     []markedText
}

// markedText is a text with the passages marked that are shared.
type markedText struct {
	Language string
	Segments []likeness.Segment
}

// likely lists what a moderator may want to compare the idea with.
func (s *Server) likely(r *http.Request, v postgres.IdeaView) ([]likelyRow, error) {
	copies, err := s.Likeness.Copies(r.Context(), s.tenant(r).ID, v, mostLikely)
	if err != nil {
		return nil, err
	}
	b := s.base(r)
	var rows []likelyRow
	for _, c := range copies {
		who := c.FounderName
		if c.Founder == v.Founder {
			who = b.T("screening.same_founder")
		}
		row := likelyRow{
			Title: c.Title, URL: b.URL("/ideas/" + c.ID.String()), Who: who + " · " + b.T("idea.state_"+string(c.State)),
			Measure: b.T("screening.measure", b.Percent(c.Shared), b.Percent(c.Back)), Note: c.Told.Note,
			Here: marked(c.Here, v.Said.Language), There: marked(c.There, c.Language),
		}
		if c.Told.Degree != idea.Unlike {
			row.Told = b.T("screening.told_" + string(c.Told.Degree))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func marked(fields []likeness.Field, language string) []markedText {
	var list []markedText
	for _, f := range fields {
		list = append(list, markedText{language, f.Segments})
	}
	return list
}
