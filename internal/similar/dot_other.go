//go:build !amd64

package similar

// dotRows is written in Go where there is no kernel for the processor.
var dotRows = dotRowsGo
