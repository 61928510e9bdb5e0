package site

import (
	"net/http"
	"net/url"
	"strings"

	"globalbrain/internal/postgres"
)

// mailboxSize is how many letters the development mailbox shows.
const mailboxSize = 50

// mailboxPage shows the newest messages to everybody. It exists in development
// only: whoever reads it can be anybody.
type mailboxPage struct {
	Base
	Letters []mailboxLetter
	For     string // narrows to one address; "" shows all
}

type mailboxLetter struct {
	postgres.Mail
	Lines []mailboxLine
}

// mailboxLine is one line of a message; Link is set when it is an address of ours.
type mailboxLine struct{ Text, Link string }

func (s *Server) mailbox(w http.ResponseWriter, r *http.Request) error {
	if !s.Mailbox {
		return s.notFound(w, r)
	}
	list, err := s.Store.Outbox(r.Context(), mailboxSize)
	if err != nil {
		return err
	}
	page := mailboxPage{Base: s.base(r), For: r.URL.Query().Get("for")}
	page.Base = page.With("for", page.For)
	for _, m := range list {
		if page.For != "" && !strings.EqualFold(m.To, page.For) {
			continue
		}
		page.Letters = append(page.Letters, mailboxLetter{Mail: m, Lines: s.lines(m.Body)})
	}
	return s.render(w, r, http.StatusOK, "mailbox", page)
}

// lines splits a message and finds its links, as mail programs do.
func (s *Server) lines(body string) []mailboxLine {
	var list []mailboxLine
	for line := range strings.SplitSeq(body, "\n") {
		one := mailboxLine{Text: line}
		if u, err := url.Parse(strings.TrimSpace(line)); err == nil && strings.HasPrefix(u.String(), s.BaseURL+"/") {
			one.Link = u.RequestURI()
		}
		list = append(list, one)
	}
	return list
}
