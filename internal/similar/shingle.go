package similar

import "slices"

// run is how many units in a row make a shingle: the lab finds duplicates among
// its data by word trigrams too.
const run = 3

// Shingles are the distinct runs of three units of a text as hashes, in order of
// their size. Of two texts they say how much is word by word the same, whatever
// the order of the passages (Broder 1997, "On the resemblance and containment of
// documents").
type Shingles []uint64

// ShinglesOf returns a text's shingles; a text of one or two units is one shingle
// by itself, and one of none has none. Clean markup off first: what a tag or an
// address says counts as words here.
func ShinglesOf(text string) Shingles {
	list := hashRuns(unitsOf(text))
	slices.Sort(list)
	return slices.Compact(list)
}

// hashRuns hashes the shingle that begins at each unit but the last two.
func hashRuns(units []unit) []uint64 {
	if len(units) == 0 {
		return nil
	}
	list := make([]uint64, 0, len(units))
	for i := 0; i == 0 || i+run <= len(units); i++ {
		var h uint64
		for _, u := range units[i:min(i+run, len(units))] {
			h = mix(h ^ u.hash)
		}
		list = append(list, h)
	}
	return list
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of
// the input changes every bit of the output.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// Units is about how many units the text has that the shingles are of: those that
// repeat themselves are not counted again.
func (s Shingles) Units() int {
	if len(s) == 0 {
		return 0
	}
	return len(s) + run - 1
}

// Jaccard returns how many of the shingles of either text both have, 0..1; 0 when
// there are none.
func (s Shingles) Jaccard(t Shingles) float64 {
	both := 0
	for i, j := 0, 0; i < len(s) && j < len(t); {
		switch {
		case s[i] < t[j]:
			i++
		case s[i] > t[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if either := len(s) + len(t) - both; either > 0 {
		return float64(both) / float64(either)
	}
	return 0
}

func (s Shingles) has(shingle uint64) bool {
	_, found := slices.BinarySearch(s, shingle)
	return found
}
