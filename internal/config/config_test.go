package config_test

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"

	"globalbrain/internal/config"
)

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestAFlagBeatsTheEnvironmentWhichBeatsTheDefault(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c, rest, err := config.Load("serve", []string{"-addr", ":1", "x"}, env(map[string]string{
		"GLOBALBRAIN_ADDR": ":2", "GLOBALBRAIN_THREADS": "3",
	}), &out)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != ":1" || c.Threads != 3 || c.Model != "ideas-minilm" {
		t.Errorf("got %+v", c)
	}
	if len(rest) != 1 || rest[0] != "x" {
		t.Errorf("rest = %v", rest)
	}
}

func TestAValueThatCannotBeReadNamesItsSetting(t *testing.T) {
	t.Parallel()
	_, _, err := config.Load("serve", nil, env(map[string]string{"GLOBALBRAIN_THREADS": "many"}), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "GLOBALBRAIN_THREADS") {
		t.Errorf("err = %v", err)
	}
}

func TestHelpNamesEveryEnvironmentNameAndNoSecret(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	_, _, err := config.Load("serve", []string{"-h"}, env(map[string]string{"GLOBALBRAIN_WEBHOOK_SECRET": "hush-hush"}), &out)
	if !errors.Is(err, flag.ErrHelp) {
		t.Fatalf("err = %v", err)
	}
	if !strings.Contains(out.String(), "GLOBALBRAIN_DATABASE_URL") {
		t.Error("the help does not name GLOBALBRAIN_DATABASE_URL")
	}
	if strings.Contains(out.String(), "hush-hush") {
		t.Error("the help shows a secret")
	}
}

func TestASecretFromTheEnvironmentIsRead(t *testing.T) {
	t.Parallel()
	c, _, err := config.Load("serve", nil, env(map[string]string{"GLOBALBRAIN_WEBHOOK_SECRET": "hush-hush"}), &bytes.Buffer{})
	if err != nil || c.WebhookSecret != "hush-hush" {
		t.Errorf("secret = %q, err = %v", c.WebhookSecret, err)
	}
}

func TestACommandTakesOnlyItsOwnFlags(t *testing.T) {
	t.Parallel()
	_, _, err := config.Load("migrate", []string{"-addr", ":1"}, env(nil), &bytes.Buffer{})
	if err == nil {
		t.Error("migrate takes -addr")
	}
}
