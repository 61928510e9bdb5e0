package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// huggingFace are tiny models that Transformers saved.
func huggingFace(name string) string {
	return filepath.Join("..", "..", "internal", "scoring", "testdata", "huggingface", name)
}

func TestAHuggingFaceFolderIsInstalledAndAnswers(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	out, _ := s.model(0, "install", huggingFace("xlmr-scorer"), "-name", "many-tongues", "-languages", "en,pt-BR", "-tokens", "64")
	says(t, out, "many-tongues-1")
	s.model(0, "verify", "many-tongues-1")
	idea := `{"id":1,"title":"Uma biblioteca","solution":"` + strings.Repeat("Abrir à noite uma sala vazia. ", 12) + `","language":"pt"}`
	code, lines, complaint := scoreLines(t, strings.NewReader(idea), "-models", s.models, "-model", "many-tongues-1")
	if code != 0 || len(lines) != 1 {
		t.Fatalf("score: status %d, %v, %s", code, lines, complaint)
	}
	if l := lines[0]; *l.Abstained || l.Success == nil || l.Success.Low != 0 || l.Success.High != 1 || l.Criteria != nil || l.Model != "many-tongues 1" {
		t.Errorf("score: %+v", l)
	}
}

func TestWhatAHuggingFaceFolderLacksIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newModelShop(t)
	for _, c := range []struct {
		name, folder string
		flags        []string
		says         string
	}{
		{"no languages", "bert-classifier", nil, "languages"},
		{"labels with names", "distilbert", []string{"-languages", "en"}, "succeeds"},
		{"a language that is none", "bert-encoder", []string{"-languages", "english-please"}, "no language"},
		{"more tokens than it has places", "bert-encoder", []string{"-tokens", "999"}, "at most 80"},
		{"a name that is a path", "bert-encoder", []string{"-name", "../x"}, "name"},
	} {
		_, complaint := s.model(1, append([]string{"install", huggingFace(c.folder)}, c.flags...)...)
		if !strings.Contains(complaint, c.says) {
			t.Errorf("%s: it says %q, want %q", c.name, complaint, c.says)
		}
	}
	if left, err := os.ReadDir(s.models); err != nil || len(left) != 1 {
		t.Errorf("the models folder holds %v, %v", left, err)
	}
}
