package scoring

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// unfinished starts the name of a folder that is still being installed. It is
// hidden, so that nobody takes it for a model.
const unfinished = ".installing-"

// An Adopter makes a model folder of another program's in destination, which is
// there and empty.
type Adopter func(source, destination string) error

// Installation is what Install did.
type Installation struct {
	Folder   string // of the models folder, where the model lies now
	Manifest *Manifest
	Already  bool // the same version was there, under this name
}

// Install copies a model into the models folder, under its name and version,
// after verify has found the copy good. The copy gets its name in one step: who
// lists the models, or is killed, sees all of it or nothing. What is there
// already is left alone, and a folder of the name with other content is refused.
// A source without a manifest goes through adopt.
func Install(source, models string, adopt Adopter, verify func(folder string) error) (done Installation, err error) {
	unlock, err := lockModels(models)
	if err != nil {
		return done, err
	}
	defer unlock()
	if err := sweepUnfinished(models); err != nil {
		return done, err
	}
	place, err := os.MkdirTemp(models, unfinished)
	if err != nil {
		return done, fmt.Errorf("install a model: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(place)) }() //nolint:gosec // G703: our own folder; after the renaming there is nothing left of it
	if err := fetch(source, place, adopt); err != nil {
		return done, fmt.Errorf("install %s: %w", source, err)
	}
	if done.Manifest, err = ReadManifest(place); err != nil {
		return done, fmt.Errorf("install %s: %w", source, err)
	}
	if done.Folder, done.Already, err = nameFor(models, done.Manifest); err != nil || done.Already {
		return done, err
	}
	if err := verify(place); err != nil {
		return done, fmt.Errorf("install %s: %w", source, err)
	}
	if err := settle(place, filepath.Join(models, done.Folder)); err != nil {
		return done, fmt.Errorf("install %s: %w", source, err)
	}
	return done, nil
}

// fetch fills place with a model folder: the files that a manifest names and its
// card, or what adopt makes of the source.
func fetch(source, place string, adopt Adopter) error {
	m, err := ReadManifest(source)
	if errors.Is(err, fs.ErrNotExist) {
		return adopt(source, place)
	}
	if err != nil {
		return err
	}
	names := append(slices.Sorted(maps.Keys(m.Files)), manifestName)
	var wrong []error
	for _, name := range names {
		if err := copyFile(filepath.Join(source, name), filepath.Join(place, name)); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(append(wrong, copyCard(source, place))...)
}

// copyCard copies the card, if there is one. Nothing holds a sum of it and
// everybody may read the copy, so a link that leads out of the source is not
// followed.
func copyCard(source, place string) error {
	from, err := os.OpenRoot(source)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // it was only read
	switch about, err := from.Stat(CardName); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read the model card, which must lie in the folder: %w", err)
	case !about.Mode().IsRegular(): // to open a pipe would wait for ever
		return fmt.Errorf("read the model card: %s is no plain file", CardName)
	}
	in, err := from.Open(CardName)
	if err != nil {
		return fmt.Errorf("read the model card: %w", err)
	}
	defer in.Close() // it was only read
	return writeFile(filepath.Join(place, CardName), func(w io.Writer) error {
		_, err := io.Copy(w, io.LimitReader(in, maxCard))
		return err
	})
}

// copyFile copies one file, and returns when it is safe on the disk.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from) //nolint:gosec // G304: the operator names the model's folder
	if err != nil {
		return err
	}
	defer in.Close()                                             // it was only read
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil { //nolint:gosec // G301, G703: models are nothing secret, and another user may serve them
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // G302, G304, G703: the same
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// nameFor returns the folder for a model: that of the same version when it is
// installed already, else one of its name and version.
func nameFor(models string, m *Manifest) (folder string, already bool, err error) {
	folders, err := Folders(models)
	if err != nil {
		return "", false, err
	}
	for _, each := range folders {
		if there, err := ReadManifest(filepath.Join(models, each)); err == nil && there.Hash() == m.Hash() {
			return each, true, nil
		}
	}
	folder = m.Name + "-" + m.Version
	if !folderName.MatchString(folder) {
		return "", false, fmt.Errorf("install %s: name %q and version %q make no name for a folder; use letters, digits, dots, hyphens and underscores in the manifest", m.Title(), m.Name, m.Version)
	}
	if _, err := os.Lstat(filepath.Join(models, folder)); err == nil { //nolint:gosec // G703: the operator names the models folder
		return "", false, fmt.Errorf("install %s: %s is there with other content; give the new model another version in its manifest, or remove the folder if nobody uses it", m.Title(), filepath.Join(models, folder))
	}
	return folder, false, nil
}

// settle gives a complete folder its name.
func settle(place, folder string) error {
	if err := os.Chmod(place, 0o755); err != nil { //nolint:gosec // G302, G703: MkdirTemp's folders are for one user, and another may serve the model
		return err
	}
	if err := syncFolder(place); err != nil {
		return err
	}
	if err := os.Rename(place, folder); err != nil { //nolint:gosec // G703: the operator names the models folder
		return err
	}
	return syncFolder(filepath.Dir(folder))
}

// syncFolder returns when the names in a folder are safe on the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // G304: the operator names the models' folder
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// lockModels lets one process install at a time. The lock ends with the process,
// however that ends.
func lockModels(models string) (unlock func(), err error) {
	folder, err := os.Open(models) //nolint:gosec // G304: the operator names the models' folder
	if err != nil {
		return nil, fmt.Errorf("open the models folder: %w", err)
	}
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { // #nosec G115 -- a file descriptor
		_ = folder.Close()
		return nil, fmt.Errorf("somebody else is installing a model into %s; wait for it and try again: %w", models, err)
	}
	return func() { _ = folder.Close() }, nil // closing unlocks
}

// sweepUnfinished removes what installations left that were killed. Nobody else
// installs meanwhile.
func sweepUnfinished(models string) error {
	entries, err := os.ReadDir(models)
	if err != nil {
		return fmt.Errorf("list the models: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unfinished) {
			if err := os.RemoveAll(filepath.Join(models, e.Name())); err != nil { //nolint:gosec // G703: the operator names the models folder
				return fmt.Errorf("remove a half-installed model: %w", err)
			}
		}
	}
	return nil
}
