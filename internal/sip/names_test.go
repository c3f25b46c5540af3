package sip_test

import (
	"io/fs"
	"strings"
	"testing"

	"arsring/internal/sip"
)

func TestLegalName(t *testing.T) {
	for in, want := range map[string]string{
		"Utskrift från Åsa (1).pdf":        "Utskrift_fran_Asa_1.pdf",
		`C:\Bilder\Skärmbild.PNG`:          "Skarmbild.PNG",
		"../../etc/passwd":                 "passwd",
		"..":                               "fil",
		"":                                 "fil",
		".htaccess":                        "fil.htaccess",
		"CON.txt":                          "fil-CON.txt",
		"aux":                              "fil-aux",
		"a\x00b\nc.pdf":                    "a_b_c.pdf",
		"\u202egpj.exe":                    "gpj.exe",
		"Sa\u030asom.pdf":                  "Sasom.pdf",
		"日本.pdf":                           "fil.pdf",
		"slut.":                            "slut",
		"<b>&\"'.html":                     "b.html",
		strings.Repeat("å", 300) + ".jpeg": strings.Repeat("a", 95) + ".jpeg",
	} {
		if got := sip.LegalName(in); got != want {
			t.Errorf("LegalName(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLegalName(f *testing.F) {
	f.Add("Utskrift från Åsa (1).pdf")
	f.Add(nasty)
	f.Fuzz(func(t *testing.T, s string) {
		got := sip.LegalName(s)
		if len(got) == 0 || len(got) > 100 || !fs.ValidPath(got) || strings.Trim(got, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" || strings.HasPrefix(got, ".") {
			t.Errorf("LegalName(%q) = %q", s, got)
		}
	})
}
