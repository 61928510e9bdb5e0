package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"globalbrain/internal/ranking"
)

// lengthScorer likes long solutions, and abstains on Chinese: enough of a model
// to see that the command uses one.
type lengthScorer struct{}

func (lengthScorer) Score(_ context.Context, texts []ranking.Text) ([]ranking.Opinion, error) {
	var list []ranking.Opinion
	for _, t := range texts {
		list = append(list, ranking.Opinion{Points: min(1+float64(len(t.Solution))/10, 5), Abstained: t.Language == "zh", Reason: "language:zh"})
	}
	return list, nil
}

func openLength(*modelFlags) (ranking.Scorer, func(), error) {
	return lengthScorer{}, func() {}, nil
}

// rankFiles runs the command on texts; "-" of the ideas is the pipe.
func rankFiles(t testing.TB, ideas, reviews, votes string, open openScorer) (code int, out []map[string]any, stderr string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{"-ideas", "-", "-reviews", write("reviews", reviews), "-out", "-"}
	if votes != "" {
		args = append(args, "-votes", write("votes", votes))
	}
	var stdout, complaints bytes.Buffer
	code = rankWith(t.Context(), args, strings.NewReader(ideas), &stdout, &complaints, open)
	for line := range strings.Lines(stdout.String()) {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("output line %q: %v", line, err)
		}
		out = append(out, one)
	}
	return code, out, complaints.String()
}

const twoCalls = `{"id":"a","call":"one","title":"A","solution":"short","goal":{"amount":1000,"currency":"EUR"}}
{"id":7,"call":"one","title":"B","solution":"a solution that is a good deal longer than the other"}
{"id":"c","call":"two","title":"C","language":"zh"}
`

func review3(idea, reviewer string, score string) string {
	return `{"idea":` + idea + `,"reviewer":"` + reviewer + `","scores":{"impact":` + score + `,"feasibility":` + score + `,"auditability":` + score + `}}` + "\n"
}

func TestRankOrdersEachCallByModelExpertsAndCrowd(t *testing.T) {
	t.Parallel()
	reviews := review3(`"a"`, "x", "5") + review3(`"a"`, "y", "5") + review3("7", "x", "2")
	code, out, stderr := rankFiles(t, twoCalls, reviews, `{"idea":"a","yes":30,"no":2}`+"\n"+`{"idea":7,"yes":3,"no":20}`, openLength)
	if code != 0 || len(out) != 3 {
		t.Fatalf("status %d, %d lines, %s", code, len(out), stderr)
	}
	first, second, other := out[0], out[1], out[2]
	if first["id"] != "a" || first["rank"] != 1.0 || second["id"] != 7.0 || second["rank"] != 2.0 {
		t.Errorf("order: %v, %v", first, second)
	}
	if other["call"] != "two" || other["rank"] != 1.0 {
		t.Errorf("the other call: %v", other)
	}
	parts := other["parts"].(map[string]any)
	if parts["model"] != nil || parts["experts"] != nil || parts["crowd"] != nil {
		t.Errorf("nobody spoke about c, and its parts are %v", parts)
	}
	for _, line := range out {
		sum := 0.0
		for name, weight := range line["weights"].(map[string]any) {
			if w := weight.(float64); w > 0 {
				sum += w * line["parts"].(map[string]any)[name].(float64)
			}
		}
		if score := line["score"].(float64); sum < score-1e-9 || sum > score+1e-9 {
			t.Errorf("%v: parts times weights are %v and the score %v", line["id"], sum, score)
		}
	}
}

func TestRankAnswersBadLinesAndRanksTheRest(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, ideas, reviews, votes string
		file, complaint             string
		line                        float64
	}{
		{"an idea that is not JSON", twoCalls + "{oops", "", "", "ideas", "not JSON", 4},
		{"an idea without an id", `{"title":"x"}` + "\n" + twoCalls, "", "", "ideas", "id is missing", 1},
		{"an id that is a list", `{"id":[1]}` + "\n" + twoCalls, "", "", "ideas", "string or a number", 1},
		{"two ideas of one id", twoCalls + `{"id":"7"}`, "", "", "ideas", "earlier idea", 4},
		{"a goal below zero", twoCalls + `{"id":"g","goal":{"amount":-3}}`, "", "", "ideas", "goal.amount", 4},
		{"a review of nothing", twoCalls, review3(`"nothing"`, "x", "3"), "", "reviews", "no idea has this id", 1},
		{"a score off the scale", twoCalls, "\n" + review3(`"a"`, "x", "6"), "", "reviews", "from 1 to 5", 2},
		{"a missing criterion", twoCalls, `{"idea":"a","reviewer":"x","scores":{"impact":3}}`, "", "reviews", "scores.feasibility is missing", 1},
		{"a score in words", twoCalls, review3(`"a"`, "x", `"good"`), "", "reviews", "scores", 1},
		{"a review by nobody", twoCalls, `{"idea":"a","scores":{}}`, "", "reviews", "reviewer is missing", 1},
		{"a confidence off the scale", twoCalls, `{"idea":"a","reviewer":"x","scores":{"impact":3,"feasibility":3,"auditability":3},"confidence":9}`, "", "reviews", "confidence", 1},
		{"a vote of two", twoCalls, "", `{"idea":"a","voter":"v","value":2}`, "votes", "1 or -1", 1},
		{"votes below zero", twoCalls, "", `{"idea":"a","yes":-1}`, "votes", "counts", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			code, out, stderr := rankFiles(t, c.ideas, c.reviews, c.votes, openLength)
			if code != 1 || len(out) != 4 || !strings.Contains(stderr, "1 line") {
				t.Fatalf("status %d, %d lines, %q", code, len(out), stderr)
			}
			bad := out[3]
			if bad["file"] != c.file || bad["line"] != c.line || !strings.Contains(bad["error"].(string), c.complaint) {
				t.Errorf("got %v, want %s line %v: %s", bad, c.file, c.line, c.complaint)
			}
		})
	}
}

func TestAReviewersLaterLineReplacesTheEarlier(t *testing.T) {
	t.Parallel()
	_, twice, _ := rankFiles(t, twoCalls, review3(`"a"`, "x", "1")+review3(`"a"`, "x", "4"), "", openLength)
	_, once, _ := rankFiles(t, twoCalls, review3(`"a"`, "x", "4"), "", openLength)
	if twice[0]["score"] != once[0]["score"] || twice[1]["score"] != once[1]["score"] {
		t.Errorf("got %v, want %v", twice, once)
	}
}

func TestRankRefusesAWrongCall(t *testing.T) {
	t.Parallel()
	refuse := func(*modelFlags) (ranking.Scorer, func(), error) {
		return nil, nil, errors.New("no model")
	}
	dir := t.TempDir()
	good := filepath.Join(dir, "ideas")
	if err := os.WriteFile(good, []byte(twoCalls), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no files", nil, 2, "-ideas and -reviews"},
		{"an unknown flag", []string{"-nonsense"}, 2, "nonsense"},
		{"two pipes", []string{"-ideas", "-", "-reviews", "-"}, 2, "one file"},
		{"words too many", []string{"-ideas", good, "-reviews", good, "more"}, 2, "unexpected"},
		{"a file that is not there", []string{"-ideas", filepath.Join(dir, "none"), "-reviews", good}, 1, "none"},
		{"no model", []string{"-ideas", good, "-reviews", os.DevNull}, 1, "no model"},
		{"help", []string{"-h"}, 0, "JSON Lines"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out, stderr bytes.Buffer
			if code := rankWith(t.Context(), c.args, strings.NewReader(""), &out, &stderr, refuse); code != c.code {
				t.Errorf("status %d, want %d", code, c.code)
			}
			if !strings.Contains(stderr.String(), c.says) && !strings.Contains(strings.ReplaceAll(stderr.String(), "JSON object a line", "JSON Lines"), c.says) {
				t.Errorf("says %q, want %q", stderr.String(), c.says)
			}
		})
	}
}

func TestAStoredRankingIsRebuilt(t *testing.T) {
	t.Parallel()
	in := ranking.Inputs{Call: "call", Seed: 5, Weights: ranking.DefaultWeights, Entries: []ranking.Entry{
		{ID: "low", Opinion: &ranking.Points{Mean: 2.5}}, {ID: "high", Opinion: &ranking.Points{Mean: 4.25}, Support: 3}}}
	raw, err := json.Marshal(map[string]any{"id": "x", "inputs": in})
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	if code := rankWith(t.Context(), []string{"-snapshot", "-"}, bytes.NewReader(raw), &out, &stderr, openLength); code != 0 {
		t.Fatalf("status %d: %s", code, stderr.String())
	}
	want := ranking.Build(in)
	decoder := json.NewDecoder(&out)
	for i := range want {
		var line struct {
			ID    string  `json:"id"`
			Score float64 `json:"score"`
		}
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line.ID != want[i].ID || line.Score != want[i].Posterior.Mean {
			t.Errorf("place %d: got %+v, want %s %v", i+1, line, want[i].ID, want[i].Posterior.Mean)
		}
	}
}

func FuzzRank(f *testing.F) {
	f.Add(twoCalls, review3(`"a"`, "x", "5"), `{"idea":7,"yes":3,"no":20}`)
	f.Add("\ufeff{\"id\":1}\r\n\r\n{}", `{"idea":1,"reviewer":2,"scores":{"impact":1e0,"feasibility":5.0,"auditability":3},"confidence":2}`, `{"idea":1,"voter":"v"}`)
	f.Add(`{"id":"a","goal":{"amount":"1e308"}}`+"\n"+`{"id":"b","goal":{"amount":1e-308}}`+"\n"+`{"id":"c","goal":{"amount":5}}`, "null", `{"idea":"a","yes":1e308,"no":1e308}`)
	f.Add(`[]`, `"x"`, `{"idea":{}}`)
	f.Fuzz(func(t *testing.T, ideas, reviews, votes string) {
		code, out, _ := rankFiles(t, ideas, reviews, votes+"\n", openLength)
		bad := 0
		seen := map[string]bool{}
		for _, line := range out {
			if line["error"] != nil {
				bad++
				continue
			}
			score, ok := line["score"].(float64)
			if !ok || score < -10 || score > 15 {
				t.Fatalf("score of %v", line)
			}
			id, _ := json.Marshal(line["id"])
			if seen[string(id)] {
				t.Fatalf("%s is ranked twice", id)
			}
			seen[string(id)] = true
		}
		if (code != 0) != (bad > 0) {
			t.Fatalf("status %d with %d bad lines", code, bad)
		}
	})
}
