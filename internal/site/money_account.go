package site

import (
	"github.com/google/uuid"

	"globalbrain/internal/ledger"
	"globalbrain/internal/postgres"
)

// accountView is a ledger account as people read it.
type accountView struct {
	Words string
	Code  string // its name in the ledger
	URL   string // the page of what it belongs to, or ""
}

// accountOf says an account's name in words. titles are those of campaigns that
// the page shows anyway.
func accountOf(b Base, a ledger.Account, titles map[uuid.UUID]string) accountView {
	v := accountView{Code: string(a)}
	kind, id, part := a.Owner()
	switch {
	case a == ledger.PlatformFees:
		v.Words = b.T("money.account_platform")
	case a == ledger.GatewayFees:
		v.Words = b.T("money.account_gateway")
	case kind == "backer":
		v.Words = b.T("money.account_backer")
	case kind == "campaign" && part == "escrow":
		v.URL = b.URL("/campaigns/" + id.String() + "/money")
		if v.Words = b.T("money.account_escrow"); titles[id] != "" {
			v.Words = b.T("money.account_escrow_of", titles[id])
		}
	}
	return v
}

// balanceRow is what an account holds.
type balanceRow struct {
	accountView
	postgres.Balance
}

// ledgerRow is one entry of a campaign's ledger.
type ledgerRow struct {
	accountView
	postgres.LedgerLine
	First bool // of its transaction
}

func ledgerRows(b Base, lines []postgres.LedgerLine) []ledgerRow {
	rows := make([]ledgerRow, len(lines))
	for i, l := range lines {
		rows[i] = ledgerRow{accountOf(b, l.Account, nil), l, i == 0 || lines[i-1].Transaction != l.Transaction}
	}
	return rows
}
