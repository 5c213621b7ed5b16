package queryfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// Each calls do with every file of the paths: a file, a folder with all that
// is below it, or "-". Folders are read in alphabetical order; what begins
// with a dot is passed over, and texts in them that do not look like a query.
func Each(paths []string, stdin io.Reader, do func(*File) error) error {
	if len(paths) == 0 {
		paths = []string{Stdin}
	}
	for _, p := range paths {
		if p == Stdin {
			b, err := readAll(p, stdin)
			if err == nil {
				err = do(Read(p, string(b)))
			}
			if err != nil {
				return err
			}
			continue
		}
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case path != p && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case d.IsDir(), path != p && KindOf(path) == Other, path != p && !d.Type().IsRegular():
				return nil
			}
			return eachFile(path, path == p, do)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func eachFile(path string, named bool, do func(*File) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := readAll(path, f)
	if err != nil {
		return err
	}
	if !named && KindOf(path) == Text && !LooksLikeQuery(string(b)) {
		return nil
	}
	return do(Read(path, string(b)))
}

func readAll(path string, r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err == nil && len(b) > MaxBytes {
		err = fmt.Errorf("%s: a file may have at most %d bytes", path, MaxBytes)
	}
	return b, err
}
