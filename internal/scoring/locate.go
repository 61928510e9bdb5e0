package scoring

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// RuntimeVersion is the ONNX Runtime version that deploy/onnxruntime.sh pins.
const RuntimeVersion = "1.30.0"

const libraryName = "libonnxruntime.so.1"

// FindModels returns the folder of model folders: given, when it is not empty,
// else the first that exists of models beside the program (its path with
// symbolic links resolved), models one folder up, and models in the current folder.
func FindModels(given, program string) (string, error) {
	beside := filepath.Dir(program)
	return find("the folder of models", "GLOBALBRAIN_MODELS", given, []string{
		filepath.Join(beside, "models"),
		filepath.Join(beside, "..", "models"),
		"models",
	})
}

// FindRuntime returns the path of ONNX Runtime's shared library: given, when it
// is not empty, else the first that exists of lib beside the program, bin/lib
// one folder up, and the user's cache folder (what os.UserCacheDir returns).
func FindRuntime(given, program, cache string) (string, error) {
	beside := filepath.Dir(program)
	places := []string{
		filepath.Join(beside, "lib", libraryName),
		filepath.Join(beside, "..", "bin", "lib", libraryName),
	}
	if cache != "" {
		places = append(places, filepath.Join(cache, "globalbrain", "onnxruntime", RuntimeVersion, libraryName))
	}
	return find("ONNX Runtime "+RuntimeVersion+"'s library", "GLOBALBRAIN_ONNXRUNTIME", given, places)
}

func find(what, env, given string, places []string) (string, error) {
	if given != "" {
		if _, err := os.Stat(given); err != nil { //nolint:gosec // G703: the operator names the place
			return "", fmt.Errorf("find %s where it was said to be: %w", what, err)
		}
		return given, nil
	}
	for _, place := range places {
		if _, err := os.Stat(place); err == nil {
			return place, nil
		}
	}
	return "", fmt.Errorf("find %s: it is at none of %s; `make build` puts it there, or say where it is with %s",
		what, strings.Join(places, ", "), env)
}
