// Package picture measures pictures: how large, sharp, bright and colourful they
// are, and a hash by which two that look the same find each other. The pixels
// are given; it does not read files, and knows neither ideas nor who may see
// what.
//
// models/lab/ideaslab/pictures.py has the same definitions, and a test holds
// both to the same golden values.
package picture

import (
	"image"
	"math"
)

// Definition is the number of the definitions below. It grows when one changes,
// so that stored measures of older ones are taken anew.
const Definition = 1

// workSide is the most pixels in each direction of what is measured. Larger
// pictures are made smaller first, which bounds the work, and lets one picture
// in two resolutions have nearly the same measures.
const workSide = 512

// Measures are what there is to say about a picture in numbers. Grey levels are
// 0..255.
type Measures struct {
	Width         int     `json:"width"`         // pixels, as the picture is kept
	Height        int     `json:"height"`        // pixels
	Sharpness     float64 `json:"sharpness"`     // variance of the Laplacian, squared grey levels
	Brightness    float64 `json:"brightness"`    // mean luma, 0..1
	Contrast      float64 `json:"contrast"`      // standard deviation of luma, 0..0.5 (RMS contrast)
	Colourfulness float64 `json:"colourfulness"` // Hasler and Suesstrunk; 0 is grey
	Saturation    float64 `json:"saturation"`    // mean of S in HSV, 0..1
	Entropy       float64 `json:"entropy"`       // of luma, bits, 0..8
	Flat          float64 `json:"flat"`          // share of the area without anything on it, 0..1
	Hash          Hash    `json:"hash"`          // "" when the picture is too even for one
}

// Measure takes all measures of a picture. One without pixels has zeros.
//
// RMS contrast is Peli, "Contrast in complex images" (JOSA A 7, 1990).
func Measure(p image.Image) Measures {
	b := p.Bounds()
	if b.Empty() {
		return Measures{}
	}
	colours := channels(p, workSide)
	grey := luma(colours)
	light := momentsOf(grey.values)
	return Measures{
		Width: b.Dx(), Height: b.Dy(),
		Sharpness:  sharpness(grey),
		Brightness: light.mean() / 255, Contrast: math.Sqrt(light.variance()) / 255,
		Colourfulness: colourfulness(colours), Saturation: saturation(colours),
		Entropy: entropy(grey), Flat: flat(grey),
		Hash: hashOf(grey),
	}
}

// Megapixels is the area in millions of pixels.
func (m Measures) Megapixels() float64 { return float64(m.Width) * float64(m.Height) / 1e6 }

// Aspect is the width by the height; 0 where there is neither.
func (m Measures) Aspect() float64 {
	if m.Height == 0 {
		return 0
	}
	return float64(m.Width) / float64(m.Height)
}

// FeatureNames are what a picture adds to the launch-time features of an idea,
// in the order of Features. Long-tailed measures are there as logarithms.
var FeatureNames = [...]string{
	"log_megapixels", "log_aspect", "log_sharpness", "brightness", "contrast", "colourfulness", "saturation", "entropy", "flat",
}

// Features returns the picture's features: natural logarithms of 1 + megapixels,
// of the aspect and of 1 + sharpness, colourfulness in hundreds, and the rest as
// it was measured. A picture without pixels has zeros.
func (m Measures) Features() (f [len(FeatureNames)]float64) {
	if m.Width <= 0 || m.Height <= 0 {
		return f
	}
	return [...]float64{
		math.Log1p(m.Megapixels()), math.Log(m.Aspect()), math.Log1p(m.Sharpness),
		m.Brightness, m.Contrast, m.Colourfulness / 100, m.Saturation, m.Entropy, m.Flat,
	}
}

// MeanFeatures returns the mean of several pictures' features, which is what an
// idea has; zeros where there is no picture, told apart by their number.
func MeanFeatures(pictures []Measures) (mean [len(FeatureNames)]float64) {
	for _, m := range pictures {
		for i, value := range m.Features() {
			mean[i] += value / float64(len(pictures))
		}
	}
	return mean
}
