package sandbox

import "globalbrain/internal/pledge"

// A card is a test card: what happens at the page and at each charge.
type card struct {
	name   string // in forms and in the page's texts
	number string
	refuse bool // already at the page
	auth   bool // off-session charges need the backer first

	decline  pledge.Decline
	code     string
	declines int // how many charges are declined; -1: all

	busy  int  // how many charges are answered 429
	lost  bool // captured, and the answer never arrives
	fault bool // captured, and the answer is 500, for ever
	slow  bool // processing for a while
}

// cards lists every test card, in the page's order.
var cards = []card{
	{name: "ok", number: "4242 4242 4242 4242"},
	{name: "refused", number: "4000 0000 0000 0002", refuse: true},
	{name: "hard", number: "4000 0000 0000 9987", decline: pledge.Hard, code: "lost_card", declines: -1},
	{name: "soft_once", number: "4000 0000 0000 9995", decline: pledge.Soft, code: "insufficient_funds", declines: 1},
	{name: "soft", number: "4000 0000 0000 0341", decline: pledge.Soft, code: "insufficient_funds", declines: -1},
	{name: "auth", number: "4000 0025 0000 3155", auth: true},
	{name: "lost", number: "4000 0000 0000 0119", lost: true},
	{name: "fault", number: "4000 0000 0000 0500", fault: true},
	{name: "busy", number: "4000 0000 0000 0429", busy: 2},
	{name: "slow", number: "4000 0000 0000 0259", slow: true},
}

func cardByName(name string) (card, bool) {
	for _, c := range cards {
		if c.name == name {
			return c, true
		}
	}
	return card{}, false
}
