package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"globalbrain/internal/picture"
)

func TestPictureMeasuresEachFileAndNamesThoseItCannot(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "waves.png"), filepath.Join(folder, "notes.txt")
	p := image.NewGray(image.Rect(0, 0, 30, 20))
	for i := range p.Pix {
		p.Pix[i] = uint8(i * i / 7)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, p); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{good: file.Bytes(), bad: []byte("no picture")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, said bytes.Buffer
	code := run(t.Context(), []string{"picture", bad, good, filepath.Join(folder, "absent")}, console{os.Getenv, nil, &out, &said})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if code != 1 || len(lines) != 3 || !strings.Contains(said.String(), "2 of 3 files") {
		t.Fatalf("status %d, %s%s", code, out.String(), said.String())
	}
	if !strings.Contains(lines[0], `"error":"This is not a JPEG, PNG, GIF or WebP picture."`) || !strings.Contains(lines[2], `"error":"open `) {
		t.Errorf("%s\n%s", lines[0], lines[2])
	}
	var got picture.Measures // the line is what launch.pictures takes
	if err := json.Unmarshal([]byte(lines[1]), &got); err != nil || got != picture.Measure(p) || got.Hash.None() {
		t.Errorf("%s: %+v, %v", lines[1], got, err)
	}
	out.Reset()
	if code := run(t.Context(), []string{"picture", good}, console{os.Getenv, nil, &out, &said}); code != 0 {
		t.Errorf("a good file alone: status %d", code)
	}
	if code := run(t.Context(), []string{"picture"}, console{os.Getenv, nil, &out, &said}); code != 2 {
		t.Errorf("no file: status %d", code)
	}
}

func TestPictureFindsWhatIsMostNearlyTheSameWithAnEncoder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	names := []string{"picture", "-encoder", "../../internal/scoring/testdata/image-encoder"}
	names = append(names, modelArgs(t)[2:]...) // the library that all tests of this process share
	for name, pixel := range map[string]func(x, y int) uint8{
		"1-slope.png":  func(x, y int) uint8 { return uint8(2*x + y) },
		"2-checks.png": func(x, y int) uint8 { return uint8((x/8 + y/8) % 2 * 255) },
		"3-slope.png":  func(x, y int) uint8 { return uint8(2*x + y + 1) },
	} {
		p := image.NewGray(image.Rect(0, 0, 60, 40))
		for i := range p.Pix {
			p.Pix[i] = pixel(i%60, i/60)
		}
		var file bytes.Buffer
		if err := png.Encode(&file, p); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"1-slope.png", "2-checks.png", "3-slope.png"} {
		names = append(names, filepath.Join(folder, name))
	}
	var out, said bytes.Buffer
	if code := run(t.Context(), names, console{os.Getenv, nil, &out, &said}); code != 0 {
		t.Fatalf("status %d, %s", code, said.String())
	}
	var last measuredLine
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if len(lines) != 3 || len(last.Embedding) != 32 || last.Like == nil || filepath.Base(last.Like.File) != "1-slope.png" || last.Like.Cosine < 0.99 {
		t.Errorf("%s", out.String())
	}
	said.Reset()
	if code := run(t.Context(), []string{"picture", "-encoder", folder, names[len(names)-1]}, console{os.Getenv, nil, &out, &said}); code != 1 || !strings.Contains(said.String(), "image encoder's manifest") {
		t.Errorf("a folder without an encoder: status %d, %s", code, said.String())
	}
}
