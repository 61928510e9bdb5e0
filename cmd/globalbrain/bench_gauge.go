package main

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile returns the value below which the share q of xs lies.
func quantile(xs []float64, q float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	at := int(math.Ceil(q*float64(len(xs)))) - 1
	return xs[max(at, 0)]
}

// medianRatio returns the median of a over b, pair by pair.
func medianRatio(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return threeDigits(quantile(ratios, 0.5))
}

// threeDigits drops what no measurement here can know: all past the third digit
// after the point.
func threeDigits(x float64) float64 { return math.Round(x*1000) / 1000 }

// processorSeconds returns the processor time that the process has used on all
// cores, the library's included.
func processorSeconds() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return math.NaN() // it has no way to fail for oneself; NaN would show
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// residentMegabytes reads how much memory the process holds, the library's
// included.
func residentMegabytes() (float64, error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			var kilobytes float64
			if _, err := fmt.Sscanf(rest, "%f kB", &kilobytes); err != nil {
				return 0, fmt.Errorf("read the memory in use: %w", err)
			}
			return math.Round(kilobytes/102.4) / 10, nil
		}
	}
	return 0, errors.Join(errors.New("the system does not say how much memory is in use"), lines.Err())
}
