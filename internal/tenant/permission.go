package tenant

import "slices"

// Role is what a person is in one tenant. Every member may found and back.
type Role string

// The roles.
const (
	Member    Role = "member"
	Expert    Role = "expert"
	Moderator Role = "moderator"
	Admin     Role = "admin"
	Owner     Role = "owner"
)

// Roles lists every role, the least powerful first.
var Roles = []Role{Member, Expert, Moderator, Admin, Owner}

// Permission is one thing that a person may do in a tenant.
type Permission string

// The permissions. Handlers, templates and tests read this one table; what is
// not listed for a role is denied.
const (
	PostIdea      Permission = "idea.post"     // write and submit ideas
	Pledge        Permission = "pledge.make"   // back campaigns
	ReviewIdeas   Permission = "review.write"  // have an expert's desk
	Moderate      Permission = "idea.moderate" // screen ideas, see the queue
	ChairRounds   Permission = "round.chair"   // open rounds, assign, decide
	RunCampaigns  Permission = "campaign.run"  // see every campaign's money, suspend
	SeeMoney      Permission = "money.see"     // ledger and settlement of the tenant
	ManagePeople  Permission = "people.manage" // grant and take roles
	ManageTenant  Permission = "tenant.manage" // settings, calls
	ManageModels  Permission = "model.manage"  // promote and roll back models
	SeeModelRoom  Permission = "model.see"     // model card and health
	SeeAuditTrail Permission = "audit.see"     // the tenant's audit events
)

var granted = map[Permission][]Role{
	PostIdea:      {Member, Expert, Moderator, Admin, Owner},
	Pledge:        {Member, Expert, Moderator, Admin, Owner},
	ReviewIdeas:   {Expert},
	Moderate:      {Moderator, Admin, Owner},
	ChairRounds:   {Admin, Owner},
	RunCampaigns:  {Admin, Owner},
	SeeMoney:      {Admin, Owner},
	ManagePeople:  {Admin, Owner},
	ManageTenant:  {Admin, Owner},
	ManageModels:  {Owner},
	SeeModelRoom:  {Moderator, Admin, Owner},
	SeeAuditTrail: {Admin, Owner},
}

// Permissions lists every permission that the table names.
func Permissions() []Permission {
	list := make([]Permission, 0, len(granted))
	for p := range granted {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

// Allows reports whether any of the roles grants p.
func Allows(roles []Role, p Permission) bool {
	for _, r := range roles {
		if slices.Contains(granted[p], r) {
			return true
		}
	}
	return false
}

// ValidRole reports whether r is a role of the table.
func ValidRole(r Role) bool { return slices.Contains(Roles, r) }
