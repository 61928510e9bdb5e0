package payments

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SignatureHeader carries a webhook's signature: "t=<unix seconds>,v1=<hex>".
// There may be several v1, so that a secret can be changed while in use.
const SignatureHeader = "Gateway-Signature"

// Tolerance is how far a signature's time may lie from ours. A captured webhook
// cannot be played again later.
const Tolerance = 300 * time.Second

// Sign returns the header's value: HMAC-SHA-256 over the time, a full stop and
// the raw body.
func Sign(secret string, body []byte, at time.Time) string {
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(digest(secret, body, at.Unix())))
}

// Verify checks a header against the raw body and the time.
func Verify(secret, header string, body []byte, now time.Time) error {
	if secret == "" {
		return Unproved("no secret is set")
	}
	var at int64
	var given [][]byte
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			seconds, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return Unproved("its time cannot be read")
			}
			at = seconds
		case "v1":
			if sum, err := hex.DecodeString(value); err == nil {
				given = append(given, sum)
			}
		}
	}
	if age := now.Sub(time.Unix(at, 0)); age > Tolerance || age < -Tolerance {
		return Unproved("its time is too far from now")
	}
	want := digest(secret, body, at)
	for _, sum := range given {
		if hmac.Equal(sum, want) {
			return nil
		}
	}
	return Unproved("it was made with another secret or over another body")
}

func digest(secret string, body []byte, unix int64) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(fmt.Appendf(nil, "%d.", unix))
	mac.Write(body)
	return mac.Sum(nil)
}
