package scoring

import (
	"reflect"
	"sync"
	"testing"
)

// rowsOfIDs are rows of different lengths, as a run on CUDA has them.
func rowsOfIDs(lengths ...int) [][]int64 {
	rows := make([][]int64, len(lengths))
	for i, n := range lengths {
		rows[i] = make([]int64, n)
		for j := range rows[i] {
			rows[i][j] = int64(1000 + 37*i + j)
		}
	}
	return rows
}

// CUDA runs go through IoBinding, which processors have as well: what is bound
// and fetched there is what is bound and fetched here.
func TestBoundRunsAnswerAsPlainOnes(t *testing.T) {
	t.Parallel()
	v := scorer(t).current
	bound := *v.session
	bound.bound = true
	var lanes sync.WaitGroup
	for range 4 {
		lanes.Go(func() {
			var scratch tensors
			defer scratch.free()
			for _, rows := range [][][]int64{rowsOfIDs(40), rowsOfIDs(20, 7, 33), rowsOfIDs(3)} {
				want, err := v.session.once(rows)
				if err != nil {
					t.Error(err)
					return
				}
				got, err := bound.run(rows, &scratch)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%d rows: bound %v, plain %v, %v", len(rows), got[0].criteria, want[0].criteria, err)
				}
			}
		})
	}
	lanes.Wait()
}

func TestABindingThatDoesNotFitIsAnError(t *testing.T) {
	t.Parallel()
	bound := *scorer(t).current.session
	bound.bound, bound.names = true, Graph{Inputs: graphInputs, Outputs: []string{successOutput, "mood"}}
	if got, err := bound.once(rowsOfIDs(5)); err == nil {
		t.Errorf("an output that the graph has not was bound: %v", got)
	}
}

func TestCUDARunsTheHalfPrecisionGraphWhereThereIsOne(t *testing.T) {
	t.Parallel()
	whole := &Manifest{Files: map[string]File{graphName: {}}}
	both := &Manifest{Files: map[string]File{graphName: {}, halfGraphName: {}}}
	for _, c := range []struct {
		name   string
		m      *Manifest
		device Device
		want   string
	}{
		{"a processor runs the graph", whole, CPU, graphName},
		{"a processor runs the graph, whatever else is there", both, CPU, graphName},
		{"so does a program that was told nothing", both, "", graphName},
		{"CUDA runs the half precision graph", both, CUDA, halfGraphName},
		{"CUDA runs the graph where there is no other", whole, CUDA, graphName},
	} {
		if got := c.m.graphFile(c.device); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWhatADeviceRunsUnlessItIsTold(t *testing.T) {
	t.Parallel()
	for device, want := range map[Device]int{"": 1, CPU: 1, CUDA: DefaultBudget} {
		o := Options{Device: device}
		o.complete()
		if o.RunTokens != want || o.Threads < 1 || device == CUDA && o.Threads > lanesOfCUDA || o.Queue != DefaultQueue {
			t.Errorf("%q: %+v, want runs of %d tokens", device, o, want)
		}
	}
}
