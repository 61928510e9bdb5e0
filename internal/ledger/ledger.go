// Package ledger is double-entry bookkeeping: accounts, postings that move an
// amount from one account to another, and transactions made of postings. It
// does not know why money moves, nor how entries are stored.
package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"globalbrain/internal/money"
)

// Account names a place where money can be. Its balance is the sum of its
// entries; a negative one is what the account has given.
type Account string

// The accounts that belong to the tenant itself.
const (
	PlatformFees Account = "fees:platform" // what the tenant keeps of funded campaigns
	GatewayFees  Account = "fees:gateway"  // what the payment gateway keeps of each charge
)

// Backer is what one person has given (negative) and got back.
func Backer(id uuid.UUID) Account { return Account("backer:" + id.String()) }

// Escrow is what a campaign has collected and nobody has been paid.
func Escrow(campaign uuid.UUID) Account {
	return Account("campaign:" + campaign.String() + ":escrow")
}

// Owner reads an account's name: whose it is ("backer", "campaign", "fees"), the
// id of the backer or campaign, and which of their accounts ("escrow",
// "platform", "gateway"), as far as the name has them.
func (a Account) Owner() (kind string, id uuid.UUID, part string) {
	kind, rest, _ := strings.Cut(string(a), ":")
	name, part, _ := strings.Cut(rest, ":")
	if id, err := uuid.Parse(name); err == nil {
		return kind, id, part
	}
	return kind, uuid.Nil, name
}

// Posting moves Amount, which is positive, from one account to another.
type Posting struct {
	From, To Account
	Amount   money.Amount
}

// Transaction is one or more postings that happen together or not at all.
type Transaction struct {
	Reference string // names the cause; posting the same reference again changes nothing
	Kind      string // "capture", "fee", "reversal": for people who read the ledger
	Reverses  string // the reference of the transaction that this one takes back, or ""
	Postings  []Posting
}

// Entry is one line of an account: what it gains, or gives if negative.
type Entry struct {
	Account Account
	Amount  money.Amount
}

// New returns a transaction, or an error when a posting moves nothing, moves
// backwards or moves from an account to itself.
func New(reference, kind string, postings ...Posting) (Transaction, error) {
	if reference == "" || len(reference) > 255 || kind == "" {
		return Transaction{}, errors.New("a ledger transaction needs a reference of at most 255 bytes and a kind")
	}
	if len(postings) == 0 {
		return Transaction{}, fmt.Errorf("post %s: nothing to post", reference)
	}
	for _, p := range postings {
		switch {
		case !p.Amount.IsPositive() || p.Amount.Currency == "":
			return Transaction{}, fmt.Errorf("post %s: %s is not an amount to move", reference, p.Amount)
		case p.From == p.To || p.From == "" || p.To == "":
			return Transaction{}, fmt.Errorf("post %s: from %q to %q", reference, p.From, p.To)
		}
	}
	return Transaction{Reference: reference, Kind: kind, Postings: postings}, nil
}

// reversal starts the reference of every reversal.
const reversal = "reverse:"

// Reverse returns the transaction that takes t back: the same postings with
// source and destination exchanged. Its reference follows from t's, so that a
// second reversal is the first one again; a reversal itself cannot be reversed.
func (t Transaction) Reverse() (Transaction, error) {
	if t.Reverses != "" || strings.HasPrefix(t.Reference, reversal) {
		return Transaction{}, fmt.Errorf("reverse %s: it is a reversal", t.Reference)
	}
	back := make([]Posting, len(t.Postings))
	for i, p := range t.Postings {
		back[i] = Posting{From: p.To, To: p.From, Amount: p.Amount}
	}
	r, err := New(reversal+t.Reference, "reversal", back...)
	r.Reverses = t.Reference
	return r, err
}

// Entries returns two lines for each posting, which sum to zero in each currency.
func (t Transaction) Entries() ([]Entry, error) {
	entries := make([]Entry, 0, 2*len(t.Postings))
	for _, p := range t.Postings {
		given, err := p.Amount.Neg()
		if err != nil {
			return nil, fmt.Errorf("post %s: %w", t.Reference, err)
		}
		entries = append(entries, Entry{p.From, given}, Entry{p.To, p.Amount})
	}
	return entries, nil
}
