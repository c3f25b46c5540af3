package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Bytes is a size, written as a number with an optional unit: 500MB, 2 GiB, 1048576.
type Bytes int64

// The units that people write.
const (
	KB Bytes = 1000
	MB       = 1000 * KB
	GB       = 1000 * MB
	TB       = 1000 * GB
)

var byteUnits = []struct {
	name string
	size Bytes
}{
	{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"TIB", 1 << 40},
	{"KB", KB}, {"MB", MB}, {"GB", GB}, {"TB", TB}, {"B", 1}, {"", 1},
}

// ParseBytes reads a size. It gives an error for negative numbers, unknown units and sizes over 2^63-1.
func ParseBytes(s string) (Bytes, error) {
	t := strings.ToUpper(strings.TrimSpace(s))
	for _, u := range byteUnits {
		digits, ok := strings.CutSuffix(t, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > int64(1<<63-1)/int64(u.size) {
			break
		}
		return Bytes(n) * u.size, nil
	}
	return 0, fmt.Errorf("%q is no size", s)
}

// String writes the size in the largest decimal unit that loses nothing.
func (b Bytes) String() string {
	for _, u := range []struct {
		name string
		size Bytes
	}{{"TB", TB}, {"GB", GB}, {"MB", MB}, {"kB", KB}} {
		if b != 0 && b%u.size == 0 {
			return fmt.Sprintf("%d%s", b/u.size, u.name)
		}
	}
	return strconv.FormatInt(int64(b), 10)
}
