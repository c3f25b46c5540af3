package proof

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"arsring/internal/archive"
	"arsring/internal/validators"
)

const snapshot = "konto-20261015T080000Z-manual-k7qa"

// delivered puts a METS.xml and a receipt where a delivery would, and gives the hash of METS.xml.
func delivered(t *testing.T, s *archive.Store) (mets []byte, sum string) {
	t.Helper()
	mets = []byte("<mets>" + t.Name() + "</mets>")
	for key, data := range map[string][]byte{"default/konto/" + snapshot + "/METS.xml": mets, "default/konto/" + snapshot + ".receipt.json": []byte("{}")} {
		_, err := s.Put(t.Context(), key, data, archive.PutOptions{})
		do(t, err)
	}
	return mets, sumOf(mets)
}

func sealer(t *testing.T, s *archive.Store, authorities ...Authority) *Sealer {
	t.Helper()
	st, err := NewStamper(StampOptions{Authorities: authorities})
	do(t, err)
	dir := t.TempDir()
	return &Sealer{Log: OpenLog(LogOptions{Store: s, Tenant: "default", Key: openKey(t), Memory: filepath.Join(dir, "cp")}), Stamper: st, Store: s, Pending: filepath.Join(dir, "pending")}
}

// TestSeal: a token that openssl calls good, a chain that suffices offline, and everything in the log.
func TestSeal(t *testing.T) {
	t.Parallel()
	tsa := validators.StartAuthority(t)
	s := openStore(t)
	x := sealer(t, s, Authority{URL: tsa.URL, CAFile: tsa.CAFile})
	mets, sum := delivered(t, s)
	w, err := x.Seal(t.Context(), "default", "konto", snapshot, sum)
	if err != nil || !w.Done() || w.Time() != TimeStamped || len(w.Problems) != 0 {
		t.Fatalf("%+v, %v", w, err)
	}
	dir := t.TempDir()
	key := slotKey("default", "konto", snapshot, 0)
	token, _, err := s.Get(t.Context(), key)
	do(t, err)
	do(t, os.WriteFile(filepath.Join(dir, "METS.xml"), mets, 0o600))
	do(t, os.WriteFile(filepath.Join(dir, "x.tsr"), token, 0o600))
	var chain []byte
	for o, err := range s.ListKeys(t.Context(), "default/_tlog/authority/") {
		do(t, err)
		chain, _, err = s.Get(t.Context(), o.Key)
		do(t, err)
	}
	do(t, os.WriteFile(filepath.Join(dir, "chain.pem"), chain, 0o600))
	do(t, validators.TokenHolds(t, filepath.Join(dir, "x.tsr"), filepath.Join(dir, "METS.xml"), filepath.Join(dir, "chain.pem")))
	do(t, os.WriteFile(filepath.Join(dir, "METS.xml"), append(mets, ' '), 0o600))
	if validators.TokenHolds(t, filepath.Join(dir, "x.tsr"), filepath.Join(dir, "METS.xml"), filepath.Join(dir, "chain.pem")) == nil {
		t.Error("openssl takes the token for other bytes")
	}
	// Offline, from the kept chain alone.
	kept, err := pemTrust(chain)
	do(t, err)
	st, _, err := kept.check(token, sum)
	if err != nil || st.Time.IsZero() || st.Signer == "" {
		t.Errorf("offline: %+v, %v", st, err)
	}
	if _, _, err := kept.check(token, sumOf([]byte("x"))); !errors.Is(err, errOtherBytes) {
		t.Errorf("over other bytes: %v", err)
	}
	other, err := readTrust(validators.StartAuthority(t).CAFile)
	do(t, err)
	if _, _, err := other.check(token, sum); !errors.Is(err, errUntrusted) {
		t.Errorf("by another authority: %v", err)
	}
	for i := 40; i < len(token); i += 97 {
		bad := slices.Clone(token)
		bad[i] ^= 1
		if _, _, err := kept.check(bad, sum); err == nil {
			t.Logf("byte %d of the token is covered by no signature", i) // padding of certificates; the log's hash covers it
		}
	}
	// Sealing again asks nobody and adds nothing that differs.
	asked := tsa.Asked.Load()
	if w, err = x.Seal(t.Context(), "default", "konto", snapshot, sum); err != nil || !w.Done() || tsa.Asked.Load() != asked {
		t.Errorf("again: %+v, %v", w, err)
	}
}

// TestSealLater: an authority that is down makes no package wait; the sweep stamps when it is back. Two authorities give two tokens.
func TestSealLater(t *testing.T) {
	t.Parallel()
	one, two := validators.StartAuthority(t), validators.StartAuthority(t)
	one.Down.Store(true)
	s := openStore(t)
	x := sealer(t, s, Authority{URL: one.URL, CAFile: one.CAFile}, Authority{URL: two.URL, CAFile: two.CAFile})
	_, sum := delivered(t, s)
	w, err := x.Seal(t.Context(), "default", "konto", snapshot, sum)
	var down *AuthorityError
	if err != nil || w.Done() || w.Time() != TimePending || !w.Logged || len(w.Problems) != 1 || !errors.As(w.Problems[0], &down) || down.URL != one.URL {
		t.Fatalf("%+v, %v", w, err)
	}
	if _, err := s.Stat(t.Context(), slotKey("default", "konto", snapshot, 1)); err != nil {
		t.Errorf("the second authority's token: %v", err)
	}
	if waiting, err := x.Waiting(); err != nil || len(waiting) != 1 || waiting[0].Snapshot != snapshot {
		t.Errorf("waiting: %+v, %v", waiting, err)
	}
	if swept, err := x.Sweep(t.Context()); err != nil || len(swept) != 1 || swept[0].Done() {
		t.Errorf("swept while it is down: %+v, %v", swept, err)
	}
	one.Down.Store(false)
	if swept, err := x.Sweep(t.Context()); err != nil || len(swept) != 1 || !swept[0].Done() {
		t.Errorf("swept when it is back: %+v, %v", swept, err)
	}
	if swept, err := x.Sweep(t.Context()); err != nil || len(swept) != 0 {
		t.Errorf("swept once more: %+v, %v", swept, err)
	}
	if _, err := s.Stat(t.Context(), slotKey("default", "konto", snapshot, 0)); err != nil {
		t.Errorf("the first authority's token: %v", err)
	}
}

// TestSealWithoutAuthority: no authority is no time stamp, and is not called one.
func TestSealWithoutAuthority(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	x := sealer(t, s)
	_, sum := delivered(t, s)
	if w, err := x.Seal(t.Context(), "default", "konto", snapshot, sum); err != nil || !w.Done() || w.Time() != TimeNone || !w.Logged {
		t.Errorf("%+v, %v", w, err)
	}
}

// TestBadAuthorities: whatever answers, only a token that holds is kept.
func TestBadAuthorities(t *testing.T) {
	t.Parallel()
	good := validators.StartAuthority(t)
	var kept []byte
	for name, answer := range map[string]http.HandlerFunc{
		"an error page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>inloggning krävs</html>")) },
		"nothing":       func(http.ResponseWriter, *http.Request) {},
		"404":           http.NotFound,
		"an old answer": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(kept) },
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			_, sum := delivered(t, s)
			if kept == nil {
				st, err := NewStamper(StampOptions{Authorities: []Authority{{URL: good.URL, CAFile: good.CAFile}}})
				do(t, err)
				first, err := st.Stamp(t.Context(), 0, sum)
				do(t, err)
				kept = first.Response
			}
			srv := httptest.NewServer(answer)
			defer srv.Close()
			x := sealer(t, s, Authority{URL: srv.URL, CAFile: good.CAFile})
			w, err := x.Seal(t.Context(), "default", "konto", snapshot, sum)
			var a *AuthorityError
			if err != nil || w.Time() != TimePending || len(w.Problems) != 1 || !errors.As(w.Problems[0], &a) || a.Text.SV == "" {
				t.Errorf("%+v, %v", w, err)
			}
			if _, err := s.Stat(t.Context(), slotKey("default", "konto", snapshot, 0)); !isMissing(err) {
				t.Errorf("something was kept as a token: %v", err)
			}
		})
	}
	if _, err := NewStamper(StampOptions{Authorities: []Authority{{URL: good.URL, CAFile: "finns-inte.pem"}}}); err == nil {
		t.Error("certificates that are not there were read")
	}
}

func FuzzToken(f *testing.F) {
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x00})
	t := trust{}
	f.Fuzz(func(tt *testing.T, data []byte) {
		if _, _, err := t.check(data, sumOf(nil)); err == nil {
			tt.Error("a token that leads nowhere holds")
		}
	})
}
