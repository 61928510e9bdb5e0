package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"globalbrain/internal/scoring"
)

// modelLine is what "model list -json" says of one model.
type modelLine struct {
	Model     string      `json:"model"` // the folder, by which it is promoted
	Title     string      `json:"title,omitempty"`
	Hash      string      `json:"hash,omitempty"`
	Languages []string    `json:"languages,omitempty"`
	Success   *figureLine `json:"success_auc,omitempty"`
	Rating    *figureLine `json:"rating_auc,omitempty"`
	UsedBy    []string    `json:"used_by"` // tenants; null when no database was named
	Error     string      `json:"error,omitempty"`
}

// figureLine is a figure with its 95 % interval.
type figureLine struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func (f *figureLine) String() string {
	if f == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f (%.3f-%.3f)", f.Value, f.Low, f.High)
}

// listModels lists what is installed.
func listModels(ctx context.Context, in *modelInput) error {
	installed, err := scoring.ListInstalled(in.Models)
	if err != nil {
		return err
	}
	var users map[string][]string
	if in.OwnerURL != "" {
		if users, err = in.users(ctx); err != nil {
			return err
		}
	}
	lines := make([]modelLine, len(installed))
	for i, each := range installed {
		lines[i] = describeModel(each)
		if users != nil {
			lines[i].UsedBy = append([]string{}, users[each.Folder]...)
		}
	}
	if in.json {
		for _, l := range lines {
			if err := in.print(l, ""); err != nil {
				return err
			}
		}
		return nil
	}
	return in.table(lines)
}

func describeModel(each scoring.Installed) modelLine {
	if each.Err != nil {
		return modelLine{Model: each.Folder, Error: each.Err.Error()}
	}
	m, f := each.Manifest, each.Manifest.Figures()
	auc := func(from scoring.Ordered[map[string]scoring.Estimate]) *figureLine {
		e, ok := from.First()["auc"]
		if !ok {
			return nil
		}
		return &figureLine{e.Value, e.Low, e.High}
	}
	return modelLine{Model: each.Folder, Title: m.Title(), Hash: m.Hash(), Languages: m.Languages, Success: auc(f.Success), Rating: auc(f.Rating)}
}

// users returns which tenants each model answers for.
func (in *modelInput) users(ctx context.Context) (map[string][]string, error) {
	store, done, err := in.openStore(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	all, err := store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	users := map[string][]string{}
	for _, t := range all {
		choice, err := store.ModelChoice(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		folder := in.Model
		if m := choice.Live(); m.Chosen() {
			folder = m.Folder
		}
		users[folder] = append(users[folder], t.Slug)
	}
	return users, nil
}

// shortHash is how much of a hash people need to tell two apart.
const shortHash = 12

func (in *modelInput) table(lines []modelLine) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintf(in.stdout, "there is no model in %s; \"globalbrain model install PATH\" puts one there\n", in.Models)
		return err
	}
	table := tabwriter.NewWriter(in.stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "model\tversion\tsha256\tlanguages\tfunded AUC\trating AUC\tused by")
	for _, l := range lines {
		if l.Error != "" {
			_, _ = fmt.Fprintf(table, "%s\tbroken: %s\n", l.Model, strings.ReplaceAll(l.Error, "\n", "; "))
			continue
		}
		used := "?"
		if l.UsedBy != nil {
			used = strings.Join(slices.Sorted(slices.Values(l.UsedBy)), " ")
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%.*s\t%s\t%v\t%v\t%s\n", l.Model, l.Title, shortHash, l.Hash, strings.Join(l.Languages, " "), l.Success, l.Rating, used)
	}
	return table.Flush()
}
