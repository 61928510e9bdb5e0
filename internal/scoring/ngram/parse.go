package ngram

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const magic = "GBNGRAM1"

// Bounds of what a table may say of itself, far beyond what the lab writes.
const (
	mostBits     = 22
	mostLongest  = 1 << 16
	mostSize     = 16
	mostVariants = 1 << 16
)

var errShort = errors.New("it ends too early")

// Parse reads a table as the lab wrote it. It takes nothing for granted: any
// content is read or refused, within memory in proportion to it.
func Parse(content []byte) (*Model, error) {
	rest, ok := bytes.CutPrefix(content, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("parse a table of n-grams: it does not begin with %s", magic)
	}
	m := new(Model)
	rest, variants, err := m.parseHead(rest)
	if err == nil {
		rest, err = m.parseVariants(rest, variants)
	}
	if err == nil {
		err = m.parseNumbers(rest)
	}
	if err != nil {
		return nil, fmt.Errorf("parse a table of n-grams: %w", err)
	}
	return m, nil
}

// parseHead reads the eight numbers behind the magic.
func (m *Model) parseHead(content []byte) (rest []byte, variants int, err error) {
	var outputs int
	m.rule = rule{}
	for _, n := range []struct {
		name      string
		to        *int
		low, high int
	}{
		{"bits", &m.rule.bits, 1, mostBits},
		{"longest", &m.rule.longest, 1, mostLongest},
		{"word low", &m.rule.word.low, 1, mostSize},
		{"word high", &m.rule.word.high, 1, mostSize},
		{"CJK low", &m.rule.cjk.low, 1, mostSize},
		{"CJK high", &m.rule.cjk.high, 1, mostSize},
		{"outputs", &outputs, Outputs, Outputs},
		{"variants", &variants, 0, mostVariants},
	} {
		if len(content) < 4 {
			return nil, 0, errShort
		}
		value := int64(binary.LittleEndian.Uint32(content))
		if value < int64(n.low) || value > int64(n.high) {
			return nil, 0, fmt.Errorf("%s is %d; %d..%d were expected", n.name, value, n.low, n.high)
		}
		*n.to, content = int(value), content[4:]
	}
	return content, variants, nil
}

func (m *Model) parseVariants(content []byte, n int) (rest []byte, err error) {
	if len(content) < 8*n {
		return nil, errShort
	}
	m.rule.variants = make(map[rune]rune, n)
	for ; n > 0; n-- {
		from, to := binary.LittleEndian.Uint32(content), binary.LittleEndian.Uint32(content[4:])
		if from > math.MaxInt32 || to > math.MaxInt32 {
			return nil, fmt.Errorf("a variant maps %#x to %#x", from, to)
		}
		m.rule.variants[rune(from)] = rune(to)
		content = content[8:]
	}
	return content, nil
}

func (m *Model) parseNumbers(content []byte) error {
	const row = 2 * (1 + Outputs)
	if want := 8*Outputs + row<<m.rule.bits; len(content) != want {
		return fmt.Errorf("%d bytes of numbers; %d were expected", len(content), want)
	}
	for o := range m.intercept {
		m.intercept[o] = math.Float64frombits(binary.LittleEndian.Uint64(content))
		content = content[8:]
		if math.IsNaN(m.intercept[o]) || math.IsInf(m.intercept[o], 0) {
			return fmt.Errorf("intercept %d is %g", o, m.intercept[o])
		}
	}
	m.rows = make([][1 + Outputs]float32, 1<<m.rule.bits)
	for i := range m.rows {
		for j := range m.rows[i] {
			number, ok := half(binary.LittleEndian.Uint16(content))
			if !ok || j == 0 && number < 0 {
				return fmt.Errorf("bucket %d holds %#04x at %d", i, binary.LittleEndian.Uint16(content), j)
			}
			m.rows[i][j], content = number, content[2:]
		}
	}
	return nil
}

// half decodes IEEE 754 binary16; ok is false for infinities and what is no number.
func half(b uint16) (value float32, ok bool) {
	const bias, mantissa = 15, 10
	exponent, fraction := int(b>>mantissa&0x1f), float64(b&(1<<mantissa-1))
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, 1-bias-mantissa)
	case 0x1f:
		return 0, false
	default:
		x = math.Ldexp(fraction+1<<mantissa, exponent-bias-mantissa)
	}
	if b>>15 == 1 {
		x = -x
	}
	return float32(x), true
}
