package bertgraph

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
)

func float32Of(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }

// bfloat16Of reads the upper half of a float32.
func bfloat16Of(b []byte) float32 {
	return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16)
}

// float16Of reads IEEE 754's half precision: 1 bit of sign, 5 of exponent, 10 of
// fraction.
func float16Of(b []byte) float32 {
	half := uint32(binary.LittleEndian.Uint16(b))
	sign, exponent, fraction := half>>15<<31, half>>10&0x1f, half&0x3ff
	switch exponent {
	case 0: // zero, or fraction x 2^-24
		return math.Float32frombits(math.Float32bits(float32(fraction)*0x1p-24) | sign)
	case 0x1f: // infinite, or no number
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// chunk is how many numbers are converted at a time.
const chunk = 1 << 14

// copyTo writes a tensor's numbers as float32, the lowest byte first.
func (t tensor) copyTo(w io.Writer) error {
	n, _ := product(t.shape, t.kind.size)
	from := bufio.NewReaderSize(io.NewSectionReader(t.file, t.at, n), chunk*t.kind.size)
	in, out := make([]byte, chunk*t.kind.size), make([]byte, chunk*4)
	for n > 0 {
		part := in[:min(n, int64(len(in)))]
		if _, err := io.ReadFull(from, part); err != nil {
			return err
		}
		n -= int64(len(part))
		count := len(part) / t.kind.size
		for i := range count {
			binary.LittleEndian.PutUint32(out[4*i:], math.Float32bits(t.kind.value(part[i*t.kind.size:])))
		}
		if _, err := w.Write(out[:4*count]); err != nil {
			return err
		}
	}
	return nil
}

// transposeTo writes a matrix as its transpose.
func (t tensor) transposeTo(w io.Writer) error {
	rows, columns := t.shape[0], t.shape[1]
	content := make([]byte, rows*columns*t.kind.size)
	if _, err := io.ReadFull(io.NewSectionReader(t.file, t.at, int64(len(content))), content); err != nil {
		return err
	}
	line := make([]byte, 4*rows)
	for c := range columns {
		for r := range rows {
			number := t.kind.value(content[(r*columns+c)*t.kind.size:])
			binary.LittleEndian.PutUint32(line[4*r:], math.Float32bits(number))
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}
