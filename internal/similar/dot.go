package similar

// stride is what the rows of codes are padded to, with zeros, so that no kernel
// meets an end that it must treat apart.
const stride = 32

// maxWidth keeps a sum of products of codes, 127 * 127 * width, in an int32.
const maxWidth = 1 << 16

// dotRowsGo writes the product of each row of codes with the query to out. A
// row has width codes, a multiple of stride; codes holds len(out) rows and query
// one, widened to int16 as the vector kernels like it.
func dotRowsGo(out []int32, codes []int8, query []int16, width int) {
	for r := range out {
		row, q := codes[r*width:(r+1)*width], query[:width]
		var a, b int32
		for i := 0; i < width; i += stride {
			x, y := (*[stride]int8)(row[i:]), (*[stride]int16)(q[i:])
			for j := 0; j < stride; j += 4 {
				a += int32(x[j])*int32(y[j]) + int32(x[j+1])*int32(y[j+1])
				b += int32(x[j+2])*int32(y[j+2]) + int32(x[j+3])*int32(y[j+3])
			}
		}
		out[r] = a + b
	}
}
