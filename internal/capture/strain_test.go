package capture

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"
)

// TestStrain holds what comes out of the strainer against what went in: answers whole, and of all else strings of a bounded length that still
// are what they were until then.
func TestStrain(t *testing.T) {
	long := strings.Repeat("å", mostString/2-1)
	messages := []struct{ name, in, out string }{
		{"event", `{"method":"A","params":{"url":"https://a.example/?q=\"x\\","n":1}}`, ""},
		{"answer", `{"id":1,"result":{"data":"` + long + long + `"}}`, ""},
		{"at the limit", `{"method":"A","params":{"url":"` + long + `ab","m":2}}`, ""},
		{"letter", `{"method":"A","params":{"url":"` + long + `aåz","m":2}}`, `{"method":"A","params":{"url":"` + long + `aå","m":2}}`},
		{"escape", `{"method":"A","params":{"url":"` + long + `a\u00e5\"z","n":"\\` + long + `\n\n"}}`, `{"method":"A","params":{"url":"` + long + `a\u00e5","n":"\\` + long + `"}}`},
		{"two strings", `{"method":"A","params":{"a":"` + long + long + `","b":"kort","c":["` + long + `xyz"]}}`, `{"method":"A","params":{"a":"` + long + `å","b":"kort","c":["` + long + `xy"]}}`},
		{"string without end", `{"method":"` + long + long, `{"method":"` + long + `å`},
		{"after it", `{"method":"B"}`, ""},
	}
	var in, want bytes.Buffer
	for _, m := range messages {
		in.WriteString(m.in + "\x00")
		if m.out == "" {
			m.out = m.in
		}
		want.WriteString(m.out + "\x00")
	}
	for _, way := range []string{"at once", "in halves"} {
		var out bytes.Buffer
		r := iotest.DataErrReader(bytes.NewReader(in.Bytes()))
		if way == "in halves" {
			r = iotest.HalfReader(bytes.NewReader(in.Bytes()))
		}
		if err := strainMessages(&out, r); err == nil {
			t.Errorf("%s: no error at the end", way)
		}
		got := strings.Split(out.String(), "\x00")
		for i, m := range strings.Split(want.String(), "\x00") {
			if i >= len(got) || got[i] != m {
				t.Errorf("%s, %s: %d bytes are not what was expected (%d)", way, messages[min(i, len(messages)-1)].name, len(got[min(i, len(got)-1)]), len(m))
			}
			if m != "" && messages[i].name != "string without end" && !json.Valid([]byte(m)) {
				t.Errorf("%s: no JSON any more", messages[i].name)
			}
		}
	}
}
