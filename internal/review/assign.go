package review

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// Expert is somebody who may be asked to review.
type Expert struct {
	Person
	Load int // places already held, in every open round
}

// Task is an idea that needs reviewers.
type Task struct {
	Stake
	Need  int         // how many more reviewers
	Taken []uuid.UUID // people who were asked before, whatever came of it
	Held  []Person    // people who hold a place now
}

// Pair proposes one expert for one idea.
type Pair struct{ Idea, Expert uuid.UUID }

// Prices of the flow. A second reviewer of the same organisation costs more
// than any difference in load, so that variety of organisations comes first.
const (
	priceSameOrganisation = 1_000_000
	priceLoad             = 1 // of the first idea; the next costs 3, then 5: balanced loads are cheapest
)

// Assign proposes experts for every task: never one with a conflict of interest
// or one who was asked before; as many of the needed places as can be filled;
// then as many organisations per idea as possible, at least minOrganisations
// wherever that is possible; then loads as equal as possible. It solves a
// minimum-cost flow exactly, and gives the same answer for the same input in
// any order. Places that nobody can take are simply not in the answer.
func Assign(tasks []Task, experts []Expert, minOrganisations int) []Pair {
	tasks, experts = slices.Clone(tasks), slices.Clone(experts)
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Compare(a.Idea.String(), b.Idea.String()) })
	slices.SortFunc(experts, func(a, b Expert) int { return cmp.Compare(a.ID.String(), b.ID.String()) })

	// Nodes: 0 source, 1 sink, then tasks, experts, and one node per task and organisation.
	keys := make([]string, len(experts))
	places, organisations := map[string]int{}, []string(nil)
	for i, e := range experts {
		keys[i] = OrganisationKey(e.Organisation, e.ID)
		if _, known := places[keys[i]]; !known {
			places[keys[i]] = len(places)
			organisations = append(organisations, keys[i])
		}
	}
	task := func(i int) int { return 2 + i }
	expert := func(i int) int { return 2 + len(tasks) + i }
	desk := func(i, org int) int { return 2 + len(tasks) + len(experts) + i*len(places) + org }
	net := newNetwork(2 + len(tasks) + len(experts) + len(tasks)*len(places))

	total := 0
	for i, t := range tasks {
		total += t.Need
		net.join(0, task(i), t.Need, 0)
		held := map[string]int{}
		for _, p := range t.Held {
			held[OrganisationKey(p.Organisation, p.ID)]++
		}
		// No organisation may hold so many places that too few are left for others.
		most := max(1, t.Need+len(t.Held)-minOrganisations+1)
		for org, key := range organisations {
			for n := held[key]; n < most; n++ {
				net.join(task(i), desk(i, org), 1, n*priceSameOrganisation)
			}
		}
	}
	type edge struct{ task, expert, number int }
	var edges []edge
	for i, t := range tasks {
		for j, e := range experts {
			if ConflictOf(e.Person, t.Stake) != "" || slices.Contains(t.Taken, e.ID) {
				continue
			}
			edges = append(edges, edge{i, j, net.join(desk(i, places[keys[j]]), expert(j), 1, 0)})
		}
	}
	for j, e := range experts {
		for n := range min(total, len(tasks)) {
			net.join(expert(j), 1, 1, (2*(e.Load+n)+1)*priceLoad)
		}
	}
	net.push(0, 1)

	var pairs []Pair
	for _, e := range edges {
		if net.room[e.number] == 0 {
			pairs = append(pairs, Pair{tasks[e.task].Idea, experts[e.expert].ID})
		}
	}
	return pairs
}
