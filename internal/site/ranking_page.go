package site

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/postgres"
	"globalbrain/internal/ranking"
	"globalbrain/internal/review"
)

// rankingPage is one snapshot of one call. A reader who may still come to judge
// an idea of it sees the call's ideas without ranks and signals.
type rankingPage struct {
	Base
	Call      string
	Made      time.Time
	Model     string
	Use       ranking.Use
	Agreement review.Agreement
	Blind     bool
	Rows      []rankedRow
	NewestURL string
	AllURL    string
	JSON      string
	Pager     pager
}

type rankedRow struct {
	receiptView
	Title   string
	Problem string
	URL     string
	Hidden  bool // the reader may still come to judge it
}

// rankedOnPage is the length of a page of a ranking.
const rankedOnPage = 50

func (s *Server) ranking(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "snapshot")
	if err != nil {
		return err
	}
	if same, err := s.unchanged(w, r, id); same || err != nil {
		return err
	}
	ctx, t := r.Context(), s.tenant(r).ID
	blind, err := s.Store.BlindIdeas(ctx, t, s.person(r).ID)
	if err != nil {
		return err
	}
	snapshot, err := s.Store.RankingSnapshot(ctx, t, id)
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after")) // anything else is the first page
	ideas, err := s.Store.RankedIdeas(ctx, t, id, after, rankedOnPage+1)
	if err != nil {
		return err
	}
	b := s.base(r)
	page := rankingPage{
		Base: b, Call: b.In(snapshot.CallTitle), Made: snapshot.At, Model: snapshot.Model, Use: snapshot.Inputs.Weights.Use,
		Agreement: snapshot.Agreement, JSON: b.URL("/ranking/" + id.String() + "/inputs.json"),
		NewestURL: b.URL("/ranking/calls/" + snapshot.CallSlug), AllURL: b.URL("/ranking/calls/" + snapshot.CallSlug + "/all"),
	}
	next := ""
	if len(ideas) > rankedOnPage {
		ideas = ideas[:rankedOnPage]
		next = strconv.Itoa(ideas[rankedOnPage-1].Receipt.Rank)
	}
	page.Pager = b.pager(next)
	page.Blind = blindTo(snapshot.Inputs, blind)
	page.Rows = rankedRows(b, ideas, blind, page.Blind)
	return s.render(w, r, http.StatusOK, "ranking", page)
}

// blindTo reports whether a ranking holds an idea that must be judged blind:
// then no rank is shown, since the others' ranks would give its place away.
func blindTo(in ranking.Inputs, blind review.Blind) bool {
	for _, e := range in.Entries {
		if id, err := uuid.Parse(e.ID); err == nil && blind.Hides(id) {
			return true
		}
	}
	return false
}

func rankedRows(b Base, ideas []postgres.RankedIdea, blind review.Blind, ranksHidden bool) []rankedRow {
	rows := make([]rankedRow, 0, len(ideas))
	var hidden []rankedRow
	for _, i := range ideas {
		row := rankedRow{Title: i.Title, Problem: shorten(i.Problem, 160), URL: b.URL("/ideas/" + i.Idea.String())}
		if blind.Hides(i.Idea) {
			row.Hidden = true
			row.Base = b
			hidden = append(hidden, row)
			continue
		}
		row.receiptView = receiptOf(b, i.Receipt)
		if ranksHidden {
			row.Rank, row.Range, row.Sentence = 0, "", ""
		}
		rows = append(rows, row)
	}
	return append(rows, hidden...)
}

// unchanged answers 304 to a visitor who has this very page. A snapshot never
// changes, so its id stands for the page; the language, the place in the list
// and the style sheet are all that it depends on beside. Who is signed in
// always gets a fresh page.
func (s *Server) unchanged(w http.ResponseWriter, r *http.Request, id uuid.UUID) (bool, error) {
	b := s.base(r)
	if s.person(r).Known() || b.Flash() != "" {
		return false, nil
	}
	sheet, err := b.Static("app.css")
	if err != nil {
		return false, err
	}
	tag := fmt.Sprintf("%q", id.String()+b.Lang()+r.URL.Query().Get("after")+sheet)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") != tag {
		return false, nil
	}
	w.WriteHeader(http.StatusNotModified)
	return true, nil
}
