package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/google/uuid"
)

// secretSize is the length of a secret in bytes: 256 bits cannot be guessed, so
// a plain hash is enough to store it.
const secretSize = 32

// Ticket is what a person holds: the id of a row and a secret of which the row
// keeps only a hash. Cookies and links in messages carry it as text.
type Ticket struct {
	ID     uuid.UUID
	secret [secretSize]byte
}

// NewTicket returns a ticket for the row with this id.
func NewTicket(id uuid.UUID) Ticket {
	t := Ticket{ID: id}
	_, _ = rand.Read(t.secret[:]) // crypto/rand.Read never fails
	return t
}

// String returns the text for the cookie or link.
func (t Ticket) String() string {
	return base64.RawURLEncoding.EncodeToString(t.ID[:]) + "." + base64.RawURLEncoding.EncodeToString(t.secret[:])
}

// ReadTicket reads String's text; anything else is no ticket.
func ReadTicket(text string) (Ticket, bool) {
	var t Ticket
	id, secret, found := strings.Cut(text, ".")
	rawID, errID := base64.RawURLEncoding.Strict().DecodeString(id)
	rawSecret, errSecret := base64.RawURLEncoding.Strict().DecodeString(secret)
	if !found || errID != nil || errSecret != nil || len(rawID) != len(t.ID) || len(rawSecret) != secretSize {
		return Ticket{}, false
	}
	copy(t.ID[:], rawID)
	copy(t.secret[:], rawSecret)
	return t, true
}

// Hash is what the row keeps.
func (t Ticket) Hash() []byte {
	sum := sha256.Sum256(t.secret[:])
	return sum[:]
}

// Opens reports whether the ticket's secret has the hash that the row keeps.
func (t Ticket) Opens(stored []byte) bool {
	return subtle.ConstantTimeCompare(t.Hash(), stored) == 1
}
