package similar

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryKernelMultipliesExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows, width := rapid.IntRange(0, 9).Draw(t, "rows"), stride*rapid.IntRange(1, 24).Draw(t, "strides")
		code := rapid.Int8Range(-levels, levels)
		if rapid.Bool().Draw(t, "at the ends") {
			code = rapid.SampledFrom([]int8{-levels, levels})
		}
		codes := rapid.SliceOfN(code, rows*width, rows*width).Draw(t, "codes")
		query := make([]int16, width)
		for i, c := range rapid.SliceOfN(code, width, width).Draw(t, "query") {
			query[i] = int16(c)
		}
		want := make([]int32, rows)
		for r := range want {
			for i, q := range query {
				want[r] += int32(codes[r*width+i]) * int32(q)
			}
		}
		portable, fastest := make([]int32, rows), make([]int32, rows)
		dotRowsGo(portable, codes, query, width)
		dotRows(fastest, codes, query, width)
		if !slices.Equal(portable, want) {
			t.Errorf("in Go: %v, want %v", portable, want)
		}
		if !slices.Equal(fastest, want) {
			t.Errorf("this processor's: %v, want %v", fastest, want)
		}
	})
}
