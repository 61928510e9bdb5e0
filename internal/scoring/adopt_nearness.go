package scoring

import "math"

// How many standard deviations above the mean one in a hundred, and one in a
// hundred thousand, of a normal distribution are.
const (
	relatedDeviations = 2.326
	closeDeviations   = 4.265
)

// unrelated are made-up ideas that have nothing to do with each other. How near
// a model puts them is what nearness means nothing by.
var unrelated = []string{
	"We lend sewing machines to new parents and teach them to repair clothes on Saturdays.",
	"An open map of drinking fountains, which schools check every month.",
	"Air sensors on buses publish what they measure, street by street, every day.",
	"A travelling cinema shows films in villages without a screen.",
	"Kitchen waste of canteens becomes compost for school gardens.",
	"Older pupils are paid to help younger ones with mathematics.",
	"Twelve families keep seeds of old kinds of beans and trade them each spring.",
	"A telephone app reads bus timetables aloud to blind passengers.",
	"Insulated roofs for eight houses a month, with the savings measured.",
	"A choir for people who were told that they cannot sing.",
	"Rainwater tanks for three clinics, with spare parts for five years.",
	"Audited smart contracts for small insurance pools of fishing boats.",
	"A public register of who lobbied which ministry, with dates and minutes.",
	"Cheap prosthetic hands, printed in the hospital where they are fitted.",
	"Night trains between port cities, sold with one ticket.",
	"An archive of letters from emigrants, read and typed by volunteers.",
	"Training for midwives by radio during the rainy season.",
	"A compiler that finds data races in embedded software.",
	"Hedges along the motorway as a road for hedgehogs and bees.",
	"Chess boards and teachers for prisons, with a league between them.",
	"A bank of donated instruments for the town's brass band.",
	"Free tax advice for people who clean homes by the hour.",
	"Reefs made of old concrete, where young cod can hide.",
	"A court that settles quarrels about rent by video within a week.",
}

// measureNearness estimates the model's nearness from its embeddings of
// unrelated ideas, as if their cosines were normally distributed: there are too
// few for the quantiles themselves.
func (v *version) measureNearness() (Nearness, error) {
	var rows [][]int64
	for _, text := range unrelated {
		rows = append(rows, v.ids(Text{Solution: text}))
	}
	answers, err := v.session.once(rows)
	if err != nil {
		return Nearness{}, err
	}
	var sum, squares, n float64
	for i := range answers {
		for j := range i {
			c := dot(answers[i].embedding, answers[j].embedding)
			sum, squares, n = sum+c, squares+c*c, n+1
		}
	}
	mean := sum / n
	deviation := math.Sqrt(max(squares/n-mean*mean, 0))
	if math.IsNaN(deviation) {
		return Nearness{}, errNotFinite
	}
	within := func(c float64) float64 { return min(max(c, 0), 1) }
	return Nearness{Related: within(mean + relatedDeviations*deviation), Close: within(mean + closeDeviations*deviation)}, nil
}

// dot is the cosine of two vectors of unit length.
func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
