package scoring

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// Installed is a model that lies in the models folder.
type Installed struct {
	Folder   string    // its name
	Manifest *Manifest // nil when it cannot be read
	Err      error     // why
}

// folderName is how the folder of a model is called: not hidden, which the
// leavings of an installation are, and whole in any address.
var folderName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,118}$`)

// Folders lists by name the folders of a models folder that have a manifest,
// whatever kind of model they hold.
func Folders(models string) ([]string, error) {
	entries, err := os.ReadDir(models)
	if err != nil {
		return nil, fmt.Errorf("list the models: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !folderName.MatchString(e.Name()) {
			continue
		}
		_, err := os.Stat(filepath.Join(models, e.Name(), manifestName)) //nolint:gosec // G703: the operator names the models folder
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			continue // something else, such as the lab
		}
		names = append(names, e.Name())
	}
	return names, nil
}

// ListInstalled lists the models of ideas of a models folder by name, those whose
// manifest is broken among them. The files that a manifest names are not read.
func ListInstalled(models string) ([]Installed, error) {
	folders, err := Folders(models)
	if err != nil {
		return nil, err
	}
	var list []Installed
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(models, folder, launchGraphName)); err == nil {
			continue // it reads campaigns, beside every model of ideas
		}
		m, err := ReadManifest(filepath.Join(models, folder))
		list = append(list, Installed{folder, m, err})
	}
	return list, nil
}

// FindInstalled returns the model of one folder; the error is fs.ErrNotExist
// when there is none of this name.
func FindInstalled(models, folder string) (Installed, error) {
	if !folderName.MatchString(folder) {
		return Installed{}, fmt.Errorf("model %q: %w", folder, fs.ErrNotExist)
	}
	m, err := ReadManifest(filepath.Join(models, folder))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return Installed{}, fmt.Errorf("model %q: %w", folder, fs.ErrNotExist)
	}
	return Installed{folder, m, err}, nil
}

// CardName is the file of a model folder that people read. It is not part of the
// model: the manifest holds no sum of it.
const CardName = "MODEL_CARD.md"

// maxCard bounds a model card, in bytes.
const maxCard = 512 << 10

// Card returns the model card of a model of the models folder, in Markdown; ""
// when it has none.
func Card(models, folder string) (string, error) {
	if !folderName.MatchString(folder) {
		return "", fmt.Errorf("model %q: %w", folder, fs.ErrNotExist)
	}
	f, err := os.Open(filepath.Join(models, folder, CardName)) // #nosec G304 -- a model of the operator's folder
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read a model card: %w", err)
	}
	defer f.Close() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxCard))
	if err != nil {
		return "", fmt.Errorf("read a model card: %w", err)
	}
	return string(text), nil
}
