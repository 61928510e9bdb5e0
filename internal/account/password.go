package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"globalbrain/internal/errs"
)

// The bounds of a password in characters. The lower one follows NIST
// SP 800-63B for passwords without a second factor made stricter where people
// choose them; the upper one only bounds the work.
const (
	MinPassword = 10
	MaxPassword = 128
)

// guessable are passwords of ten and more characters that lead every list of
// stolen ones; the shorter ones of those lists are refused by their length.
var guessable = map[string]bool{
	"1234567890": true, "0123456789": true, "0987654321": true, "1q2w3e4r5t": true, "qwertyuiop": true,
	"password12": true, "password123": true, "password1234": true, "passw0rd123": true, "1234567891": true,
	"12345678910": true, "123456789012": true, "1qaz2wsx3edc": true, "qwerty12345": true, "qwerty123456": true,
	"iloveyou123": true, "letmein1234": true, "welcome123": true, "welcome1234": true, "administrator": true,
	"changeme123": true, "a123456789": true, "woaini1314520": true, "5201314520": true, "abc1234567": true,
	"globalbrain": true, "qazwsxedcrfv": true, "asdfghjkl123": true, "zxcvbnm123": true, "1111111111": true,
}

func checkPassword(f *errs.Fields, field, password, name, email string) {
	n := utf8.RuneCountInString(password)
	folded := strings.ToLower(password)
	switch {
	case n < MinPassword:
		f.Add(field, "account.password_short", "A password has at least %d characters; a few words are easy to remember.", MinPassword)
	case n > MaxPassword:
		f.Add(field, "account.password_long", "A password has at most %d characters.", MaxPassword)
	case guessable[folded], strings.Count(folded, folded[:1]) == len(folded):
		f.Add(field, "account.password_guessable", "This password is on every list of guesses. Choose another.")
	case folded == strings.ToLower(email), folded == strings.ToLower(name):
		f.Add(field, "account.password_personal", "The password must not be your name or your address.")
	}
}

// CheckPassword returns an Invalid error about the field when the password
// breaks a rule for this person.
func CheckPassword(field, password, name, email string) error {
	var f errs.Fields
	checkPassword(&f, field, password, name, email)
	return f.Err()
}

// The work of one hash: argon2id with 46 MiB and one pass, OWASP's first choice.
const (
	argonTime    = 1
	argonMemory  = 46 * 1024 // KiB
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// Hasher hashes passwords, a few at a time: each takes 46 MiB, and a crowd at
// the door must not take all memory.
type Hasher struct {
	slots chan struct{}
	dummy string // what unknown addresses are compared with, for the same time
}

// NewHasher returns a hasher that does at most atOnce hashes at the same time.
func NewHasher(atOnce int) *Hasher {
	h := &Hasher{slots: make(chan struct{}, atOnce)}
	h.dummy = encode(salt(), make([]byte, argonKey))
	return h
}

func salt() []byte {
	b := make([]byte, argonSalt)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	return b
}

func encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64(salt), b64(key))
}

// Hash returns the password's hash in the PHC string format. It waits for its
// turn, at most as long as ctx.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	s := salt()
	key := argon2.IDKey([]byte(norm.NFKC.String(password)), s, argonTime, argonMemory, argonThreads, argonKey)
	return encode(s, key), nil
}

// Matches reports whether the password has this hash. An empty hash, which is
// that of an unknown address, takes as long as any other and never matches.
func (h *Hasher) Matches(ctx context.Context, hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		return false, nil
	}
	var version int
	var memory, passes uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("read a password hash: not argon2id")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil || version != argon2.Version {
		return false, fmt.Errorf("read a password hash: unknown parameters")
	}
	s, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	want, errKey := base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(want) == 0 {
		return false, fmt.Errorf("read a password hash: not base64")
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	got := argon2.IDKey([]byte(norm.NFKC.String(password)), s, passes, memory, threads, uint32(len(want))) //nolint:gosec // G115: a key of a few bytes
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errs.Wrap(ctx.Err(), errs.Unavailable, "account.busy", "Too many people are signing in right now. Please try again.")
	}
}

func (h *Hasher) leave() { <-h.slots }
