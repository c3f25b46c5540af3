package access

import (
	"os"
	"path/filepath"

	"arsring/internal/register"
)

// zone is in which people read times.
var zone = register.Location()

// touch makes the file with nobody else's rights before the database does.
func touch(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
