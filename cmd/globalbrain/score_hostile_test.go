package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/metrics"
	"strings"
	"testing"
)

// A hostileLine is what people and broken programs write, and how it is to be
// answered: by a score or an abstention under its id, or by an error.
type hostileLine struct {
	name string
	line string // %d stands for the line's number
	id   string // %d likewise; empty: the number
	bad  bool
}

const plainWords = "The people of our street will mend old things together and lend them to each other. "

// hostileLines are the kinds of lines.
func hostileLines() []hostileLine {
	idea := func(name, fields string) hostileLine {
		return hostileLine{name: name, line: `{"id":%d,` + fields + `}`}
	}
	bad := func(name, line string) hostileLine { return hostileLine{name: name, line: line, bad: true} }
	return []hostileLine{
		idea("a good idea", goodIdea),
		idea("only a title", `"title":"Lamps"`),
		idea("empty fields", `"title":"","problem":"","solution":"","team":"","language":""`),
		idea("nulls", `"title":null,"problem":null,"language":null`),
		{name: "nothing but an id", line: `{"id":%d}`},
		idea("emoji", `"title":"🚲🌍","solution":"👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 ☕️ 👍🏽","team":"🤷"`),
		idea("Arabic and Hebrew, from right to left", `"title":"\u202eحديقة","problem":"نحول الأرض الفارغة إلى حديقة للجميع","solution":"גינה לכל השכנים"`),
		idea("a language nobody knows", `"problem":"nuqneH Qapla' batlh Daqawlu'taH","language":"tlh-Piqd-x-nobody"`),
		idea("a language that is no language", `"solution":"`+plainWords+`","language":"../../etc"`),
		idea("NUL and other control characters", `"title":"a\u0000b\u0007\u001b[31m","solution":"\u0000\u0001\u007f\u0085\u2028"`),
		idea("half a surrogate pair", `"title":"\ud83d","solution":"\udeb2 `+plainWords+`"`),
		idea("not UTF-8", "\"title\":\"caf\xe9 \xff\xfe\",\"solution\":\"\xc0\x80\""),
		idea("markup", `"solution":"<script>alert(1)</script><b><b>[a](javascript:x) &#0;&#x110000;&lt;`+plainWords+`"`),
		idea("one endless word", `"solution":"`+strings.Repeat("Donaudampfschiff", 2000)+`"`),
		idea("marks upon marks", `"solution":"e`+strings.Repeat(`\u0301`, 5000)+`"`),
		idea("deep nesting that is not read", `"extra":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)),
		idea("the same key twice", `"title":"first","title":"second","solution":"x"`),
		{name: "the id twice: the last counts", line: `{"id":"first","title":"Lamps","id":%d}`},
		{name: "an id of many digits", line: `{"id":1234567890123456789012345678%d,"title":"Lamps"}`, id: `1234567890123456789012345678%d`},
		{name: "an id beyond any float", line: `{"id":1e99%d,"title":"Lamps"}`, id: `1e99%d`},
		{name: "an id in another script", line: `{"id":"идея-%d","title":"Сад"}`, id: `"идея-%d"`},
		{name: "a carriage return", line: `{"id":%d,"title":"Lamps"}` + "\r"},
		{name: "white space around", line: "\t {\"id\":%d , \"title\" : \"Lamps\"} \t"},
		bad("not JSON", `no JSON at all, line %d`),
		bad("cut off", `{"id":%d,"title":"Lam`),
		bad("cut off after the id", `{"id":%d`),
		bad("two objects", `{"id":%d}{"id":1}`),
		bad("a title that is a number", `{"id":%d,"title":7}`),
		bad("a team that is a list", `{"id":%d,"team":["a","b"]}`),
		bad("an id that is an object", `{"id":{"n":%d},"title":"Lamps"}`),
		bad("an id that is empty", `{"id":"","title":"line %d"}`),
		bad("no id", `{"title":"line %d"}`),
		bad("a list", `[%d]`),
		bad("a number", `%d`),
		bad("a raw control character in a text", "{\"id\":%d,\"title\":\"a\x00b\x01\"}"),
		bad("nesting beyond what JSON readers bear", `{"id":%d,"extra":`+strings.Repeat("[", 20000)),
		bad("the wrong quotes", `{'id':%d}`),
		bad("NaN", `{"id":%d,"goal":NaN}`),
	}
}

// hostileStream makes lines up as they are read, so that the input takes no
// memory, and remembers how each is to be answered.
type hostileStream struct {
	kinds  []hostileLine
	random *rand.Rand
	lines  int // to come
	number int
	rest   []byte
	want   chan hostileLine
	peak   *uint64
}

func (h *hostileStream) Read(to []byte) (int, error) {
	if len(h.rest) == 0 {
		if h.lines == 0 {
			return 0, io.EOF
		}
		h.rest = h.next()
	}
	n := copy(to, h.rest)
	h.rest = h.rest[n:]
	return n, nil
}

func (h *hostileStream) next() []byte {
	*h.peak = max(*h.peak, heapBytes())
	kind := h.kinds[h.random.IntN(len(h.kinds))]
	if h.number%25 == 20 { // every one of them a megabyte
		kind = hostileLine{name: "a megabyte", line: `{"id":%d,"solution":"` + strings.Repeat(plainWords, 1<<20/len(plainWords)) + `"}`}
	}
	h.number++
	h.lines--
	kind.line = strings.ReplaceAll(kind.line, "%d", fmt.Sprint(h.number))
	kind.id = strings.ReplaceAll(kind.id, "%d", fmt.Sprint(h.number))
	if kind.id == "" {
		kind.id = fmt.Sprint(h.number)
	}
	line := kind.line
	switch {
	case h.number == 1:
		line = "\ufeff" + line + "\n"
	case h.lines > 0: // the last line does not end
		line += "\n"
	}
	kind.line = "" // not kept
	h.want <- kind
	return []byte(line)
}

// heapBytes is how much memory Go's objects take, those that wait to be
// collected among them.
func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// It is not parallel: the memory is the whole process's.
func TestScoreAnswersThreeThousandHostileLines(t *testing.T) {
	const (
		lines = 3000
		most  = 96 << 20 // while lines of 120 MB go through
	)
	var peak uint64
	in := &hostileStream{kinds: hostileLines(), random: rand.New(rand.NewPCG(3, 4)), lines: lines, want: make(chan hostileLine, lines), peak: &peak}
	before := heapBytes()
	answers, out := io.Pipe()
	var complaints bytes.Buffer
	code := make(chan int, 1)
	args := modelArgs(t)
	go func() {
		code <- runScore(t.Context(), args, in, out, &complaints)
		_ = out.Close()
	}()
	reader := bufio.NewReaderSize(answers, 1<<20)
	answered, wrong := 0, 0
	for ; ; answered++ {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			break
		}
		var got struct {
			ID        json.RawMessage
			Error     string
			Abstained *bool
		}
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("line %d: %v in %.200q", answered+1, err, line)
		}
		want := <-in.want
		if string(got.ID) != want.id || (got.Error != "") != want.bad || (got.Abstained != nil) == want.bad {
			t.Errorf("line %d, %s: got %.300q, want the id %s, an error: %t", answered+1, want.name, line, want.id, want.bad)
		}
		if want.bad {
			wrong++
		}
	}
	if answered != lines {
		t.Errorf("%d lines were answered of %d", answered, lines)
	}
	if got := <-code; got != 1 {
		t.Errorf("status %d", got)
	}
	if says := fmt.Sprintf("%d of %d lines could not be used", wrong, lines); !strings.Contains(complaints.String(), says) {
		t.Errorf("it said %q, want %q", complaints.String(), says)
	}
	if peak > before+most {
		t.Errorf("the heap grew from %d to %d MB", before>>20, peak>>20)
	}
	t.Logf("the heap was at most %d MB, %d MB before", peak>>20, before>>20)
}
