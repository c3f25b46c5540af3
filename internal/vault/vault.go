package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Options say where profiles and their key lie. Zero values take the documented defaults.
type Options struct {
	Dir          string   // folder of the sealed profiles, made when missing; required
	IdentityFile string   // file with the age identity; required, never inside Dir
	Credentials  string   // folder of credentials that the service manager hands over: files there may be readable for their group
	Temp         []string // folders for readable copies, best first; default: /dev/shm, then the system's folder for temporary files
	Now          func() time.Time
}

// Vault is the folder of sealed profiles. Its methods may be called from several goroutines and processes.
type Vault struct {
	o   Options
	key string // IdentityFile without links
}

// suffix ends the name of every sealed profile.
const suffix = ".vault"

// nameForm is what a profile may be called: it is a file's name and stands in the register.
var nameForm = regexp.MustCompile(`^[a-zA-Z0-9åäöÅÄÖ][a-zA-Z0-9åäöÅÄÖ._-]{0,62}$`)

// New checks where key and profiles lie. Nothing is made or read yet. The error is an *Error: "identity-beside" when the key would lie
// beside what it opens.
func New(o Options) (*Vault, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(o.Temp) == 0 {
		o.Temp = []string{"/dev/shm", os.TempDir()}
	}
	v := &Vault{o: o, key: realPath(o.IdentityFile)}
	dir := realPath(o.Dir)
	if filepath.Dir(v.key) == dir || strings.HasPrefix(v.key, dir+string(filepath.Separator)) {
		return nil, fault("identity-beside", nil,
			"nyckeln "+o.IdentityFile+" ligger bland profilerna i "+o.Dir+": ange en annan plats i vault.identity_file",
			"the key "+o.IdentityFile+" lies among the profiles in "+o.Dir+": set vault.identity_file to another place")
	}
	return v, nil
}

// realPath follows links as far as the path exists.
func realPath(p string) string {
	if r, err := filepath.EvalSymlinks(p); err == nil {
		return r
	}
	if dir := filepath.Dir(p); dir != p {
		return filepath.Join(realPath(dir), filepath.Base(p))
	}
	return p
}

func (v *Vault) file(name string) (string, error) {
	if !nameForm.MatchString(name) || strings.Contains(name, "..") {
		return "", fault("name", nil, "profilnamnet "+quoted(name)+" duger inte: använd bokstäver, siffror, punkt, bindestreck och understreck, högst 63 tecken",
			"the profile name "+quoted(name)+" will not do: use letters, digits, dot, hyphen and underscore, at most 63 characters")
	}
	return filepath.Join(v.o.Dir, name+suffix), nil
}

// Has reports whether a profile is stored, broken or not.
func (v *Vault) Has(name string) bool {
	file, err := v.file(name)
	if err != nil {
		return false
	}
	_, err = os.Stat(file)
	return err == nil
}

// Get gives what is known of a profile without its key. The error is an *Error: "no-profile", "broken", "version".
func (v *Vault) Get(name string) (Profile, error) {
	file, err := v.file(name)
	if err != nil {
		return Profile{}, err
	}
	return readHead(file, name)
}

// List gives every stored profile in the order of their names. A broken one is listed with its Err.
func (v *Vault) List() ([]Profile, error) {
	entries, err := os.ReadDir(v.o.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault("unreadable", err, "mappen "+v.o.Dir+" kan inte läsas: kontrollera rättigheterna", "the folder "+v.o.Dir+" cannot be read: check the permissions")
	}
	var out []Profile
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), suffix)
		if !ok || e.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		p, err := readHead(filepath.Join(v.o.Dir, e.Name()), name)
		if err != nil {
			p = Profile{Name: name, Err: err}
		}
		out = append(out, p)
	}
	sortProfiles(out)
	return out, nil
}

// Remove takes a profile away for good; the sealed file is overwritten first. The error is an *Error: "no-profile".
func (v *Vault) Remove(name string) error {
	file, err := v.file(name)
	if err != nil {
		return err
	}
	if _, err := os.Stat(file); err != nil {
		return missing(name)
	}
	return errors.Join(overwrite(file), os.Remove(file))
}

func missing(name string) error {
	return fault("no-profile", nil, "ingen inloggning "+quoted(name)+" är sparad: kör arsring login "+name, "no login "+quoted(name)+" is stored: run arsring login "+name)
}
