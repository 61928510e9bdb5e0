package launch

import (
	"strings"
	"testing"
)

func TestMeasuredPicturesAreReadFromAPlan(t *testing.T) {
	t.Parallel()
	const one = `{"file":"a.jpg","width":4,"height":3,"sharpness":10,"brightness":0.5,"contrast":0.1,"colourfulness":20,"saturation":0.3,"entropy":7,"flat":0.2,"hash":""}`
	for plan, want := range map[string]struct {
		pictures, ignored int
		says              string
	}{
		`{"pictures":[` + one + `,` + one + `]}`:            {2, 0, ""},
		`{"media":{"pictures":[` + one + `]}}`:              {1, 0, ""},
		`{"pictures":["a.jpg",` + one + `]}`:                {1, 1, ""},
		`{"pictures":[]}`:                                   {0, 0, ""},
		`{"pictures":3}`:                                    {0, 0, "launch.pictures must be a list of measured pictures"},
		`{"pictures":[{"width":4}]}`:                        {0, 0, "picture 1 of launch.pictures: width and height"},
		`{"pictures":[{"width":4,"height":3,"hash":"xy"}]}`: {0, 0, "32 hexadecimal digits"},
		`{"pictures":[{"width":"wide"}]}`:                   {0, 0, "picture 1 of launch.pictures"},
	} {
		p, err := Parse([]byte(plan))
		if len(p.Pictures) != want.pictures || p.Ignored != want.ignored || (err == nil) != (want.says == "") || err != nil && !strings.Contains(err.Error(), want.says) {
			t.Errorf("%s: %d pictures, %d ignored, %v", plan, len(p.Pictures), p.Ignored, err)
		}
	}
}
