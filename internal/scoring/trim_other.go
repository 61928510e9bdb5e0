//go:build !linux

package scoring

import "runtime/debug"

// trim hands memory back to the system after a model was loaded or destroyed.
func trim() { debug.FreeOSMemory() }
