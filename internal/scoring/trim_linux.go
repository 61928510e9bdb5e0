package scoring

/*
#include <stddef.h>

// Only glibc has them; elsewhere the weak symbols are null.
extern int malloc_trim(size_t pad) __attribute__((weak));
extern int mallopt(int parameter, int value) __attribute__((weak));

static void trim(void) {
	if (malloc_trim) malloc_trim(0);
}

static void steady(void) {
	const int mmap_threshold = -3; // M_MMAP_THRESHOLD of glibc's malloc.h
	if (malloc_trim && mallopt) mallopt(mmap_threshold, 128 * 1024);
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

// steadyMalloc keeps C's allocator from raising the size from which it maps a
// block by itself. It does so whenever such a block is freed, and from then on a
// model's weights would lie between blocks that stay, in one arena or another.
func steadyMalloc() { C.steady() }
