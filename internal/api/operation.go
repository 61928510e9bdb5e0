package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"globalbrain/internal/tenant"
)

// operation is one line of the table of routes.
type operation struct {
	method  string
	path    string
	id      string
	summary string
	status  int               // of a good answer
	may     tenant.Permission // or anyone, signedIn
}

// Who may call an operation, beside the permissions of the tenant package.
const (
	anyone   tenant.Permission = ""
	signedIn tenant.Permission = "signed in"
)

// handle registers one operation. Who may not call it is refused before its
// input is read, and every error leaves as a Problem, so that nothing internal
// can reach a caller through huma's own error path.
func handle[In, Out any](a *api, h huma.API, o operation, fn func(context.Context, caller, *In) (*Out, error)) {
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, DefaultStatus: o.status, MaxBodyBytes: maxBody,
		Errors: []int{400, 401, 403, 404, 409, 412, 413, 422, 428, 429, 500, 503}, Tags: []string{areaOf(o.path)},
		Middlewares: huma.Middlewares{a.guard(o)},
	}
	switch o.may {
	case anyone:
		op.Security = []map[string][]string{{}, {"session": {}}}
	case signedIn:
		op.Security = []map[string][]string{{"session": {}}}
	default:
		op.Security = []map[string][]string{{"session": {}}}
		op.Description = "Takes the permission " + string(o.may) + "."
	}
	if o.method != http.MethodGet && o.may != anyone && inATenant(o.path) {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Required: true, Schema: &huma.Schema{Type: "string", MinLength: new(1), MaxLength: new(longestKey)},
			Description: "A new one for each new request; the same key and request give the same answer and one effect",
		})
	}
	huma.Register(h, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := fn(ctx, callerOf(ctx), in)
		if err != nil {
			return nil, problemOf(ctx, a.log, err)
		}
		return out, nil
	})
}

// guard refuses who may not call the operation.
func (a *api) guard(o operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if o.may != anyone {
			if err := a.admit(ctx.Context(), o); err != nil {
				writeProblem(ctx, problemOf(ctx.Context(), a.log, err))
				return
			}
		}
		next(ctx)
	}
}

func (a *api) admit(ctx context.Context, o operation) error {
	if o.may == signedIn {
		return callerOf(ctx).known()
	}
	return a.need(ctx, o.may, o.method != http.MethodGet)
}

func writeProblem(ctx huma.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		for _, v := range values {
			ctx.SetHeader(name, v)
		}
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p) // the client may be gone; there is nobody to tell
}
