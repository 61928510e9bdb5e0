package picture

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// A Hash is a picture's perceptual hash: pictures that look alike have hashes
// that differ in few of their 128 bits. It has two halves, most significant
// bytes first, because their mistakes are not the same ones:
//
//   - Bits 0 to 63 say which waves of the picture are strong. They are the DCT
//     hash of Zauner, "Implementation and Benchmarking of Perceptual Image Hash
//     Functions" (2010), section 3.2.1: the picture as 32 x 32 pixels of luma,
//     its discrete cosine transform, and for each of the 8 x 8 lowest
//     frequencies beside the zeroth whether it is above their median, here with
//     a margin.
//   - Bits 64 to 127 say where the picture becomes brighter from left to right:
//     the difference hash of Krawetz, "Kind of Like That" (2013), over 9 x 8
//     pixels, with a margin too.
//
// Zero is no hash: the picture is too even to be told from another even one.
type Hash [16]byte

// Alike is the greatest distance at which two pictures count as nearly the
// same. Measured on 100 drawn scenes and 100 drawn charts of 400 x 300 pixels,
// the greatest distance from a picture to itself after a change; and on 6.2
// million pairs of different ones, how many are this close:
//
//	JPEG of quality 90, 40, 10     6, 12, 27 (5 % of the scenes missed)
//	half, a fifth of the size      8, 13
//	stretched by a third           5
//	brighter, darker               4, 7
//	60 % of the contrast           12
//	cropped by 1, 2, 5 % a side    11, 16, 34 (half missed)
//	a white frame of 1, 2 %        22, 30 (2 and 17 % missed)
//	a black frame of 5 %           45 (98 % missed)
//	different pictures             2 pairs at 18 or fewer, 7 at 20 or fewer
//
// So a new picture is taken for one of 100,000 different ones in 3 of 100
// cases, and then a person looks.
const Alike = 18

const (
	hashSide  = 32 // pixels of the picture that is transformed
	hashBands = 8  // frequencies in each direction, and bits in each direction of both halves
	// margin is by how many grey levels a wave must exceed the median, and a pixel
	// its left neighbour, to set a bit. In drawings, even ground and symmetry make
	// many of them equal, and the rounding of a file would decide their bits.
	margin = 1.0
	// evenLuma is the root mean square, in grey levels, of all waves that the
	// hash looks at, below which the rounding of a file decides its bits.
	evenLuma = 1.0
)

// cosines[k][n] is the orthonormal DCT-II of 32 points at frequency k+1.
var cosines = func() (table [hashBands][hashSide]float64) {
	for k := range table {
		for n := range table[k] {
			table[k][n] = math.Sqrt(2.0/hashSide) * math.Cos(math.Pi*(float64(n)+0.5)*float64(k+1)/hashSide)
		}
	}
	return table
}()

// hashOf returns the hash of a picture's luma.
func hashOf(luma plane) (h Hash) {
	strong := waves(luma.resized(hashSide, hashSide))
	energy := 0.0
	for _, wave := range strong {
		energy += wave * wave
	}
	// By Parseval the squares of all waves add up to those of the 1024 pixels.
	if math.Sqrt(energy)/hashSide < evenLuma {
		return Hash{}
	}
	sorted := slices.Sorted(slices.Values(strong))
	median := (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	for i, wave := range strong {
		h.set(i, wave > median+margin)
	}
	small := luma.resized(hashBands+1, hashBands)
	for y := range hashBands {
		row := small.row(y)
		for x := range hashBands {
			h.set(64+hashBands*y+x, row[x+1] > row[x]+margin)
		}
	}
	return h
}

// set gives one bit its value; bit 0 is the highest of the first byte.
func (h *Hash) set(bit int, on bool) {
	if on {
		h[bit/8] |= 0x80 >> (bit % 8)
	}
}

// waves are the strengths of the 8 x 8 lowest frequencies, row by row, from the
// slowest on; the mean and all waves in one direction only are left out.
func waves(small plane) []float64 {
	var across [hashBands][hashSide]float64 // across[u][y]: row y at frequency u+1
	for y := range hashSide {
		for u := range across {
			for x, value := range small.row(y) {
				across[u][y] += cosines[u][x] * value
			}
		}
	}
	list := make([]float64, 0, hashBands*hashBands)
	for v := range hashBands {
		for u := range hashBands {
			wave := 0.0
			for y, value := range across[u] {
				wave += cosines[v][y] * value
			}
			list = append(list, wave)
		}
	}
	return list
}

// Distance is the number of bits, 0..128, in which two hashes differ (Hamming
// distance). It means nothing when one of them is none.
func (h Hash) Distance(other Hash) int {
	n := 0
	for i := range h {
		n += bits.OnesCount8(h[i] ^ other[i])
	}
	return n
}

// None reports whether the picture was too even for a hash.
func (h Hash) None() bool { return h == Hash{} }

// Like reports whether two pictures are nearly the same. One without a hash is
// like no other.
func (h Hash) Like(other Hash) bool {
	return !h.None() && !other.None() && h.Distance(other) <= Alike
}

// String returns 32 hexadecimal digits, or "" for no hash.
func (h Hash) String() string {
	if h.None() {
		return ""
	}
	return hex.EncodeToString(h[:])
}

// MarshalText writes a hash as String does.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) error {
	var read Hash
	if n, err := hex.Decode(read[:], text[:min(len(text), 2*len(read))]); err != nil || n != len(read) && len(text) > 0 || len(text) > 2*len(read) {
		return fmt.Errorf("hash %q; need %d hexadecimal digits, or nothing where there is no hash", text, 2*len(read))
	}
	*h = read
	return nil
}
