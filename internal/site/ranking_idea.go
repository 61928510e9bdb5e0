package site

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/postgres"
	"globalbrain/internal/review"
)

// signalsBlock is what stands beside an idea's pitch: its receipt, its support
// and its published reviews, or for a reviewer the reason why none is shown.
type signalsBlock struct {
	Base
	Blind      bool
	Receipt    *receiptView // nil: not ranked yet
	RankingURL string
	Support    postgres.SupportState
	MaySupport bool
	SupportURL string
	Reviews    []publishedReview
	Reason     string // to the founder: why the idea was rejected after review
}

type publishedReview struct {
	Number int
	At     time.Time
	Lines  []judgementLine
}

type judgementLine struct {
	Name      string
	Score     int
	Rationale string
	At        float64 // of the score on a line of 100 units
}

// ideaSignals adds the block of signals to an idea's page once it is public.
func ideaSignals(s *Server, r *http.Request, v postgres.IdeaView, page *ideaPage) error {
	if v.State != idea.InReview && v.State != idea.Shortlisted && v.State != idea.Rejected {
		return nil
	}
	ctx, t, me := r.Context(), s.tenant(r).ID, s.person(r).ID
	blind, err := s.Store.BlindIdeas(ctx, t, me)
	if err != nil {
		return err
	}
	block := signalsBlock{Base: page.Base, Blind: blind.Hides(v.ID)}
	if n := len(page.History); n > 0 && v.State == idea.Rejected { // the founder's alone
		block.Reason = page.History[n-1].Reason
	}
	if !block.Blind {
		if err := s.fillSignals(r, v, &block, len(blind) > 0); err != nil {
			return err
		}
	}
	html, err := s.block("signals", block)
	if err != nil {
		return err
	}
	page.Blocks = append(page.Blocks, html)
	return nil
}

func (s *Server) fillSignals(r *http.Request, v postgres.IdeaView, block *signalsBlock, ranksHidden bool) error {
	ctx, t, me := r.Context(), s.tenant(r).ID, s.person(r).ID
	receipt, err := s.Store.ReceiptOf(ctx, t, v.ID, me)
	switch {
	case err == nil:
		view := receiptOf(block.Base, receipt.Receipt)
		if ranksHidden { // as on the page of the ranking
			view.Rank, view.Range, view.Sentence = 0, "", ""
		}
		block.Receipt, block.RankingURL = &view, block.URL("/ranking/"+receipt.Snapshot.String())
	case !errs.Is(err, errs.NotFound):
		return err
	}
	if block.Support, err = s.Store.SupportOf(ctx, t, v.ID, me); err != nil {
		return err
	}
	block.MaySupport = v.State != idea.Rejected && v.Founder != me
	block.SupportURL = block.URL("/ideas/" + v.ID.String() + "/support")
	reviews, err := s.Store.PublishedReviews(ctx, t, v.ID, me)
	if err != nil {
		return err
	}
	for _, p := range reviews {
		one := publishedReview{Number: p.Number, At: p.At}
		for i, j := range p.Sheet {
			one.Lines = append(one.Lines, judgementLine{
				Name: block.T("rubric." + string(review.Rubric[i])), Score: j.Score, Rationale: j.Rationale, At: onScale(float64(j.Score)),
			})
		}
		block.Reviews = append(block.Reviews, one)
	}
	return nil
}

// support gives or takes back the reader's support of an idea. A reviewer who
// has not handed in may do neither: the answer would show them the count.
func (s *Server) support(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "idea")
	if err != nil {
		return err
	}
	ctx, t, me := r.Context(), s.tenant(r).ID, s.person(r).ID
	change, words := s.Store.Support, "support.given"
	if r.PostFormValue("do") == "withdraw" {
		change, words = s.Store.WithdrawSupport, "support.withdrawn"
	}
	if err := s.refuseBlind(r, id); err != nil {
		return err
	}
	if err := change(ctx, t, id, me); err != nil {
		return err
	}
	return s.redirect(w, r, s.base(r).URL("/ideas/"+id.String()), words)
}

func (s *Server) refuseBlind(r *http.Request, id uuid.UUID) error {
	blind, err := s.Store.BlindIdeas(r.Context(), s.tenant(r).ID, s.person(r).ID)
	if err == nil && blind.Hides(id) {
		err = errs.New(errs.Forbidden, "review.blind", "You will see this when your own review is handed in.")
	}
	return err
}

// shelfLength is how many cards stand on a shelf of the home page.
const shelfLength = 6

// homeRanked puts the best of the newest ranking on the home page. Reviewers
// with open reviews in it do not see it.
func homeRanked(s *Server, r *http.Request, page *homePage) error {
	ctx, t := r.Context(), s.tenant(r).ID
	calls, err := s.Store.RankedCalls(ctx, t)
	if err != nil || len(calls) == 0 {
		return err
	}
	blind, err := s.Store.BlindIdeas(ctx, t, s.person(r).ID)
	if err != nil {
		return err
	}
	newest := calls[0]
	for _, c := range calls {
		if c.At.After(newest.At) {
			newest = c
		}
	}
	snapshot, err := s.Store.RankingSnapshot(ctx, t, newest.Snapshot)
	if err != nil || blindTo(snapshot.Inputs, blind) {
		return err
	}
	ideas, err := s.Store.RankedIdeas(ctx, t, newest.Snapshot, 0, shelfLength)
	if err != nil {
		return err
	}
	row := shelf{Title: page.T("ranking.shelf", page.In(newest.Title)), Reason: page.T("ranking.shelf_reason"), More: page.URL("/ranking/" + newest.Snapshot.String())}
	for _, i := range ideas {
		row.Cards = append(row.Cards, rankedCard(page.Base, i, page.In(newest.Title)))
	}
	page.Shelves = append(page.Shelves, row)
	return nil
}

func rankedCard(b Base, i postgres.RankedIdea, call string) ideaCard {
	card := ideaCard{Base: b, ID: i.Idea, URL: b.URL("/ideas/" + i.Idea.String()), Title: i.Title, Problem: shorten(i.Problem, 160), Call: call}
	for _, line := range receiptOf(b, i.Receipt).Sources {
		if line.Known {
			card.Signals = append(card.Signals, cardSignal{Source: line.Source, Label: line.Name, Figure: b.Number(1+line.At/25, 1)})
		}
	}
	return card
}
