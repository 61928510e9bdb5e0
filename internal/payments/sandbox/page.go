package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"golang.org/x/text/language"

	"globalbrain/internal/money"
	"globalbrain/internal/payments"
)

//go:embed page.html welcome.html style.css
var files embed.FS

var pages = template.Must(template.ParseFS(files, "*.html"))

// cardView is one choice on the page.
type cardView struct{ Name, Number, Text string }

// pageView is what page.html shows.
type pageView struct {
	Lang, Other, OtherName string
	T                      map[string]string
	Description, Amount    string
	Cards                  []cardView
	Chosen                 string
	Authenticate           bool
	Agreed                 bool
	Done                   bool
	Error                  string
	Back                   string
}

func (p *Provider) showPage(w http.ResponseWriter, r *http.Request) {
	if s, ok := p.setupOf(w, r); ok {
		render(w, http.StatusOK, viewOf(s, r, "ok", ""))
	}
}

// confirm takes the card that was chosen. A second time changes nothing.
func (p *Provider) confirm(w http.ResponseWriter, r *http.Request) {
	s, ok := p.setupOf(w, r)
	if !ok {
		return
	}
	if r.PostFormValue("back") != "" || s.Status == string(payments.SetupSucceeded) {
		http.Redirect(w, r, s.Request.ReturnURL, http.StatusSeeOther)
		return
	}
	kind, known := cardByName(r.PostFormValue("card"))
	agreed := s.Request.Authenticate && r.PostFormValue("authenticate") != ""
	view := viewOf(s, r, kind.name, "")
	view.Agreed = agreed
	switch {
	case !known:
		view.Error = view.T["choose"]
	case kind.refuse:
		view.Error = view.T["declined"]
	case kind.auth && s.Request.Authenticate && !agreed:
		view.Error = view.T["bank_needed"]
	}
	if view.Error != "" {
		render(w, http.StatusUnprocessableEntity, view)
		return
	}
	if err := p.succeed(s, kind, agreed); err != nil {
		p.o.Log.ErrorContext(r.Context(), "write the journal", "error", err)
		http.Error(w, view.T["broken"], http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, s.Request.ReturnURL, http.StatusSeeOther)
}

// succeed gives the setup its payment method, once, and returns when it is on disk.
func (p *Provider) succeed(s setup, kind card, agreed bool) error {
	p.mu.Lock()
	if now := p.m.setups[s.ID]; now.Status == string(payments.SetupSucceeded) {
		p.mu.Unlock()
		return nil
	}
	m := &method{ID: newID("pm"), Account: s.Account, Card: kind.name, Authenticated: agreed}
	s.Status, s.PaymentMethod = string(payments.SetupSucceeded), m.ID
	position, err := p.save(append([]any{m, &s}, p.announce("setup_intent.succeeded", s.Account, s.ID, s.Reference)...)...)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	p.alarm()
	return p.journal.flush(position)
}

// setupOf finds the setup of the address; its id is the right to see it.
func (p *Provider) setupOf(w http.ResponseWriter, r *http.Request) (setup, bool) {
	p.mu.Lock()
	s := p.m.setups[r.PathValue("setup")]
	p.mu.Unlock()
	if s == nil {
		http.NotFound(w, r)
		return setup{}, false
	}
	return *s, true
}

func viewOf(s setup, r *http.Request, chosen, message string) pageView {
	wanted := r.URL.Query().Get("lang")
	if wanted == "" {
		wanted = s.Request.Locale
	}
	_, at := language.MatchStrings(matcher, wanted, r.Header.Get("Accept-Language"))
	view := pageView{Lang: "en", Other: "zh-CN", OtherName: "简体中文"}
	if at == 1 {
		view = pageView{Lang: "zh-CN", Other: "en", OtherName: "English"}
	}
	view.T = texts[view.Lang]
	view.Description, view.Chosen, view.Error, view.Back = s.Request.Description, chosen, message, s.Request.ReturnURL
	view.Amount = money.Amount{Minor: s.Request.Amount, Currency: s.Request.Currency}.Format(language.Make(view.Lang))
	view.Authenticate = s.Request.Authenticate
	view.Done = s.Status == string(payments.SetupSucceeded)
	for _, c := range cards {
		view.Cards = append(view.Cards, cardView{Name: c.name, Number: c.number, Text: view.T["card_"+c.name]})
	}
	return view
}

func render(w http.ResponseWriter, status int, view pageView) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, "page.html", view); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

// welcome says what this is to those who find the address.
func (p *Provider) welcome(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page, _ := files.ReadFile("welcome.html")
	_, _ = w.Write(page)
}

func serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeFileFS(w, r, files, "style.css")
}

// goodReturn reports whether a browser may be sent there.
func goodReturn(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
