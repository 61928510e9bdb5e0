package similar

// Passage is a stretch of a text, in bytes.
type Passage struct{ Start, End int }

// leastPassage is how many units in a row must be in the other text to be shown
// as shared: shorter ones are turns of phrase that everybody uses.
const leastPassage = 6

// Shared returns the passages of a text that stand in the other text too, word by
// word, in order. They begin and end with a unit, so marks around them are not
// part of them. share is what part of the text's units they hold, 0..1.
//
// A passage may be put together from several places of the other text, as long
// as every unit is part of a shingle of it.
func Shared(text string, other Shingles) (passages []Passage, share float64) {
	units := unitsOf(text)
	shared := make([]bool, len(units))
	for i, shingle := range hashRuns(units) {
		if other.has(shingle) {
			for j := i; j < min(i+run, len(units)); j++ {
				shared[j] = true
			}
		}
	}
	held := 0
	for from := 0; from < len(units); from++ {
		end := from
		for end < len(units) && shared[end] {
			end++
		}
		if end-from >= leastPassage {
			held += end - from
			passages = append(passages, Passage{units[from].start, units[end-1].end})
		}
		from = end
	}
	if held == 0 {
		return nil, 0
	}
	return passages, float64(held) / float64(len(units))
}
