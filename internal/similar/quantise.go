package similar

import "math"

// levels are the codes on each side of zero. -128 is never used, so that a code
// and its opposite are both codes.
const levels = 127

// quantise writes the codes of x, which have the scale that is returned:
// x[i] ≈ scale * codes[i]. The scale is the largest |x[i]| / 127, so that every
// x[i] is at most half a scale off.
//
// With x̂ = scale * codes and e = x - x̂, ‖e‖ ≤ scale·√d / 2 for d dimensions, and
// by Cauchy and Schwarz the product of two quantised vectors is off by at most
//
//	|x·y - x̂·ŷ| = |x·e_y + e_x·y - e_x·e_y| ≤ ‖x‖‖e_y‖ + ‖e_x‖‖y‖ + ‖e_x‖‖e_y‖
//
// which for unit vectors of 384 dimensions, the largest part of which is 0.2, is
// 0.031; rounding errors mostly cancel, and the usual one is fifty times smaller.
func quantise(codes []int8, x []float32) (scale float32) {
	var largest float32
	for _, v := range x {
		largest = max(largest, float32(math.Abs(float64(v))))
	}
	if largest == 0 {
		clear(codes)
		return 0
	}
	scale = largest / levels
	for i, v := range x {
		codes[i] = int8(math.RoundToEven(float64(v) / float64(largest) * levels))
	}
	return scale
}

// finite reports whether every number of x is one.
func finite(x []float32) bool {
	for _, v := range x {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}
