package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"

	"globalbrain/internal/account"
)

// SMTP sends letters to a mail server. Port 465 speaks TLS from the start, every
// other port must offer STARTTLS; a server that offers no TLS is refused, because
// letters hold links that sign people in. Only a server on this very machine may
// do without.
type SMTP struct {
	Addr     string // host:port
	User     string // empty: the server asks for no password
	Password string
	From     string      // "Name <address>"
	TLS      *tls.Config // nil: the system's certificates and the server's name
}

// patience is how long one letter may take: its row in the outbox is locked
// meanwhile, and the database ends transactions that idle for half a minute.
const patience = 20 * time.Second

// errNoTLS means that letters would travel in the open.
var errNoTLS = errors.New("the mail server offers no TLS")

// Check reports settings with which no letter can be sent.
func (s SMTP) Check() error {
	if _, _, err := net.SplitHostPort(s.Addr); err != nil {
		return fmt.Errorf("read the mail server's address: %w", err)
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		return fmt.Errorf("read the sender's address %q: %w", s.From, err)
	}
	return nil
}

// Send sends one letter. Servers like to repeat the address in what they refuse;
// the error does without it, because it ends in a log.
func (s SMTP) Send(ctx context.Context, l account.Letter) error {
	if err := s.send(ctx, l); err != nil {
		return fmt.Errorf("send a letter: %w", unnamed{err, l.To})
	}
	return nil
}

// unnamed is an error that does not say an address.
type unnamed struct {
	error
	address string
}

func (u unnamed) Error() string { return strings.ReplaceAll(u.error.Error(), u.address, "(address)") }
func (u unnamed) Unwrap() error { return u.error }

func (s SMTP) send(ctx context.Context, l account.Letter) error {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return err
	}
	message, err := compose(s.From, l, time.Now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // after Quit there is nothing left to close
	if s.User != "" {
		host, _, err := net.SplitHostPort(s.Addr)
		if err != nil {
			return err
		}
		if err := client.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
			return err
		}
	}
	if err := client.Mail(from.Address); err != nil {
		return err
	}
	if err := client.Rcpt(l.To); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(message); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	// The server has taken the letter: an error while parting changes nothing.
	_ = client.Quit()
	return nil
}

func (s SMTP) dial(ctx context.Context) (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, err
	}
	settings := s.TLS.Clone()
	if settings == nil {
		settings = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if settings.ServerName == "" {
		settings.ServerName = host
	}
	var conn net.Conn
	if port == "465" {
		conn, err = (&tls.Dialer{Config: settings}).DialContext(ctx, "tcp", s.Addr)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", s.Addr)
	}
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return greet(conn, host, port == "465", settings)
}

// greet opens the conversation, and makes it a secret one where it is not yet.
func greet(conn net.Conn, host string, secret bool, settings *tls.Config) (*smtp.Client, error) {
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if secret {
		return client, nil
	}
	if offered, _ := client.Extension("STARTTLS"); offered {
		err = client.StartTLS(settings)
	} else if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		err = errNoTLS
	}
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return client, nil
}
