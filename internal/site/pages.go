package site

// pageTypes lists every page: the template web/templates/page/<name>.html and
// the struct that it shows. render refuses any other pairing, and a test checks
// each template against its struct.
var pageTypes = map[string]any{
	"problem":     problemPage{},
	"held":        heldPage{},
	"tenants":     tenantListPage{},
	"signup":      signUpPage{},
	"checkmail":   checkMailPage{},
	"verify":      verifyPage{},
	"signin":      signInPage{},
	"reset":       resetPage{},
	"newpassword": newPasswordPage{},
	"mailbox":     mailboxPage{},
	"places":      placesPage{},
	"me":          mePage{},
	"people":      peoplePage{},
	"home":        homePage{},
	"explore":     explorePage{},
	"ideanew":     ideaNewPage{},
	"studio":      studioPage{},
	"idea":        ideaPage{},
	"withdraw":    withdrawPage{},
	"moderation":  moderationPage{},
	"screening":   screeningPage{},
	"calls":       callsPage{},

	"desk":           deskPage{},
	"review":         reviewPage{},
	"rounds":         roundsPage{},
	"room":           roomPage{},
	"rankings":       rankingsPage{},
	"ranking":        rankingPage{},
	"rankinghistory": rankingHistoryPage{},

	"campaignedit":   campaignEditPage{},
	"campaignlaunch": campaignLaunchPage{},
	"campaigncancel": campaignCancelPage{},
	"campaignmoney":  campaignMoneyPage{},
	"pledge":         pledgePage{},
	"pledgeshow":     pledgeShowPage{},
	"pledges":        pledgesPage{},
	"money":          moneyPage{},
	"reconcile":      reconcilePage{},
}
