package scoring

import (
	"fmt"
	"strings"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// environment is the process's one ONNX Runtime environment. The library keeps
// it in a global, so it has one owner here and a count of who uses it; the last
// one to leave destroys it.
var environment struct {
	sync.Mutex
	library string
	users   int
}

func enterEnvironment(library string) error {
	environment.Lock()
	defer environment.Unlock()
	if environment.users > 0 {
		if library != environment.library {
			return fmt.Errorf("open ONNX Runtime at %s: the process already runs %s", library, environment.library)
		}
		environment.users++
		return nil
	}
	steadyMalloc()
	ort.SetSharedLibraryPath(library)
	// What goes wrong comes back as an error; its own log would tell it twice.
	if err := ort.InitializeEnvironment(ort.WithLogLevelFatal()); err != nil {
		return fmt.Errorf("open ONNX Runtime at %s: %w", library, err)
	}
	environment.library, environment.users = library, 1
	return nil
}

func leaveEnvironment() error {
	environment.Lock()
	defer environment.Unlock()
	if environment.users--; environment.users > 0 {
		return nil
	}
	if err := ort.DestroyEnvironment(); err != nil {
		return fmt.Errorf("close ONNX Runtime: %w", err)
	}
	return nil
}

// A Device is what the graph runs on.
type Device string

// The devices.
const (
	CPU  Device = "cpu"
	CUDA Device = "cuda"
)

// sessionOptions are destroyed by the caller. A run has one thread: lanes side
// by side fill the cores without waiting for each other inside a run.
func sessionOptions(device Device) (*ort.SessionOptions, error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, fmt.Errorf("set up the session: %w", err)
	}
	err = configure(options, device)
	if err != nil {
		_ = options.Destroy()
		return nil, fmt.Errorf("set up the session: %w", err)
	}
	return options, nil
}

// slowFusion joins a residual's addition and its layer normalisation into one
// operator, whose CPU kernel takes five times what the two take apart: without
// it a run of the shipped graph costs a quarter less. "bench compare" shows it.
// The lab does the same, as sums that are rounded in another order give int8
// other values (models/lab/ideaslab/export.py).
const slowFusion = "SkipLayerNormFusion"

func configure(options *ort.SessionOptions, device Device) error {
	if err := options.SetIntraOpNumThreads(1); err != nil {
		return err
	}
	switch device {
	case CPU, "":
		return options.AddSessionConfigEntry("optimization.disable_specified_optimizers", slowFusion)
	case CUDA:
		return useCUDA(options)
	}
	return fmt.Errorf("device %q; there are cpu and cuda", device)
}

func useCUDA(options *ort.SessionOptions) error {
	cuda, err := ort.NewCUDAProviderOptions()
	if err == nil {
		err = options.AppendExecutionProviderCUDA(cuda)
		_ = cuda.Destroy()
	}
	if err != nil {
		return fmt.Errorf("cuda was asked for, and this ONNX Runtime library has it not or finds no GPU; name a CUDA build of the library, or ask for cpu: %s",
			strings.TrimSpace(err.Error()))
	}
	return nil
}
