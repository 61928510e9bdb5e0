package site

import (
	"net/http"

	"github.com/google/uuid"

	"globalbrain/internal/errs"
	"globalbrain/internal/idea"
	"globalbrain/internal/likeness"
	"globalbrain/internal/postgres"
	"globalbrain/internal/scoring"
)

// How many ideas are named that are like one.
const (
	mostSimilar = 3
	mostLikely  = 5 // to a moderator
)

// similarLine is an idea that is like the one at hand, and how, in words: a
// cosine would say nothing to a person.
type similarLine struct{ ID, Title, URL, Closeness string }

// similar lists public ideas of the tenant that are like a draft of which the
// model said this. The founder judges; nothing is decided by it.
func (s *Server) similar(r *http.Request, i idea.Idea, score scoring.Score) ([]similarLine, error) {
	matches, err := s.Likeness.Find(r.Context(), likeness.About(s.tenant(r).ID, i.ID, i.Draft, score), mostSimilar)
	if r.Context().Err() != nil {
		return nil, nil //nolint:nilerr // nobody waits for it any more
	}
	return similarLines(s.base(r), matches), err
}

func similarLines(b Base, matches []likeness.Match) []similarLine {
	var lines []similarLine
	for _, m := range matches {
		lines = append(lines, similarLine{
			ID: m.ID.String(), Title: m.Title, URL: b.URL("/ideas/" + m.ID.String()), Closeness: b.T("likeness." + string(m.Degree)),
		})
	}
	return lines
}

// alikeQuestion is asked once, before a draft is submitted that is nearly
// somebody else's. Any answer goes on.
type alikeQuestion struct{ Ideas []similarLine }

// alike returns what is to be stored with a submission, or the question that the
// founder has not answered yet. With an answer that is too long, both the question
// and the error are returned.
func (s *Server) alike(r *http.Request, v postgres.IdeaView) ([]idea.Likeness, *alikeQuestion, error) {
	advice, _, err := s.consult(r, v.Draft)
	if err != nil { // the question is advice: without the model words are compared, and nobody is stopped
		s.Log.ErrorContext(r.Context(), "a draft is submitted without the model's view of it", "idea", v.ID, "error", err)
	}
	answers := map[uuid.UUID]string{}
	for _, shown := range r.PostForm["alike"] {
		if other, err := uuid.Parse(shown); err == nil {
			answers[other] = r.PostFormValue("difference")
		}
	}
	q := likeness.About(s.tenant(r).ID, v.ID, v.Draft, advice.Score)
	list, open, err := s.Likeness.Settle(r.Context(), q, answers)
	if errs.Is(err, errs.Invalid) {
		var again error
		if _, open, again = s.Likeness.Settle(r.Context(), q, nil); again != nil {
			return nil, nil, again
		}
	}
	if len(open) > 0 {
		return nil, &alikeQuestion{similarLines(s.base(r), open)}, err
	}
	return list, nil, err
}
