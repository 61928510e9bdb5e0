package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
)

// goldenTexts are cut into ids when a model is adopted, so that it can be
// verified later that they still are. They are made up.
var goldenTexts = []string{
	"", "A tool library for our street: borrow a drill, return a drill.", "ALL CAPS and déjà-vu, cafe\u0301s, 3.5 % of 1,000",
	"Une épicerie coopérative où l'on pèse soi-même.", "¿Mañana? ¡Sí, señor!", "Größe und Straßenbahn", "Ёлка и общий двор",
	"为社区孩子建一个小图书馆，晚上也开放。", "子どものための小さな図書館を、夜も開きます。", "마을 아이들을 위한 작은 도서관", "हमारे गाँव की दुकान",
	"مكتبة صغيرة لأطفال الحي", "ספרייה שכונתית", "ห้องสมุดเล็กๆ", "10\u00a0000\u3000euros 👩\u200d🔧🇫🇷", "a\u0000b\u0007c\ufffd", "[CLS] </s> ##ing ▁",
	strings.Repeat("x", 10_000), strings.Repeat("word ", 300),
}

// goldenDrafts are scored then.
var goldenDrafts = []Text{
	{
		Title:    "Repair café on wheels",
		Problem:  "Small towns have no place to mend broken appliances, so working parts end in landfill.",
		Solution: "A van with tools and two mechanics visits twelve towns a month; every repair is logged and published.",
		Team:     "Two electricians with ten years in workshops and a planner who ran a mobile library.",
	},
	{
		Title: "社区图书馆", Problem: "孩子们放学后没有地方读书。", Solution: "把空置的商铺改成晚上开放的小图书馆。", Team: "三位退休教师。",
	},
	{
		Title: "Bibliothèque de quartier", Problem: "Les enfants n'ont pas de lieu calme.",
		Solution: strings.Repeat("Ouvrir le soir une salle vide et la confier aux voisins. ", 40), Team: "Trois bénévoles.",
	},
}

// ask measures a new model's nearness, asks it about the golden texts and writes
// down what it says.
func (m *Manifest) ask(folder, library string) (err error) {
	if err := enterEnvironment(library); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leaveEnvironment()) }()
	v, err := loadVersion(folder, CPU)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.session.close()) }()
	if m.Nearness, err = v.measureNearness(); err != nil {
		return err
	}
	err = writeFile(filepath.Join(folder, goldenIDs), func(w io.Writer) error {
		for _, text := range goldenTexts {
			ids := v.tokenizer.Append([]int64{}, text, math.MaxInt)
			if err := json.NewEncoder(w).Encode(map[string]any{"text": text, "ids": ids}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(folder, goldenScores), func(w io.Writer) error {
		for i, draft := range goldenDrafts {
			if err := v.writeGolden(w, fmt.Sprint("golden-", i+1), draft); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeGolden writes one line of goldenScores.
func (v *version) writeGolden(w io.Writer, id string, draft Text) error {
	ids := v.ids(draft)
	answers, err := v.session.once([][]int64{ids})
	if err != nil {
		return err
	}
	said := map[string]float64{}
	if v.manifest.gives(successOutput) {
		chance, _ := v.manifest.chance(float64(answers[0].logit))
		said[successOutput], said["probability"] = float64(answers[0].logit), chance.Probability
	}
	for _, x := range answers[0].embedding {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return errNotFinite
		}
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"idea":      map[string]string{"id": id, "title": draft.Title, "problem": draft.Problem, "solution": draft.Solution, "team": draft.Team},
		"input_ids": ids, "output": said,
	})
}

// writeCard says in words what was adopted.
func (m *Manifest) writeCard(w io.Writer) error {
	judges := "It has no head: it gives each idea an embedding, which finds similar ideas, and abstains from judging."
	if m.gives(successOutput) {
		judges = "It gives the chance of success that its classifier sees, and says nothing of impact, feasibility and auditability."
	}
	_, err := fmt.Fprintf(w, `# Model card: %s

This model was made elsewhere and adopted from a folder called %s in Hugging Face layout. Read what its makers say of
it before you let it answer.

- Licence, as its README.md states it: %s
- Languages in which it answers: %s
- Tokenizer: %s. It reads at most %d tokens of an idea.
- %s
- **Nobody has measured how far it is from the truth on ideas.** It was not calibrated, and its intervals are the whole
  scale. `+"`make train BASE=FOLDER`"+` trains and measures heads on ideas.
`, m.Title(), m.Base, orUnknown(m.Licence), strings.Join(m.Languages, ", "), m.Tokenizer.Type, m.Tokenizer.MaxTokens, judges)
	return err
}

func orUnknown(s string) string {
	if s == "" {
		return "it does not"
	}
	return s
}
