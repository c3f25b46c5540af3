package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"golang.org/x/sys/unix"
)

// systemData is the data folder of an installed service.
const systemData = "/var/lib/arsring"

// resolvePaths makes every path absolute and finds the data folder and the register where nothing is said.
// A path in the file counts from the file's folder, one from the environment or a flag from the working directory.
func (c *Config) resolvePaths(env map[string]string) Problems {
	var ps Problems
	each(reflect.ValueOf(c).Elem(), schema, "", func(f reflect.Value, s *setting, key string) {
		if s.isPath == "" || f.String() == "" {
			return
		}
		p, err := c.absolute(f.String(), s.isPath, key, env)
		if err != nil {
			ps = append(ps, c.Problem(key, "kan inte tolkas som sökväg: "+err.Error(), "is no usable path: "+err.Error()))
			return
		}
		f.SetString(p)
	})
	if c.DataDir == "" {
		dir, err := dataDir(systemData, env)
		if err != nil {
			return append(ps, Problem{Key: "data_dir", SV: "kan inte väljas utan hemkatalog: ange data_dir eller ARSRING_DATA_DIR",
				EN: "cannot be chosen without a home folder: set data_dir or ARSRING_DATA_DIR"})
		}
		c.DataDir = dir
	}
	if c.Register.Path == "" {
		c.Register.Path = c.findRegister()
	}
	if c.Vault.IdentityFile == "" {
		c.Vault.IdentityFile = c.Path("keys", "vault.age")
	}
	return ps
}

func (c *Config) absolute(p, sort, key string, env map[string]string) (string, error) {
	if sort == "command" && !strings.ContainsRune(p, filepath.Separator) {
		return p, nil // looked up in PATH by the room that runs it
	}
	if rest, ok := strings.CutPrefix(p, "${CREDENTIALS_DIRECTORY}"); ok {
		dir := env["CREDENTIALS_DIRECTORY"]
		if dir == "" {
			return "", errors.New("CREDENTIALS_DIRECTORY is not set; only systemd sets it")
		}
		p = dir + rest
	}
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		if env["HOME"] == "" {
			return "", errors.New("HOME is not set")
		}
		p = filepath.Join(env["HOME"], rest)
	}
	if !filepath.IsAbs(p) && c.placeOf(key).file != "" {
		p = filepath.Join(filepath.Dir(c.File), p)
	}
	return filepath.Abs(p)
}

// dataDir gives the system's folder when it is there and writable, else the user's XDG data folder.
func dataDir(system string, env map[string]string) (string, error) {
	if fi, err := os.Stat(system); err == nil && fi.IsDir() && unix.Access(system, unix.W_OK) == nil {
		return system, nil
	}
	if x := env["XDG_DATA_HOME"]; filepath.IsAbs(x) { // the XDG standard says to ignore relative ones
		return filepath.Join(x, "arsring"), nil
	}
	if h := env["HOME"]; filepath.IsAbs(h) {
		return filepath.Join(h, ".local", "share", "arsring"), nil
	}
	return "", errors.New("no home folder")
}

// findRegister takes register.yaml or register/ beside the configuration file, else the folder in the data folder.
func (c *Config) findRegister() string {
	if c.File != "" {
		dir, err := filepath.Abs(filepath.Dir(c.File))
		for _, name := range []string{"register.yaml", "register"} {
			if p := filepath.Join(dir, name); err == nil && existing(p) != "" {
				return p
			}
		}
	}
	return c.Path("register")
}

// each calls fn for every leaf of a config value, list entries included, with its key.
func each(v reflect.Value, s *setting, key string, fn func(reflect.Value, *setting, string)) {
	switch s.kind {
	case section:
		for _, c := range s.children {
			each(fieldOf(v, c.name), c, strings.TrimPrefix(key+"."+c.name, "."), fn)
		}
	case sections:
		one := *s
		one.kind = section
		for i := range v.Len() {
			each(v.Index(i), &one, fmt.Sprintf("%s[%d]", key, i), fn)
		}
	default:
		fn(v, s, key)
	}
}

func fieldOf(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("mapstructure") == name {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// readSecrets fills every secret whose <name>_file is given, and refuses secrets in a configuration file that others may read.
func (c *Config) readSecrets() Problems {
	var ps Problems
	root := reflect.ValueOf(c).Elem()
	files := map[string]string{}
	each(root, schema, "", func(f reflect.Value, s *setting, key string) {
		if s.kind == text {
			files[key] = f.String()
		}
	})
	exposed := c.exposed()
	each(root, schema, "", func(f reflect.Value, s *setting, key string) {
		if s.kind != secret {
			return
		}
		value, file := f.Interface().(Secret), files[key+"_file"]
		switch {
		case value.IsSet() && file != "":
			ps = append(ps, c.Problem(key, "är angiven både direkt och som fil: ta bort den ena", "is given both directly and as a file: remove one"))
		case value.IsSet() && exposed && c.placeOf(key).file != "":
			ps = append(ps, c.Problem(key, "är en hemlighet i en fil som andra får läsa: kör chmod 600 på filen, eller lägg hemligheten i en egen fil och ange "+key+"_file",
				"is a secret in a file that others may read: chmod 600 the file, or put the secret in a file of its own and set "+key+"_file"))
		case file != "":
			text, p := c.secretFile(key+"_file", file)
			if p != nil {
				ps = append(ps, *p)
				return
			}
			f.Set(reflect.ValueOf(text))
		}
	})
	return ps
}

func (c *Config) exposed() bool {
	if c.File == "" {
		return false
	}
	fi, err := os.Stat(c.File)
	return err == nil && fi.Mode().Perm()&0o077 != 0
}

// secretFile reads a secret without the line break at its end. Its problems name the file, never the contents.
func (c *Config) secretFile(key, file string) (Secret, *Problem) {
	b, err := readLimited(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p := c.Problem(key, file+" finns inte: skapa filen med hemligheten på första raden", file+" does not exist: create it with the secret on the first line")
		return Secret{}, &p
	case err != nil:
		p := c.Problem(key, fmt.Sprintf("%s kan inte läsas (%s): kontrollera rättigheterna", file, cause(err)), fmt.Sprintf("%s cannot be read (%s): check the permissions", file, cause(err)))
		return Secret{}, &p
	}
	text := strings.TrimRight(string(b), "\r\n")
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		p := c.Problem(key, file+" ska innehålla en enda rad med hemligheten", file+" must hold a single line with the secret")
		return Secret{}, &p
	}
	return NewSecret(text), nil
}
