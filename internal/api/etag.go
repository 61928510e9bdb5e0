package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"globalbrain/internal/errs"
)

// Reading is the input of a conditional read.
type Reading struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag that you have: 304 when it is still right" maxLength:"512"`
}

// Writing is the input of a conditional write.
type Writing struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the draft that you changed: 412 when it was changed since" maxLength:"64"`
}

// tagOf is the ETag of an answer's body: the same body, the same tag.
func tagOf(body any) (string, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("make an ETag: %w", err)
	}
	sum := sha256.Sum256(raw)
	return strconv.Quote(hex.EncodeToString(sum[:16])), nil
}

// has reports whether one of the tags that the caller has is this one; a weak
// tag is as good as a strong one for a read.
func (in Reading) has(tag string) bool {
	for one := range strings.SplitSeq(in.IfNoneMatch, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// status is 304 for a caller who has the answer already.
func (in Reading) status(tag string) int {
	if in.has(tag) {
		return http.StatusNotModified
	}
	return http.StatusOK
}

// editTag is the ETag of a draft.
func editTag(edit int64) string { return strconv.Quote(strconv.FormatInt(edit, 10)) }

// edit reads the number of the draft that the caller changed. A write without
// one could undo what somebody else has just saved, and is refused.
func (in Writing) edit() (int64, error) {
	if in.IfMatch == "" {
		return 0, problem(http.StatusPreconditionRequired, "if_match.missing", "Send the draft's ETag as If-Match, so that nothing is overwritten unseen.")
	}
	n, err := strconv.ParseInt(strings.Trim(in.IfMatch, `"`), 10, 64)
	if err != nil || editTag(n) != in.IfMatch {
		return 0, changedSince()
	}
	return n, nil
}

func changedSince() error {
	return problem(http.StatusPreconditionFailed, "if_match.changed", "The draft was changed since you read it. Read it again, and send what you want with its new ETag.")
}

// precondition turns the store's word for a lost race of two editors into the
// status of a failed If-Match.
func precondition(err error) error {
	switch errs.CodeOf(err) {
	case "idea.edited_elsewhere", "campaign.edited":
		return changedSince()
	}
	return err
}
