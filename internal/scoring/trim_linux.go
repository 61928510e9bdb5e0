package scoring

/*
#include <stddef.h>

// Only glibc has it; elsewhere the weak symbol is null.
extern int malloc_trim(size_t pad) __attribute__((weak));

static void trim(void) {
	if (malloc_trim) malloc_trim(0);
}
*/
import "C"

import "runtime/debug"

// trim hands memory back to the system after a model was loaded or destroyed:
// the file's bytes on Go's side, and on C's the arenas of whichever threads
// built the sessions. Without it fifty swaps triple what the process holds.
func trim() {
	debug.FreeOSMemory()
	C.trim()
}
