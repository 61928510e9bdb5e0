package site

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"globalbrain/internal/account"
	"globalbrain/internal/errs"
	"globalbrain/internal/postgres"
	"globalbrain/internal/tenant"
)

const peopleSize = 30

// peoplePage lists who belongs to the tenant and what they are in it.
type peoplePage struct {
	Base
	Role    tenant.Role // narrows the list; "" is everybody
	Filters []Option
	Members []memberRow
	Pager   pager
}

// memberRow is one person with the roles that the reader may give or take.
type memberRow struct {
	Base
	postgres.Membership
	Give []tenant.Role
	Take []tenant.Role
	Open bool // somebody is changing this person
}

func (s *Server) people(w http.ResponseWriter, r *http.Request) error {
	role := tenant.Role(r.URL.Query().Get("role"))
	if role != "" && !tenant.ValidRole(role) {
		return s.notFound(w, r)
	}
	page, err := s.peopleList(r, role)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "people", page)
}

func (s *Server) peopleList(r *http.Request, role tenant.Role) (peoplePage, error) {
	page := peoplePage{Base: s.base(r), Role: role}
	list, err := s.Store.Members(r.Context(), s.tenant(r).ID, role, r.URL.Query().Get("after"), peopleSize)
	if err != nil {
		return page, err
	}
	page.Pager = page.pager(list.Next)
	page.Filters = append(page.Filters, Option{"", page.T("people.everybody"), role == ""})
	for _, each := range tenant.Roles[1:] {
		page.Filters = append(page.Filters, Option{string(each), page.T("role." + string(each)), role == each})
	}
	for _, m := range list.Items {
		row := memberRow{Base: page.Base, Membership: m, Open: m.AccountID.String() == chi.URLParam(r, "account")}
		for _, each := range tenant.Roles {
			switch {
			case !account.MayChangeRole(page.Person().Roles, each):
			case slices.Contains(m.Roles, each):
				row.Take = append(row.Take, each)
			default:
				row.Give = append(row.Give, each)
			}
		}
		page.Members = append(page.Members, row)
	}
	return page, nil
}

// member reads the account of the path.
func member(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(chi.URLParam(r, "account"))
	if err != nil {
		return id, errs.Wrap(err, errs.NotFound, "not_found", "This was not found.")
	}
	return id, nil
}

func (s *Server) changeRole(w http.ResponseWriter, r *http.Request) error {
	id, err := member(r)
	if err != nil {
		return err
	}
	t, actor := s.tenant(r), s.person(r)
	role, said := tenant.Role(r.PostFormValue("give")), "flash.role_given"
	if role != "" {
		err = s.Store.GrantRole(r.Context(), t.ID, actor.ID, id, role)
	} else {
		role, said = tenant.Role(r.PostFormValue("take")), "flash.role_taken"
		err = s.Store.TakeRole(r.Context(), t.ID, actor.ID, id, role)
	}
	return s.backToPeople(w, r, err, said)
}

func (s *Server) setOrganisation(w http.ResponseWriter, r *http.Request) error {
	id, err := member(r)
	if err != nil {
		return err
	}
	err = s.Store.SetOrganisation(r.Context(), s.tenant(r).ID, s.person(r).ID, id, r.PostFormValue("organisation"))
	return s.backToPeople(w, r, err, "flash.organisation_set")
}

// backToPeople ends an act on the people page: with what was done, or with the
// list and what is wrong.
func (s *Server) backToPeople(w http.ResponseWriter, r *http.Request, err error, said string) error {
	if err == nil {
		return s.redirect(w, r, s.base(r).URL("/people"), said)
	}
	if !isRefusal(err) {
		return err
	}
	page, listErr := s.peopleList(r, "")
	if listErr != nil {
		return listErr
	}
	page.Base = page.Refused(err)
	return s.render(w, r, statusOf(err), "people", page)
}
