//go:build !linux

package scoring

import "runtime/debug"

// trim hands memory back to the system after a model was loaded or destroyed.
func trim() { debug.FreeOSMemory() }

// steadyMalloc does nothing: other systems' allocators map large blocks anyway.
func steadyMalloc() {}
