package review

import "math"

// network is a directed graph with capacities and costs, for minimum-cost flow
// by successive shortest paths. Costs are small integers, so results are exact
// and the same on every machine.
type network struct {
	head  [][]int // edge numbers leaving each node
	to    []int
	room  []int // what an edge can still carry
	price []int
}

func newNetwork(nodes int) *network { return &network{head: make([][]int, nodes)} }

// join adds an edge and its reverse and returns the edge's number.
func (n *network) join(from, to, room, price int) int {
	e := len(n.to)
	n.to = append(n.to, to, from)
	n.room = append(n.room, room, 0)
	n.price = append(n.price, price, -price)
	n.head[from] = append(n.head[from], e)
	n.head[to] = append(n.head[to], e+1)
	return e
}

// push sends as much as fits from source to sink, each unit along a cheapest
// path, which makes the whole flow a cheapest one of its size.
func (n *network) push(source, sink int) {
	for {
		via, ok := n.cheapest(source, sink)
		if !ok {
			return
		}
		for at := sink; at != source; {
			e := via[at]
			n.room[e]--
			n.room[e^1]++
			at = n.to[e^1]
		}
	}
}

// cheapest finds a cheapest path by Bellman-Ford with a queue; reverse edges
// have negative prices, so Dijkstra would need potentials.
func (n *network) cheapest(source, sink int) (via []int, ok bool) {
	cost := make([]int, len(n.head))
	via = make([]int, len(n.head))
	waiting := make([]bool, len(n.head))
	for i := range cost {
		cost[i] = math.MaxInt
	}
	cost[source] = 0
	queue := []int{source}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		waiting[at] = false
		for _, e := range n.head[at] {
			next := n.to[e]
			if n.room[e] == 0 || cost[at]+n.price[e] >= cost[next] {
				continue
			}
			cost[next], via[next] = cost[at]+n.price[e], e
			if !waiting[next] {
				waiting[next] = true
				queue = append(queue, next)
			}
		}
	}
	return via, cost[sink] < math.MaxInt
}
