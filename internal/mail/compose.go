package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"globalbrain/internal/account"
)

// lineLength is the longest line of a base64 body (RFC 2045, 6.8).
const lineLength = 76

// compose writes a letter as a message of the Internet (RFC 5322): UTF-8 plain
// text in base64, which every server passes on unchanged.
func compose(from string, l account.Letter, now time.Time) ([]byte, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("read the sender's address: %w", err)
	}
	to, err := mail.ParseAddress(l.To)
	if err != nil {
		return nil, fmt.Errorf("read the receiver's address: %w", err)
	}
	_, host, _ := strings.Cut(sender.Address, "@")
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", sender.String())
	header("To", to.String())
	header("Subject", mime.QEncoding.Encode("utf-8", oneLine(l.Subject)))
	header("Date", now.Format(time.RFC1123Z))
	header("Message-ID", "<"+uuid.NewString()+"@"+host+">")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "base64")
	header("Auto-Submitted", "auto-generated") // no holiday answers, please (RFC 3834)
	b.WriteString("\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(l.Body, "\n", "\r\n")))
	for len(body) > lineLength {
		b.WriteString(body[:lineLength] + "\r\n")
		body = body[lineLength:]
	}
	b.WriteString(body + "\r\n")
	return b.Bytes(), nil
}

// oneLine keeps a subject from starting another header.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
