package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"globalbrain/internal/scoring"
)

// checkLine is what "model verify -json" says of one check.
type checkLine struct {
	Model  string `json:"model"`
	Check  string `json:"check"`
	Good   bool   `json:"good"`
	Detail string `json:"detail,omitempty"`
	Error  string `json:"error,omitempty"`
}

// verifyModels checks one model, or all that are installed.
func verifyModels(_ context.Context, in *modelInput) error {
	folders, err := in.toVerify()
	if err != nil {
		return err
	}
	library, err := in.library()
	if err != nil {
		return err
	}
	bad, checks := 0, 0
	for _, folder := range folders {
		if !in.json && len(folders) > 1 {
			_, _ = fmt.Fprintf(in.stdout, "%s\n", folder)
		}
		_, err := scoring.Verify(folder, library, func(c scoring.Check) {
			checks++
			if c.Err != nil {
				bad++
			}
			in.say(folder, c)
		})
		if err != nil && bad == 0 {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d checks failed", bad, checks)
	}
	return nil
}

// toVerify returns the folders that verify was asked about.
func (in *modelInput) toVerify() ([]string, error) {
	if in.name != "" {
		return []string{in.place()}, nil
	}
	folders, err := scoring.Folders(in.Models)
	if err != nil {
		return nil, err
	}
	if len(folders) == 0 {
		return nil, fmt.Errorf("there is no model in %s", in.Models)
	}
	for i, name := range folders {
		folders[i] = filepath.Join(in.Models, name)
	}
	return folders, nil
}

// place is the folder that a name means: a path, or one of the models folder.
func (in *modelInput) place() string {
	if about, err := os.Stat(filepath.Join(in.Models, in.name)); err == nil && about.IsDir() && filepath.Base(in.name) == in.name { //nolint:gosec // G703: the operator names the place
		return filepath.Join(in.Models, in.name)
	}
	return in.name
}

// say writes one check as it ends; a failed write is noticed by the next answer.
func (in *modelInput) say(folder string, c scoring.Check) {
	line := checkLine{Model: filepath.Base(folder), Check: c.Name, Good: c.Err == nil, Detail: c.Detail}
	if c.Err != nil {
		line.Detail, line.Error = "", c.Err.Error()
		_ = in.print(line, "  FAILED  %-20s %s", c.Name, strings.ReplaceAll(line.Error, "\n", "\n                                "))
		return
	}
	_ = in.print(line, "  good    %-20s %s", c.Name, c.Detail)
}

// installLine is what "model install -json" says.
type installLine struct {
	Model   string `json:"model"`
	Title   string `json:"title"`
	Hash    string `json:"hash"`
	Already bool   `json:"already"`
}

// installModel puts a model into the models folder.
func installModel(_ context.Context, in *modelInput) error {
	library, err := in.library()
	if err != nil {
		return err
	}
	done, err := scoring.Install(in.name, in.Models, in.adopt.with(library), func(folder string) error {
		_, err := scoring.Verify(folder, library, func(c scoring.Check) {
			if !in.json {
				in.say(folder, c)
			}
		})
		return err
	})
	if err != nil {
		return err
	}
	line := installLine{Model: done.Folder, Title: done.Manifest.Title(), Hash: done.Manifest.Hash(), Already: done.Already}
	if done.Already {
		return in.print(line, "%s is installed already, as %s", line.Title, line.Model)
	}
	return in.print(line, "%s is installed as %s; \"globalbrain model promote %[2]s\" lets it answer", line.Title, line.Model)
}
