package main

import (
	"math"
	"math/rand/v2"
	"strings"

	"globalbrain/internal/scoring"
)

// benchSentences are what the measured ideas are made of.
var benchSentences = []string{
	"Half of the street lamps in our quarter are broken, and people avoid walking home after dark.",
	"The clinic turns patients away because nobody can read the old paper records in time.",
	"Small farms lose a third of the harvest between the field and the market.",
	"Every summer the river floods the school yard and lessons stop for a week.",
	"We will fit forty lamps with sensors and publish which ones fail, each day, on an open map.",
	"A nurse photographs the record once, and a volunteer checks the typed text against it.",
	"Farmers book a shared cold store by text message and pay only for the crates they use.",
	"Pupils plant willows along the bank and measure the water with simple gauges.",
	"The first three months go into a pilot with two villages; after that we decide with them how to go on.",
	"All plans, bills and measurements will be public, so that others can build the same for less.",
	"Our budget pays for parts, one part-time technician and insurance.",
	"If fewer than half of the lamps are repaired by spring, we return what is left.",
	"Success means that repairs take days instead of months, and that the city adopts the map.",
	"The risk is that the network fails in winter; we tested two radios and chose the slower, sturdier one.",
	"I have repaired agricultural machines for fifteen years and trained eleven apprentices.",
	"We are a teacher, a hydrologist and a retired civil engineer from the same town.",
	"Our last project put solar pumps on six wells, and all of them still run.",
	"Partners are the district hospital, the growers' union and a local radio station.",
}

// benchIdeas returns a source of made-up ideas, the same ones every time. Their
// lengths spread as those of real calls do: log-normal, most between 40 and 200
// words.
func benchIdeas() func() scoring.Text {
	random := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // G404: the same ideas must come every time
	some := func(typical float64) string {
		count := int(math.Round(typical * math.Exp(0.6*random.NormFloat64())))
		var parts []string
		for range max(count, 1) {
			parts = append(parts, benchSentences[random.IntN(len(benchSentences))])
		}
		return strings.Join(parts, " ")
	}
	return func() scoring.Text {
		title, _, _ := strings.Cut(some(1), ",")
		return scoring.Text{Title: title, Problem: some(1.5), Solution: some(2.5), Team: some(1.2)}
	}
}

// benchTexts returns the first n of benchIdeas.
func benchTexts(n int) []scoring.Text {
	next := benchIdeas()
	texts := make([]scoring.Text, n)
	for i := range texts {
		texts[i] = next()
	}
	return texts
}
