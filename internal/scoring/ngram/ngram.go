// Package ngram reads an idea by its character n-grams: a linear model over
// hashed terms, one table for many languages, that the lab writes (see
// models/lab/ideaslab/ngram_table.py for the format). It knows cleaned text and
// raw outputs; languages, calibration and who is asked when belong to package
// scoring.
//
// A model is a few megabytes and an answer takes well under a millisecond on one
// core, so nothing is queued or batched.
package ngram

import (
	"math"
	"slices"
	"sync"
)

// Outputs is how many numbers a model gives: the logit of success before
// calibration, then impact, feasibility and auditability on about 1..5.
const Outputs = 4

// A Model is a loaded table. It is safe for concurrent use.
type Model struct {
	rule      rule
	intercept [Outputs]float64
	rows      [][1 + Outputs]float32 // by bucket: idf, then idf times weight
}

// An Answer is what a model makes of one idea.
type Answer struct {
	Outputs [Outputs]float64
	Units   int // words, and characters of scripts without spaces
}

// scratch is the memory of one answer, kept between answers.
type scratch struct {
	bytes, apart []byte
	runes        []rune
	buckets      []uint32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Answer reads the cleaned fields of an idea. A text without any known term gets
// the intercepts.
func (m *Model) Answer(fields ...string) Answer {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.buckets = s.buckets[:0]
	var a Answer
	for _, field := range fields {
		a.Units += m.rule.terms(s, field)
	}
	slices.Sort(s.buckets)
	length := 0.0
	for i := 0; i < len(s.buckets); {
		bucket, first := s.buckets[i], i
		for i < len(s.buckets) && s.buckets[i] == bucket {
			i++
		}
		row := &m.rows[bucket]
		if row[0] == 0 {
			continue // too few of the training texts had it
		}
		times := 1 + math.Log(float64(i-first))
		length += times * times * float64(row[0]) * float64(row[0])
		for o := range a.Outputs {
			a.Outputs[o] += times * float64(row[1+o])
		}
	}
	length = math.Sqrt(length)
	for o := range a.Outputs {
		if length > 0 {
			a.Outputs[o] /= length
		}
		a.Outputs[o] += m.intercept[o]
	}
	return a
}

// Longest is how many code points of a field the model reads.
func (m *Model) Longest() int { return m.rule.longest }

// Units returns the length of a cleaned text in words and in characters of
// scripts without spaces, as far as the model reads it.
func (m *Model) Units(text string) int {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.buckets = s.buckets[:0]
	return m.rule.terms(s, text)
}
