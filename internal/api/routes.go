package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"globalbrain/internal/tenant"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
	drop = http.MethodDelete

	ok      = http.StatusOK
	created = http.StatusCreated
	nothing = http.StatusNoContent

	in = "/tenants/{tenant}"
)

// routes is the one table of what the API does and who may.
func (a *api) routes(h huma.API) {
	handle(a, h, operation{post, "/sessions", "open-session", "Sign in", created, anyone}, a.openSession)
	handle(a, h, operation{drop, "/sessions/current", "close-session", "Sign out", nothing, signedIn}, a.closeSession)
	handle(a, h, operation{get, "/tenants", "list-tenants", "Every community", ok, anyone}, a.listTenants)
	handle(a, h, operation{get, in, "show-tenant", "One community and its rules", ok, anyone}, a.tenant)
	handle(a, h, operation{get, in + "/me", "me", "Who I am in this tenant", ok, signedIn}, a.me)

	handle(a, h, operation{get, in + "/calls", "list-calls", "Calls for ideas", ok, anyone}, a.listCalls)
	handle(a, h, operation{get, in + "/calls/{call}", "show-call", "One call", ok, anyone}, a.call)
	a.ideaRoutes(h)
	a.reviewRoutes(h)
	a.moneyRoutes(h)
}

func (a *api) ideaRoutes(h huma.API) {
	handle(a, h, operation{get, in + "/ideas", "list-ideas", "Public ideas, those submitted last first", ok, anyone}, a.listIdeas)
	handle(a, h, operation{get, in + "/me/ideas", "list-my-ideas", "My ideas, drafts among them", ok, signedIn}, a.listMyIdeas)
	handle(a, h, operation{post, in + "/ideas", "create-idea", "Start a draft", created, tenant.PostIdea}, a.createIdea)
	handle(a, h, operation{get, in + "/ideas/{idea}", "show-idea", "An idea as it was submitted last", ok, anyone}, a.showIdea)
	handle(a, h, operation{get, in + "/ideas/{idea}/draft", "show-draft", "What its founder is writing", ok, tenant.PostIdea}, a.showDraft)
	handle(a, h, operation{put, in + "/ideas/{idea}/draft", "save-draft", "Replace the draft", ok, tenant.PostIdea}, a.saveDraft)
	handle(a, h, operation{post, in + "/ideas/{idea}/submit", "submit-idea", "Hand the draft in as a new version", ok, tenant.PostIdea}, a.submitIdea)
	handle(a, h, operation{post, in + "/ideas/{idea}/withdraw", "withdraw-idea", "Take the idea back for good", ok, tenant.PostIdea}, a.withdrawIdea)
	handle(a, h, operation{get, in + "/ideas/{idea}/history", "show-history", "What the idea went through, for its founder and moderators", ok, signedIn}, a.ideaHistory)
	handle(a, h, operation{get, in + "/models", "list-models", "Installed models, which one answers, and how that came", ok, tenant.SeeModelRoom}, a.listModels)
	handle(a, h, operation{post, in + "/models/promotions", "promote-model", "Let an installed model answer for the tenant", created, tenant.ManageModels}, a.promoteModel)
	handle(a, h, operation{post, in + "/models/rollbacks", "roll-back-model", "Take the last promotion back", created, tenant.ManageModels}, a.rollBackModel)
	handle(a, h, operation{get, in + "/ideas/{idea}/similar", "list-similar", "Public ideas that are like my draft", ok, tenant.PostIdea}, a.listSimilar)
	handle(a, h, operation{post, in + "/coach", "coach", "What the model says about a text; nothing is kept", ok, tenant.PostIdea}, a.advise)

	handle(a, h, operation{get, in + "/ideas/{idea}/score", "show-score", "What the model said about the newest version", ok, anyone}, a.ideaScore)
	handle(a, h, operation{get, in + "/ideas/{idea}/receipt", "show-receipt", "Its place in the newest ranking, and why", ok, anyone}, a.ideaReceipt)
	handle(a, h, operation{get, in + "/ideas/{idea}/reviews", "list-reviews", "Its reviews of published rounds", ok, anyone}, a.ideaReviews)
	handle(a, h, operation{get, in + "/ideas/{idea}/support", "show-support", "How many support it", ok, anyone}, a.support)
	handle(a, h, operation{put, in + "/ideas/{idea}/support", "give-support", "Support it", ok, tenant.PostIdea}, a.giveSupport)
	handle(a, h, operation{drop, in + "/ideas/{idea}/support", "withdraw-support", "Support it no more", ok, tenant.PostIdea}, a.withdrawSupport)

	handle(a, h, operation{get, in + "/screening", "list-screening", "What waits for a moderator, the longest wait first", ok, tenant.Moderate}, a.screeningQueue)
	handle(a, h, operation{get, in + "/screening/{idea}/pictures", "list-screened-pictures", "What its pictures measure, and which look nearly like others", ok, tenant.Moderate}, a.screenedPictures)
	handle(a, h, operation{get, in + "/screening/{idea}/copies", "list-copies", "Ideas that share their words with it, or that its founder went on from although they are alike", ok, tenant.Moderate}, a.listCopies)
	handle(a, h, operation{post, in + "/screening/{idea}/take", "take-idea", "Take an idea from the queue", ok, tenant.Moderate}, a.takeIdea)
	handle(a, h, operation{post, in + "/screening/{idea}/decide", "screen-idea", "Accept it, ask for changes, or reject it", ok, tenant.Moderate}, a.screenIdea)
}

func (a *api) reviewRoutes(h huma.API) {
	handle(a, h, operation{get, in + "/rounds", "list-rounds", "Review rounds, the newest first", ok, tenant.ChairRounds}, a.listRounds)
	handle(a, h, operation{post, in + "/rounds", "open-round", "Open a round for a call", created, tenant.ChairRounds}, a.openRound)
	handle(a, h, operation{get, in + "/rounds/{round}", "show-room", "The chair's room of a round", ok, tenant.ChairRounds}, a.room)
	handle(a, h, operation{post, in + "/rounds/{round}/assign", "assign-experts", "Fill the open places with experts", ok, tenant.ChairRounds}, a.assignAll)
	handle(a, h, operation{post, in + "/rounds/{round}/assignments", "assign-expert", "Add one expert to one idea", created, tenant.ChairRounds}, a.assignOne)
	handle(a, h, operation{post, in + "/rounds/{round}/start", "start-round", "Invite the reviewers", ok, tenant.ChairRounds}, a.startRound)
	handle(a, h, operation{post, in + "/rounds/{round}/close", "close-round", "End the writing of reviews", ok, tenant.ChairRounds}, a.closeRound)
	handle(a, h, operation{post, in + "/rounds/{round}/ideas/{idea}/decide", "decide-idea", "Shortlist or reject an idea", ok, tenant.ChairRounds}, a.decideIdea)
	handle(a, h, operation{post, in + "/rounds/{round}/finish", "finish-round", "Fix the outcome", ok, tenant.ChairRounds}, a.finishRound)
	handle(a, h, operation{post, in + "/rounds/{round}/publish", "publish-round", "Show reviews and decisions to everybody", ok, tenant.ChairRounds}, a.publishRound)

	handle(a, h, operation{get, in + "/desk", "show-desk", "What I am asked to review", ok, tenant.ReviewIdeas}, a.desk)
	handle(a, h, operation{get, in + "/desk/{assignment}", "show-task", "One idea to review, and nothing that others say about it", ok, tenant.ReviewIdeas}, a.task)
	handle(a, h, operation{post, in + "/desk/{assignment}/accept", "accept-assignment", "Agree to review", ok, tenant.ReviewIdeas}, a.accept)
	handle(a, h, operation{post, in + "/desk/{assignment}/decline", "decline-assignment", "Say no to an invitation", nothing, tenant.ReviewIdeas}, a.decline)
	handle(a, h, operation{post, in + "/desk/{assignment}/conflict", "declare-conflict", "Declare a conflict of interest", nothing, tenant.ReviewIdeas}, a.declareConflict)
	handle(a, h, operation{post, in + "/desk/{assignment}/recuse", "recuse", "Step back from a review", nothing, tenant.ReviewIdeas}, a.recuse)
	handle(a, h, operation{put, in + "/desk/{assignment}/review", "save-review", "Keep the draft of a review", ok, tenant.ReviewIdeas}, a.saveReview)
	handle(a, h, operation{post, in + "/desk/{assignment}/review", "submit-review", "Hand the review in; it is final", ok, tenant.ReviewIdeas}, a.submitReview)

	handle(a, h, operation{get, in + "/rankings", "list-rankings", "Calls with their newest ranking", ok, anyone}, a.listRankings)
	handle(a, h, operation{get, in + "/calls/{call}/rankings", "list-snapshots", "Every ranking of a call, the newest first", ok, anyone}, a.listSnapshots)
	handle(a, h, operation{get, in + "/rankings/{snapshot}", "show-ranking", "A ranking and everything that it was made from", ok, anyone}, a.showRanking)
	handle(a, h, operation{get, in + "/rankings/{snapshot}/receipts", "list-receipts", "The ideas of a ranking by rank, each with its receipt", ok, anyone}, a.listReceipts)
}

func (a *api) moneyRoutes(h huma.API) {
	handle(a, h, operation{get, in + "/campaigns", "list-campaigns", "Campaigns, the newest first", ok, anyone}, a.listCampaigns)
	handle(a, h, operation{get, in + "/campaigns/{campaign}", "show-campaign", "One campaign with its totals", ok, anyone}, a.campaign)
	handle(a, h, operation{get, in + "/ideas/{idea}/campaign", "show-idea-campaign", "An idea's newest campaign", ok, anyone}, a.ideaCampaign)
	handle(a, h, operation{put, in + "/ideas/{idea}/campaign", "plan-campaign", "Write the plan of a shortlisted idea's campaign", ok, tenant.PostIdea}, a.planCampaign)
	handle(a, h, operation{post, in + "/campaigns/{campaign}/launch", "launch-campaign", "Start it now", ok, tenant.PostIdea}, a.launchCampaign)
	handle(a, h, operation{post, in + "/campaigns/{campaign}/cancel", "cancel-campaign", "Call it off; nobody is charged", ok, tenant.PostIdea}, a.cancelCampaign)
	handle(a, h, operation{post, in + "/campaigns/{campaign}/shortfall", "decide-shortfall", "Carry on with what was collected, or give it back", ok, tenant.PostIdea}, a.decideShortfall)
	handle(a, h, operation{get, in + "/campaigns/{campaign}/pledges", "list-backings", "Its pledges, for its founder and those who answer for the money", ok, signedIn}, a.listBackings)

	handle(a, h, operation{post, in + "/campaigns/{campaign}/pledges", "make-pledge", "Pledge; setup_url is where the backer goes next", created, tenant.Pledge}, a.makePledge)
	handle(a, h, operation{get, in + "/pledges", "list-pledges", "My pledges, the newest first", ok, signedIn}, a.listPledges)
	handle(a, h, operation{get, in + "/pledges/{pledge}", "show-pledge", "One pledge of mine", ok, signedIn}, a.pledge)
	handle(a, h, operation{post, in + "/pledges/{pledge}/setup", "set-up-pledge", "The gateway's page, once more or for another card", ok, tenant.Pledge}, a.setUpPledge)
	handle(a, h, operation{post, in + "/pledges/{pledge}/confirm", "confirm-pledge", "Ask the gateway whether I have been to its page", ok, tenant.Pledge}, a.confirmPledge)
	handle(a, h, operation{post, in + "/pledges/{pledge}/cancel", "cancel-pledge", "Take the pledge back", ok, tenant.Pledge}, a.cancelPledge)

	handle(a, h, operation{get, in + "/money/proofs", "list-proofs", "The sum of the whole ledger: zero", ok, tenant.SeeMoney}, a.ledgerProofs)
	handle(a, h, operation{get, in + "/money/balances", "list-balances", "What each account holds", ok, tenant.SeeMoney}, a.listBalances)
	handle(a, h, operation{get, in + "/money/charges", "list-charges", "Attempts to charge, the newest first", ok, tenant.SeeMoney}, a.listCharges)
}
