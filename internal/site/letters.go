package site

import (
	"net/url"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/text"
)

// letter writes a message in a language: mail.<kind>.subject and mail.<kind>.body,
// both with the same arguments.
func letter(l *text.Locale, to, kind string, args ...any) account.Letter {
	return account.Letter{To: to, Subject: l.T("mail."+kind+".subject", args...), Body: l.T("mail."+kind+".body", args...)}
}

// link returns the full address of a page that a ticket opens, and that leads
// on to next.
func (s *Server) link(path string, t account.Ticket, next string) string {
	q := url.Values{"t": {t.String()}}
	if next != "" {
		q.Set("next", next)
	}
	return s.BaseURL + path + "?" + q.Encode()
}

func newTicket() account.Ticket { return account.NewTicket(uuid.Must(uuid.NewV7())) }

func hours(d time.Duration) int { return int(d / time.Hour) }

func (s *Server) verifyLetter(l *text.Locale, to, name string, t account.Ticket, next string) account.Letter {
	return letter(l, to, "verify", name, s.link("/verify", t, next), hours(account.VerifyLink))
}

func (s *Server) knownLetter(l *text.Locale, to string) account.Letter {
	return letter(l, to, "known", s.BaseURL+"/signin", s.BaseURL+"/reset")
}

func (s *Server) resetLetter(l *text.Locale, to, name string, t account.Ticket) account.Letter {
	return letter(l, to, "reset", name, s.link("/reset/password", t, ""), hours(account.ResetLink))
}
