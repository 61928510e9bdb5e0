// Package config is what an operator can set: one table of settings, each a
// flag with an environment name and a sentence that says what it does. The
// values are read once by the program's entry and passed down.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Config holds every setting of the long-running commands.
type Config struct {
	Addr          string        // where HTTP listens
	BaseURL       string        // the address that people type, without a slash at the end
	DatabaseURL   string        // as globalbrain_app
	JobsURL       string        // as globalbrain_jobs
	OwnerURL      string        // as globalbrain_owner; migrate, admin and model only
	Models        string        // folder of model folders
	Model         string        // the model folder to serve where nobody chose one
	OpenModels    int           // how many others may be open at once
	Runtime       string        // ONNX Runtime's shared library
	Device        string        // what runs the model: cpu or cuda
	Threads       int           // of one inference; 0: all cores
	GatewayURL    string        // the payment gateway's address as the program reaches it
	GatewayKey    string        // the program's key at the gateway
	WebhookURL    string        // where the sandbox gateway sends its webhooks
	WebhookSecret string        // with which the gateway signs its webhooks
	SMTPAddr      string        // host:port of the mail server; empty: messages stay in the outbox
	SMTPUser      string        //
	SMTPPassword  string        //
	MailFrom      string        // the sender of all mail
	Proxies       string        // addresses and networks of proxies in front, separated by commas
	Mailbox       bool          // show the development mailbox page to everybody
	StopTimeout   time.Duration // how long work in progress may take after INT or TERM
	DemoDir       string        // where the demo keeps its database
	SandboxAddr   string        // where the sandbox gateway listens
	SandboxDir    string        // where the sandbox gateway keeps its state
}

// Prefix starts the environment name of every setting.
const Prefix = "GLOBALBRAIN_"

type setting struct {
	name     string // the flag; its environment name is Prefix + upper case
	commands string // the commands that take it, separated by spaces
	initial  string
	usage    string
	secret   bool
	into     func(*Config) any
}

var settings = []setting{
	{"addr", "serve demo", "127.0.0.1:8080", "address and port where HTTP listens; port 0 takes a free one", false, func(c *Config) any { return &c.Addr }},
	{"base-url", "serve work demo", "", "the address that people type, such as https://ideas.example; empty: http:// and the listening address", false, func(c *Config) any { return &c.BaseURL }},
	{"database-url", "serve work", "", "postgres:// address with a login that has the role globalbrain_app", true, func(c *Config) any { return &c.DatabaseURL }},
	{"jobs-url", "work", "", "postgres:// address with a login that has the role globalbrain_jobs", true, func(c *Config) any { return &c.JobsURL }},
	{"owner-url", "migrate admin model", "", "postgres:// address with a login that has the role globalbrain_owner", true, func(c *Config) any { return &c.OwnerURL }},
	{"models", "serve work demo model", "", "folder that holds the model folders; empty: beside the program", false, func(c *Config) any { return &c.Models }},
	{"model", "serve work demo model", "ideas-minilm", "name of the model folder that answers where nobody promoted one", false, func(c *Config) any { return &c.Model }},
	{"open-models", "serve work demo", "4", "models that tenants promoted which may be in memory at once, beside that one", false, func(c *Config) any { return &c.OpenModels }},
	{"onnxruntime", "serve work demo model", "", "path of ONNX Runtime's shared library; empty: beside the program, then the cache", false, func(c *Config) any { return &c.Runtime }},
	{"device", "serve work demo", "cpu", "what runs the model: cpu, or cuda with a build of ONNX Runtime that has it", false, func(c *Config) any { return &c.Device }},
	{"threads", "serve work demo", "0", "ideas scored side by side, each on one core; 0: one for each core", false, func(c *Config) any { return &c.Threads }},
	{"gateway-url", "serve work", "", "address of the payment gateway", false, func(c *Config) any { return &c.GatewayURL }},
	{"gateway-key", "serve work sandbox", "", "this program's secret key at the payment gateway", true, func(c *Config) any { return &c.GatewayKey }},
	{"webhook-secret", "serve work sandbox", "", "secret with which the gateway signs its webhooks", true, func(c *Config) any { return &c.WebhookSecret }},
	{"smtp-addr", "work", "", "host:port of the mail server; empty: mail stays in the outbox", false, func(c *Config) any { return &c.SMTPAddr }},
	{"smtp-user", "work", "", "user at the mail server", false, func(c *Config) any { return &c.SMTPUser }},
	{"smtp-password", "work", "", "password at the mail server", true, func(c *Config) any { return &c.SMTPPassword }},
	{"mail-from", "work demo", "Global Brain <no-reply@localhost>", "sender of all mail", false, func(c *Config) any { return &c.MailFrom }},
	{"trusted-proxies", "serve", "", "addresses and networks of the proxies in front, separated by commas; what they say about the client's address is believed", false, func(c *Config) any { return &c.Proxies }},
	{"mailbox", "serve", "false", "show every message on /mailbox; for development only", false, func(c *Config) any { return &c.Mailbox }},
	{"stop-timeout", "serve work demo sandbox", "20s", "how long work in progress may take after INT or TERM", false, func(c *Config) any { return &c.StopTimeout }},
	{"dir", "demo psql", "", "folder for the demo's database; empty: .demo in the current folder", false, func(c *Config) any { return &c.DemoDir }},
	{"sandbox-addr", "demo sandbox", "127.0.0.1:8081", "address and port where the sandbox gateway listens", false, func(c *Config) any { return &c.SandboxAddr }},
	{"webhook-url", "sandbox", "", "address of the site's webhook, such as http://127.0.0.1:8080/webhooks/sandbox", false, func(c *Config) any { return &c.WebhookURL }},
	{"sandbox-dir", "sandbox", "sandbox", "folder where the sandbox gateway keeps its state", false, func(c *Config) any { return &c.SandboxDir }},
}

// EnvName returns the environment name of a flag.
func EnvName(flagName string) string {
	return Prefix + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// Load reads the settings of one command from its flags, then the environment,
// then the defaults, and returns what is left of args. flag.ErrHelp means that
// the usage was printed to out because somebody asked for it. more defines what
// one command takes beside the settings.
func Load(command string, args []string, getenv func(string) string, out io.Writer, more ...func(*flag.FlagSet)) (Config, []string, error) {
	var c Config
	flags := flag.NewFlagSet("globalbrain "+command, flag.ContinueOnError)
	flags.SetOutput(out)
	var bad []error
	for _, s := range settings {
		value := s.initial
		if env := getenv(EnvName(s.name)); env != "" {
			value = env
		}
		shown := s.usage + " [" + EnvName(s.name) + "]"
		target := s.into(&c)
		if err := assign(target, value); err != nil {
			bad = append(bad, fmt.Errorf("%s=%q: %w", EnvName(s.name), value, err))
		}
		if !takes(s.commands, command) {
			continue
		}
		usual := value
		if s.secret {
			usual = "" // a secret from the environment must not show in the usage
		}
		define(flags, target, s.name, usual, shown)
		if s.secret {
			_ = assign(target, value)
		}
	}
	if len(bad) > 0 {
		return c, nil, errors.Join(bad...)
	}
	for _, add := range more {
		add(flags)
	}
	if err := flags.Parse(args); err != nil {
		return c, nil, err
	}
	return c, flags.Args(), nil
}

func takes(commands, command string) bool {
	for c := range strings.FieldsSeq(commands) {
		if c == command {
			return true
		}
	}
	return false
}

func assign(target any, value string) (err error) {
	switch p := target.(type) {
	case *string:
		*p = value
	case *int:
		*p, err = strconv.Atoi(value)
	case *bool:
		*p, err = strconv.ParseBool(value)
	case *time.Duration:
		*p, err = time.ParseDuration(value)
	default:
		err = fmt.Errorf("a setting of type %T", target)
	}
	return err
}

func define(flags *flag.FlagSet, target any, name, value, usage string) {
	switch p := target.(type) {
	case *string:
		flags.StringVar(p, name, value, usage)
	case *int:
		flags.IntVar(p, name, *p, usage)
	case *bool:
		flags.BoolVar(p, name, *p, usage)
	case *time.Duration:
		flags.DurationVar(p, name, *p, usage)
	}
}
