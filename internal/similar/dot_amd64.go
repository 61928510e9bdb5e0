package similar

import "golang.org/x/sys/cpu"

// dotRows is the fastest kernel that this processor has.
var dotRows = func() func(out []int32, codes []int8, query []int16, width int) {
	if cpu.X86.HasAVX2 {
		return dotRowsWide
	}
	return dotRowsGo
}()

func dotRowsWide(out []int32, codes []int8, query []int16, width int) {
	if len(out) == 0 || width == 0 {
		clear(out)
		return
	}
	_, _ = codes[len(out)*width-1], query[width-1] // the kernel checks nothing
	dotRowsAVX2(&out[0], &codes[0], &query[0], len(out), width)
}

// dotRowsAVX2 is dotRowsGo on registers of 256 bits.
//
//go:noescape
func dotRowsAVX2(out *int32, codes *int8, query *int16, rows, width int)
