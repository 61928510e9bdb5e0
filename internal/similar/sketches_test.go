package similar

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func sketch(text string) *Sketch {
	s := SketchOf(ShinglesOf(text))
	return &s
}

func TestACopyIsFoundWhateverItsDress(t *testing.T) {
	t.Parallel()
	original := `Buses stop where nobody planted a tree. In July the benches are too hot to sit on, and old people
		stay at home. We put boxes with climbing plants on the roofs of forty stops, water them from the gutter and
		measure the heat with sensors that pupils build. A gardener, a welder and a teacher do the work together.`
	x := NewSketches[string]()
	x.Put("original", *sketch(original))
	x.Put("other", *sketch("A choir that rehearses in trams, so that people on their way home hear a song and talk to each other."))
	for name, text := range map[string]string{
		"as it is":             original,
		"shouted":              strings.ToUpper(original),
		"in Markdown":          "# " + strings.ReplaceAll(strings.ReplaceAll(original, "trees", "**trees**"), ". ", ".\n\n> "),
		"in full-width forms":  wide(strings.Join(strings.Fields(original), "\u3000")),
		"with a word changed":  strings.ReplaceAll(strings.ReplaceAll(original, "forty", "fifty"), "pupils", "children"),
		"with a sentence more": original + " The first ten stops are chosen by those who wait there.",
	} {
		if hits := x.Search(sketch(text), 5, 0.7); len(hits) != 1 || hits[0].Key != "original" {
			t.Errorf("%s: %v", name, hits)
		}
	}
	if hits := x.Search(sketch("Benches that pupils build for people who wait."), 5, 0.3); len(hits) != 0 {
		t.Errorf("another text is like %v", hits)
	}
}

func TestACopyInAScriptWithoutSpacesIsFoundByItsCharacters(t *testing.T) {
	t.Parallel()
	original := "公交车站没有树荫，夏天的长椅烫得没法坐，老人只好待在家里。我们在四十个车站的顶棚上放种植箱，种爬藤植物，用雨水浇灌，再用学生做的传感器测量温度。一位园丁、一位焊工和一位老师一起完成。"
	x := NewSketches[int]()
	x.Put(1, *sketch(original))
	if hits := x.Search(sketch(strings.ReplaceAll(original, "四十", "五十")+"谢谢！"), 5, 0.7); len(hits) != 1 {
		t.Errorf("%v", hits)
	}
	if hits := x.Search(sketch("一个在电车里排练的合唱团，让下班回家的人听见歌声，也互相说说话。我们每周排练两次，不收门票。"), 5, 0.2); len(hits) != 0 {
		t.Errorf("another text: %v", hits)
	}
}

func TestTextsThatShareHalfAreHardlyEverMissed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	x := NewSketches[int]()
	missed, asked := 0, 0
	for key := range 300 {
		a := words(r, 120)
		x.Put(key, SketchOf(ShinglesOf(strings.Join(a, " "))))
		b := edited(r, a, 0.05)
		if jaccard(a, b) < 0.7 {
			continue
		}
		asked++
		if hits := x.Search(sketch(strings.Join(b, " ")), 1, 0.5); len(hits) != 1 || hits[0].Key != key {
			missed++
		}
	}
	if asked < 50 || missed > 0 {
		t.Errorf("%d of %d are missed", missed, asked)
	}
}

// The set is compared with a plain map after every change.
func TestSketchesHoldWhatWasPutAndNotRemoved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, all := NewSketches[int](), map[int]Sketch{}
		x.first = []int32{none} // grows from the first text on
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				key := rapid.IntRange(0, 9).Draw(t, "key")
				all[key] = *sketch(fmt.Sprint("the text of number ", rapid.IntRange(0, 5).Draw(t, "text")))
				x.Put(key, all[key])
			},
			"remove": func(t *rapid.T) {
				key := rapid.IntRange(0, 9).Draw(t, "key")
				delete(all, key)
				x.Remove(key)
			},
			"": func(t *rapid.T) {
				if x.Len() != len(all) {
					t.Fatalf("%d sketches, want %d", x.Len(), len(all))
				}
				for _, s := range all {
					want := 0
					for _, other := range all {
						if s == other {
							want++
						}
					}
					if hits := x.Search(&s, 20, 0.999); len(hits) != want {
						t.Fatalf("%d texts are the same, want %d", len(hits), want)
					}
				}
			},
		})
	})
}

func TestSketchesAreSearchedAndChangedAtOnce(t *testing.T) {
	t.Parallel()
	x := NewSketches[int]()
	text := func(key int) *Sketch { return sketch(fmt.Sprintf("text number %d of a house in street %d", key, key)) }
	x.Put(1000, *text(1000))
	var work sync.WaitGroup
	for w := range 3 {
		work.Go(func() {
			for n := range 60 {
				x.Put(n, *text(n))
				if n%3 == w {
					x.Remove(n)
				}
			}
		})
		work.Go(func() {
			for range 100 {
				if hits := x.Search(text(1000), 1, 0.9); len(hits) != 1 || hits[0].Key != 1000 {
					t.Errorf("what nobody touches is lost: %v", hits)
				}
			}
		})
	}
	work.Wait()
}
