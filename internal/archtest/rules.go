package archtest

// The floors. An import goes down: from a higher floor to a lower one.
const (
	ground  = iota // values that everything may use; the standard library and x/text only
	domain         // rules and arithmetic; no I/O, no SQL, no HTTP, no clock
	outside        // one package per real thing outside the process
	entry          // how the world reaches in
	command        // the binary
	proof          // imported by tests only
)

// A row is what one package of the house may do. Packages below it, such as
// internal/payments/sandbox, live under the same row.
type row struct {
	path     string   // below the module's path
	floor    int      // one of the constants above
	sideways []string // the packages of its own floor that it may import
	libs     []string // the modules, or folders of modules, beside the standard library
	io       bool     // on the two lowest floors: it may reach files, the network or the clock
}

const (
	tenant = "internal/tenant" // whose ID every tenant-owned thing carries

	xtext   = "golang.org/x/text"
	xcrypto = "golang.org/x/crypto"
	xsync   = "golang.org/x/sync"
	xnet    = "golang.org/x/net"
	uuid    = "github.com/google/uuid"
	pgx     = "github.com/jackc/pgx/v5"
	river   = "github.com/riverqueue/river"
	chi     = "github.com/go-chi/chi/v5"
	metrics = "github.com/prometheus/client_golang"
)

// house is the one table: what is there, and no more. Whoever needs another edge
// writes it here, where it is seen in review.
var house = []row{
	{path: "internal/errs", floor: ground},
	{path: "internal/money", floor: ground, sideways: []string{"internal/errs"}, libs: []string{xtext}},
	{path: "internal/text", floor: ground, libs: []string{xtext}},
	{path: "internal/config", floor: ground, io: true},
	{path: "web", floor: ground, io: true}, // embedded templates, static files and locales

	{path: tenant, floor: domain, libs: []string{xtext}},
	{path: "internal/account", floor: domain, sideways: []string{tenant}, libs: []string{uuid, xcrypto, xtext}},
	{path: "internal/idea", floor: domain, libs: []string{uuid}},
	{path: "internal/ledger", floor: domain, libs: []string{uuid}},
	{path: "internal/campaign", floor: domain, sideways: []string{tenant}, libs: []string{uuid}},
	{path: "internal/pledge", floor: domain, sideways: []string{tenant, "internal/campaign", "internal/ledger"}, libs: []string{uuid}},
	{path: "internal/review", floor: domain, sideways: []string{tenant}, libs: []string{uuid}},
	{path: "internal/ranking", floor: domain, sideways: []string{"internal/review"}},
	{path: "internal/moderation", floor: domain, libs: []string{uuid}},
	{path: "internal/picture", floor: domain},
	{path: "internal/similar", floor: domain, libs: []string{xtext, "golang.org/x/sys/cpu"}},
	{path: "internal/audit", floor: domain, libs: []string{uuid}},
	{path: "internal/promotion", floor: domain, libs: []string{uuid}},
	{path: "internal/job", floor: domain, sideways: []string{tenant}, libs: []string{uuid}}, // job arguments only

	{path: "internal/database", floor: outside, libs: []string{pgx}},
	{path: "internal/postgres", floor: outside, sideways: []string{"internal/database"}, libs: []string{pgx, uuid, river}},
	{path: "internal/scoring", floor: outside, libs: []string{"github.com/yalue/onnxruntime_go", "github.com/abadojack/whatlanggo", "github.com/rivo/uniseg", "google.golang.org/protobuf", xtext, metrics}},
	{path: "internal/payments", floor: outside, libs: []string{xtext}},
	{path: "internal/mail", floor: outside, libs: []string{uuid}},
	{path: "internal/blob", floor: outside, libs: []string{"golang.org/x/image"}},
	{path: "internal/localpg", floor: outside, libs: []string{pgx, "github.com/fergusstrange/embedded-postgres"}},
	{path: "migrations", floor: outside, libs: []string{"github.com/golang-migrate/migrate/v4"}},

	{path: "internal/middleware", floor: entry, libs: []string{chi, uuid, metrics, "github.com/klauspost/compress"}},
	{path: "internal/brain", floor: entry, libs: []string{metrics}}, // which model answers for which tenant, for all doors
	{path: "internal/likeness", floor: entry, libs: []string{uuid}}, // for site and api alike
	{path: "internal/site", floor: entry, sideways: []string{"internal/middleware", "internal/likeness", "internal/brain"}, libs: []string{chi, uuid, metrics, xtext, "github.com/yuin/goldmark", "github.com/microcosm-cc/bluemonday"}},
	{path: "internal/api", floor: entry, sideways: []string{"internal/middleware", "internal/likeness", "internal/brain"}, libs: []string{chi, uuid, "github.com/danielgtaylor/huma/v2"}},
	{path: "internal/worker", floor: entry, libs: []string{river, pgx, uuid}},

	{path: "cmd/globalbrain", floor: command, libs: []string{pgx, uuid, metrics, xsync}},

	{path: "internal/pgtest", floor: proof, libs: []string{pgx}},
	{path: "internal/archtest", floor: proof},
}

// testLibs are open to every package's tests beside its own row.
var testLibs = []string{
	"pgregory.net/rapid", "go.uber.org/goleak", "github.com/chromedp/chromedp", "github.com/chromedp/cdproto", "github.com/jba/templatecheck",
	pgx, uuid, river, xnet, xsync, xtext, metrics, "github.com/sugarme/tokenizer",
}

// configReader is the only package that may import internal/config.
const configReader = "cmd/globalbrain"

// ioPackages may not be imported where io is false. A folder stands for all
// below it; pureBelow names the exceptions.
var ioPackages = []string{"os", "net", "database/sql", "syscall", "io/ioutil", "log", "plugin", "embed", "testing", "runtime/debug"}
var pureBelow = []string{"net/mail", "net/netip", "net/url", "net/textproto"}

// clockCalls are functions of package time that may not be called where io is
// false: time is an argument there.
var clockCalls = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// vagueNames say nothing about what is inside, for packages and files alike.
var vagueNames = []string{"util", "utils", "common", "helper", "helpers", "misc", "manager", "service", "services", "data", "info"}

// topLevel is all that may lie in the root beside dot-files; buildOutputs are
// ignored by git and made by the Makefile.
var topLevel = []string{"cmd", "internal", "migrations", "web", "models", "deploy", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE"}
var buildOutputs = []string{"bin", "artifacts", "tmp"}

// maxLines is the length past which a file is split by what it knows.
const maxLines = 500

// countedExtensions are the files that maxLines holds for, and foreignFolders
// those whose files are not ours or not written by hand.
var countedExtensions = []string{".go", ".py", ".js", ".css", ".html", ".sh"}
var foreignFolders = []string{"vendor", "third_party", "testdata", "node_modules", ".venv", "runs"}
