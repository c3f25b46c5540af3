package config

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// EnvPrefix begins every environment variable that is a setting: ARSRING_CAPTURE_ALLOW_PRIVATE is capture.allow_private.
const EnvPrefix = "ARSRING_"

// EnvFile names the configuration file where no flag does.
const EnvFile = EnvPrefix + "CONFIG"

// SystemFile is read when neither a flag nor ARSRING_CONFIG names a file and it exists.
const SystemFile = "/etc/arsring/arsring.yaml"

// Options says where settings are looked for.
type Options struct {
	// File is the configuration file; empty looks at ARSRING_CONFIG, then at SystemFile, then does without.
	File string
	// Overrides are values from flags by dotted key ("capture.image"): strings as in the environment, or bool, int, []string.
	Overrides map[string]any
	// Environ is the environment as os.Environ gives it; nil means none.
	Environ []string
}

// Load reads, merges and checks the settings. Its error is Problems, all of them at once; Config is then of no use.
func Load(o Options) (Config, error) {
	env := environment(o.Environ)
	r := &reader{where: places{}}
	r.file = cmp.Or(o.File, env[EnvFile], existing(SystemFile))
	v := viper.New()
	if err := setDefaults(v); err != nil {
		return Config{}, err
	}
	if r.file != "" {
		if err := v.MergeConfigMap(r.readFile()); err != nil {
			return Config{}, fmt.Errorf("merging %s: %w", r.file, err)
		}
	}
	r.fromEnvironment(v, env)
	r.fromFlags(v, o.Overrides)
	if len(r.problems) > 0 {
		return Config{}, r.problems
	}
	c, err := decode(v)
	if err != nil {
		return Config{}, err
	}
	c.File, c.where = r.file, &r.where
	return c.finish(env)
}

// finish fills what depends on the machine, reads the secrets' files and checks the whole.
func (c Config) finish(env map[string]string) (Config, error) {
	problems := c.resolvePaths(env)
	problems = append(problems, c.readSecrets()...)
	problems = append(problems, mistyped(env)...)
	c.Warnings = c.warn()
	if err := c.Validate(); err != nil {
		problems = append(problems, AsProblems(err)...)
	}
	if len(problems) > 0 {
		return Config{}, problems
	}
	return c, nil
}

func environment(environ []string) map[string]string {
	m := map[string]string{}
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok {
			m[k] = v
		}
	}
	return m
}

func existing(path string) string {
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

func setDefaults(v *viper.Viper) error {
	m := map[string]any{}
	if err := mapstructure.Decode(Default(), &m); err != nil {
		return fmt.Errorf("defaults: %w", err)
	}
	for k, val := range m {
		v.SetDefault(k, val)
	}
	return nil
}

func decode(v *viper.Viper) (Config, error) {
	var c Config
	if err := v.UnmarshalExact(&c); err != nil {
		return Config{}, fmt.Errorf("settings: %w", err)
	}
	return c, nil
}

func (r *reader) fromEnvironment(v *viper.Viper, env map[string]string) {
	for _, s := range schema.leaves() {
		if val, ok := env[s.env()]; ok && val != "" {
			r.set(v, s, val, place{env: s.env()})
		}
	}
}

func (r *reader) fromFlags(v *viper.Viper, flags map[string]any) {
	leaves := map[string]*setting{}
	for _, s := range schema.leaves() {
		leaves[s.path] = s
	}
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		s, val := leaves[key], flags[key]
		if s == nil {
			r.problems = append(r.problems, Problem{Key: key, SV: "finns inte" + didYouMean("sv", suggest(key, slices.Collect(maps.Keys(leaves)))),
				EN: "is unknown" + didYouMean("en", suggest(key, slices.Collect(maps.Keys(leaves))))})
			continue
		}
		if list, ok := val.([]string); ok && s.kind == texts {
			v.Set(key, list)
			r.forget(key)
			r.where[key] = place{}
			continue
		}
		r.set(v, s, fmt.Sprint(val), place{})
	}
}

// forget drops the places of a list's entries when another source replaces the list.
func (r *reader) forget(key string) {
	maps.DeleteFunc(r.where, func(k string, _ place) bool { return strings.HasPrefix(k, key+"[") })
}

// set gives a setting the value written in one text, as YAML where it is a list of sections.
func (r *reader) set(v *viper.Viper, s *setting, val string, from place) {
	r.forget(s.path)
	r.where[s.path] = from
	if s.kind == sections {
		r.setSections(v, s, val, from)
		return
	}
	parsed, err := s.parse(val)
	if err != nil {
		d := demands[s.kind]
		r.problems = append(r.problems, Problem{Env: from.env, Key: s.path, SV: d.sv, EN: d.en})
		return
	}
	v.Set(s.path, parsed)
}

func (r *reader) setSections(v *viper.Viper, s *setting, val string, from place) {
	sub := &reader{env: from.env, where: r.where}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(val), &n); err != nil || len(n.Content) == 0 {
		sub.demand(0, s.path, sections)
	} else if list := sub.value(s, n.Content[0], s.path); list != nil {
		v.Set(s.path, list)
	}
	r.problems = append(r.problems, sub.problems...)
}

// mistyped finds variables that look much like a setting's and are none: unheeded, one might send what is kept to another archive than was meant.
func mistyped(env map[string]string) Problems {
	known := []string{strings.TrimPrefix(EnvFile, EnvPrefix)}
	for _, s := range schema.leaves() {
		known = append(known, strings.TrimPrefix(s.env(), EnvPrefix))
	}
	var ps Problems
	for _, k := range slices.Sorted(maps.Keys(env)) {
		name, ours := strings.CutPrefix(k, EnvPrefix)
		if !ours || env[k] == "" || slices.Contains(known, name) {
			continue
		}
		near := suggest(name, known)
		if near == "" {
			continue
		}
		near = EnvPrefix + near
		ps = append(ps, Problem{Env: k, SV: "är ingen inställning" + didYouMean("sv", near), EN: "is no setting" + didYouMean("en", near)})
	}
	return ps
}

// At gives the place of a key in a form for messages ("arsring.yaml:12", "ARSRING_LOG_LEVEL"), empty for a default.
// List entries are written calendar.groups[0].openings.
func (c Config) At(key string) string {
	w := c.placeOf(key)
	switch {
	case w.env != "":
		return w.env
	case w.line > 0:
		return fmt.Sprintf("%s:%d", w.file, w.line)
	}
	return ""
}

// Problem makes a problem at the key's place, for checks that other rooms do on the settings.
func (c Config) Problem(key, sv, en string) Problem {
	w := c.placeOf(key)
	if w.env != "" {
		return Problem{Env: w.env, Key: key, SV: sv, EN: en}
	}
	return Problem{File: w.file, Line: w.line, Key: key, SV: sv, EN: en}
}

func (c Config) placeOf(key string) place {
	if c.where == nil {
		return place{}
	}
	return c.where.at(key)
}

// Path gives a file or folder inside the data folder.
func (c Config) Path(elem ...string) string {
	return filepath.Join(append([]string{c.DataDir}, elem...)...)
}
