package scoring

import "slices"

// A Route says in which languages a model answers.
type Route struct {
	Manifest  *Manifest
	Languages []string // ISO 639 codes
}

// Routes returns who answers in which languages, the served model first. In all
// others nobody does, and scores say so.
func (s *Scorer) Routes() []Route {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v := s.current
	routes := []Route{{v.manifest, v.manifest.Languages}}
	if f := v.fallback; f != nil {
		others := slices.DeleteFunc(slices.Clone(f.manifest.Languages), func(code string) bool { return slices.Contains(v.manifest.Languages, code) })
		routes = append(routes, Route{f.manifest, others})
	}
	return routes
}
