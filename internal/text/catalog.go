// Package text is how the program speaks: catalogues of sentences by language,
// with plurals, numbers and times as each language writes them. It does
// not know who is reading or where the sentences are shown.
package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Reference is the language that every key has; others are checked against it.
const Reference = "en"

// Catalog holds every sentence in every language. It never changes after Load,
// so any number of goroutines may read it.
type Catalog struct {
	locales []*Locale // the reference language first
	matcher language.Matcher
}

// Load reads <language>/<area>.json files, each one flat object of key and
// sentence. A sentence takes arguments with %[1]s and the other verbs of fmt;
// a key with plurals is written as key.one, key.other and so on. A key in two
// files of one language is an error.
func Load(files fs.FS) (*Catalog, error) {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the locales: %w", err)
	}
	c := &Catalog{}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		l, err := loadLocale(files, f.Name())
		if err != nil {
			return nil, err
		}
		c.locales = append(c.locales, l)
	}
	first := slices.IndexFunc(c.locales, func(l *Locale) bool { return l.tag.String() == Reference })
	if first < 0 {
		return nil, errors.New("read the locales: the reference language " + Reference + " is missing")
	}
	c.locales[0], c.locales[first] = c.locales[first], c.locales[0]
	tags := make([]language.Tag, len(c.locales))
	for i, l := range c.locales {
		tags[i] = l.tag
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func loadLocale(files fs.FS, folder string) (*Locale, error) {
	tag, err := language.Parse(folder)
	if err != nil {
		return nil, fmt.Errorf("read locale %q: %w", folder, err)
	}
	l := newLocale(tag)
	list, err := fs.Glob(files, path.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("read locale %s: %w", folder, err)
	}
	for _, name := range list {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read locale %s: %w", folder, err)
		}
		var sentences map[string]string
		if err := json.Unmarshal(raw, &sentences); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for key, sentence := range sentences {
			if _, twice := l.sentences[key]; twice {
				return nil, fmt.Errorf("read %s: the key %q is in another file too", name, key)
			}
			l.sentences[key] = sentence
		}
	}
	return l, nil
}

// Languages lists the tags of the languages, the reference first.
func (c *Catalog) Languages() []string {
	list := make([]string, len(c.locales))
	for i, l := range c.locales {
		list[i] = l.Tag()
	}
	return list
}

// In returns the locale with exactly this tag, or nil.
func (c *Catalog) In(tag string) *Locale {
	for _, l := range c.locales {
		if l.Tag() == tag {
			return l
		}
	}
	return nil
}

// Match returns the locale that suits the wishes best, the first wish first. A
// wish is a language tag or the value of an Accept-Language header; what cannot
// be read is passed over, and without any match it is the reference language.
func (c *Catalog) Match(wishes ...string) *Locale {
	for _, wish := range wishes {
		if wish == "" || len(wish) > 1000 {
			continue
		}
		if exact := c.In(wish); exact != nil {
			return exact
		}
		tags, _, err := language.ParseAcceptLanguage(strings.TrimSpace(wish))
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, i, confidence := c.matcher.Match(tags...); confidence > language.No {
			return c.locales[i]
		}
	}
	return c.locales[0]
}
