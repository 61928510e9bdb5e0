package main

import (
	"flag"
	"strings"

	"globalbrain/internal/scoring"
)

// adoptFlags are what install is told about a Hugging Face folder, which does not
// say all that a model folder says.
type adoptFlags struct {
	scoring.Adoption
	languages string
}

func (a *adoptFlags) define(f *flag.FlagSet) {
	f.StringVar(&a.Name, "name", "", "what an adopted Hugging Face folder is called here; empty: as there")
	f.StringVar(&a.Version, "version", "", "the adopted model's version; empty: 1")
	f.StringVar(&a.languages, "languages", "", "languages in which it answers, such as en,fr; empty: those of its README.md")
	f.StringVar(&a.Success, "success", "", "which of its classifier's two labels means success; empty: the second, if they have no names")
	f.IntVar(&a.MaxTokens, "tokens", 0, "how many tokens of an idea it reads; 0: 256, or fewer if it was made for fewer")
}

// with returns the adopter that uses a library of ONNX Runtime.
func (a *adoptFlags) with(library string) scoring.Adopter {
	adoption := a.Adoption
	adoption.Library = library
	adoption.Languages = strings.FieldsFunc(a.languages, func(r rune) bool { return r == ',' || r == ' ' })
	return adoption.Adopt
}
