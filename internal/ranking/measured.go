package ranking

// Figure compares the fusion with the experts alone on a closed public round
// that neither the model nor the weights had seen.
type Figure struct {
	Key     string // of the sentence that names it
	Experts float64
	Fused   float64
}

// Measured is what DefaultWeights gave with the shipped model on the public
// round that was kept for the check.
var Measured []Figure
