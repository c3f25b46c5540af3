package access

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// hasher makes and checks argon2id hashes, few at a time: each takes tens of megabytes, and a crowd at the door must not take the machine.
type hasher struct {
	time, kb uint32
	slots    chan struct{}
}

func newHasher(time, kb uint32) hasher {
	if time == 0 {
		time = 2
	}
	if kb == 0 {
		kb = 19 << 10
	}
	return hasher{time, kb, make(chan struct{}, 2)}
}

// Bounds on passwords: longer than what can be guessed, shorter than what costs.
const (
	MinPassword = 12
	MaxPassword = 1024
)

// FieldError is a wrong value in one field of a form, with a sentence in both languages.
type FieldError struct {
	Field  string
	SV, EN string
}

// Error is the English sentence.
func (e *FieldError) Error() string { return e.EN }

// In gives the sentence in the language.
func (e *FieldError) In(lang string) string {
	if lang == "en" {
		return e.EN
	}
	return e.SV
}

// CheckPassword says what is wrong with a new password, as a *FieldError.
func CheckPassword(login, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return &FieldError{"password", fmt.Sprintf("Lösenordet har %d tecken; minst %d behövs. En mening på några ord är bra.", n, MinPassword),
			fmt.Sprintf("The password has %d characters; at least %d are needed. A sentence of a few words is good.", n, MinPassword)}
	case len(password) > MaxPassword:
		return &FieldError{"password", "Lösenordet är för långt.", "The password is too long."}
	case strings.EqualFold(password, login) || strings.Count(password, password[:1]) == len(password):
		return &FieldError{"password", "Lösenordet är för lätt att gissa.", "The password is too easy to guess."}
	}
	return nil
}

// make hashes a password into the usual text form ($argon2id$v=19$m=,t=,p=$salt$hash).
func (h hasher) make(random io.Reader, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", err
	}
	h.slots <- struct{}{}
	defer func() { <-h.slots }()
	key := argon2.IDKey([]byte(password), salt, h.time, h.kb, 1, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.kb, h.time, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// check compares a password with a hash. With no hash it takes the same time and says no, so that nobody learns which users there are.
func (h hasher) check(hash, password string) bool {
	var version int
	var kb, time uint32
	var lanes uint8
	salt, want := []byte("no such user has"), []byte(nil)
	parts := strings.Split(hash, "$")
	known := len(parts) == 6 && parts[1] == "argon2id"
	if known {
		_, verr := fmt.Sscanf(parts[2], "v=%d", &version)
		_, perr := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &kb, &time, &lanes)
		s, serr := base64.RawStdEncoding.DecodeString(parts[4])
		k, kerr := base64.RawStdEncoding.DecodeString(parts[5])
		known = verr == nil && perr == nil && serr == nil && kerr == nil && version == argon2.Version && len(k) > 0 && kb <= 1<<20 && time <= 16 && time > 0 && lanes > 0
		if known {
			salt, want = s, k
		}
	}
	if !known {
		kb, time, lanes, want = h.kb, h.time, 1, make([]byte, 32)
	}
	if len(password) > MaxPassword {
		password = password[:MaxPassword]
	}
	h.slots <- struct{}{}
	defer func() { <-h.slots }()
	got := argon2.IDKey([]byte(password), salt, time, kb, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known
}
