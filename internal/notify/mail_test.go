package notify

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

func base64Reader(r io.Reader) io.Reader { return base64.NewDecoder(base64.StdEncoding, r) }

// full is an event that is told at once.
func full(text string) Event {
	return Event{Kind: KindDisk, Topic: "disk", Fact: "low", Urgent: true, Text: Text{SV: text, EN: text}}
}

func TestMailReachesARealServer(t *testing.T) {
	for _, mode := range []string{"starttls", "implicit", "none"} {
		t.Run(mode, func(t *testing.T) {
			c := noon()
			s := serve(t, mode)
			o := s.options(t, c, mode)
			if mode != "none" {
				s.user, o.Mail.Username, o.Mail.Password = "arsring", "arsring", "hemligt"
			}
			tl := open(t, o)
			tell(t, tl, full("Lite plats är kvar."))
			c.on(2 * time.Minute)
			if err := tl.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := s.got()
			if len(got) != 1 || got[0].from != "arsring@example.org" || got[0].to != "arkiv@example.org" {
				t.Fatalf("the server took %+v", got)
			}
			h := got[0].msg.Header
			if subject := got[0].subject(t); subject != "Årsring: Lite plats är kvar." {
				t.Errorf("subject %q", subject)
			}
			if !strings.HasSuffix(h.Get("Message-Id"), "@example.org>") || h.Get("Auto-Submitted") != "auto-generated" || h.Get("Date") == "" {
				t.Errorf("headers %v", h)
			}
			if !strings.Contains(got[0].text, "* Lite plats är kvar. [2026-10-14 12:00]") {
				t.Errorf("body %q", got[0].text)
			}
			if err := tl.Flush(t.Context()); err != nil || len(s.got()) != 1 || tl.Status().Sent != 1 {
				t.Errorf("a second round sent again, or failed: %v, %d letters, %+v", err, len(s.got()), tl.Status())
			}
		})
	}
}

func TestMailIsNotSentWhereItIsNotSafe(t *testing.T) {
	s := serve(t, "starttls")
	plain := serve(t, "none")
	for name, change := range map[string]func(*Mail){
		"unknown authority":    func(m *Mail) { m.CAFile = "" },
		"other name":           func(m *Mail) { m.Host = "localhost" },
		"no STARTTLS":          func(m *Mail) { m.Port = plain.port(t) },
		"wrong password":       func(m *Mail) { m.Username, m.Password = "arsring", "fel" },
		"password in clear":    func(m *Mail) { m.Port, m.TLS, m.Username, m.Password = plain.port(t), "none", "arsring", "hemligt" },
		"implicit on starttls": func(m *Mail) { m.TLS = "implicit" },
		"missing authority":    func(m *Mail) { m.CAFile = "/nowhere/ca.pem" },
	} {
		t.Run(name, func(t *testing.T) {
			s.user = "arsring"
			c := noon()
			o := s.options(t, c, "starttls")
			o.Mail.Timeout = time.Second
			change(&o.Mail)
			tl := open(t, o)
			tell(t, tl, full("Lite plats är kvar."))
			c.on(2 * time.Minute)
			err := tl.Flush(t.Context())
			if err == nil || len(s.got())+len(plain.got()) != 0 {
				t.Fatalf("error %v, %d letters taken", err, len(s.got())+len(plain.got()))
			}
			if strings.Contains(err.Error(), "fel") && name == "wrong password" || strings.Contains(err.Error(), "hemligt") {
				t.Errorf("the error gives the password away: %v", err)
			}
			if st := tl.Status(); st.Letters != 1 || st.Error == "" {
				t.Errorf("the letter is not kept: %+v", st)
			}
			if err := o.Mail.Greet(t.Context()); err == nil {
				t.Error("a greeting succeeds where sending cannot")
			}
		})
	}
}

// Whatever the server does first, the letter is taken exactly once afterwards, always under the same Message-ID.
func TestMailIsTakenOnceAfterEveryFault(t *testing.T) {
	reply := func(step string, code int) func(string, net.Conn) error {
		return func(at string, _ net.Conn) error {
			if at == step {
				return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: "not now"}
			}
			return nil
		}
	}
	cut := func(step string) func(string, net.Conn) error {
		return func(at string, c net.Conn) error {
			if at == step {
				_ = c.Close()
				return io.ErrUnexpectedEOF
			}
			return nil
		}
	}
	for name, fault := range map[string]func(string, net.Conn) error{
		"451 to the sender": reply("mail", 451), "550 to the sender": reply("mail", 550), "450 to the reader": reply("rcpt", 450), "550 to the reader": reply("rcpt", 550),
		"421 to the reader": reply("rcpt", 421), "451 after the letter": reply("end", 451), "554 after the letter": reply("end", 554), "552 at its beginning": reply("data", 552),
		"cut at the sender": cut("mail"), "cut at the reader": cut("rcpt"), "cut in the letter": cut("mid"), "cut after the letter": cut("end"),
	} {
		t.Run(name, func(t *testing.T) {
			c := noon()
			s := serve(t, "starttls")
			tl := open(t, s.options(t, c, "starttls"))
			s.set(fault)
			tell(t, tl, full("Lite plats är kvar."))
			for range 3 {
				c.on(3 * time.Minute)
				_ = tl.Flush(t.Context()) // the fault itself
				if st := tl.Status(); st.Letters != 1 || len(s.got()) != 0 {
					t.Fatalf("during the fault: %+v, %d taken", st, len(s.got()))
				}
			}
			s.set(nil)
			for range 4 {
				c.on(time.Hour)
				if err := tl.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := s.got()
			if len(got) == 0 || strings.Count(allText(got), "Lite plats är kvar.") != 1 || tl.Status().Letters != 0 {
				t.Fatalf("%d letters taken, %+v:\n%s", len(got), tl.Status(), allText(got))
			}
		})
	}
}

func allText(letters []taken) string {
	var b strings.Builder
	for _, l := range letters {
		b.WriteString(l.text)
	}
	return b.String()
}

func TestMailWaitsForAServerThatIsAway(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hold := make(chan net.Conn, 100)
	go func() { // a server that accepts and says nothing
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			hold <- conn
		}
	}()
	addr := ln.Addr().String()
	c := noon()
	s := &server{addr: addr}
	o := s.options(t, c, "none")
	o.Mail.Timeout = 100 * time.Millisecond
	tl := open(t, o)
	tell(t, tl, full("Lite plats är kvar."))
	c.on(2 * time.Minute)
	if err := tl.Flush(t.Context()); err == nil {
		t.Fatal("a server that never greets took a letter")
	}
	_ = ln.Close() // now nobody listens
	for len(hold) > 0 {
		_ = (<-hold).Close()
	}
	for day := range 3 { // days pass, each with news
		c.on(24 * time.Hour)
		tell(t, tl, Event{Kind: KindGivenUp, Account: "konto", Text: Text{SV: "Dag " + string(rune('1'+day)), EN: "day"}})
		_ = tl.Flush(t.Context())
		c.on(24 * time.Hour)
		_ = tl.Flush(t.Context())
	}
	ln, err = net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	back := serveOn(t, ln, "none")
	c.on(time.Hour)
	if err := tl.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := back.got()
	if len(got) != 1 {
		t.Fatalf("%d letters after days without a server, want one with everything", len(got))
	}
	for _, want := range []string{"Lite plats är kvar.", "Dag 1", "Dag 2", "Dag 3"} {
		if strings.Count(got[0].text, want) != 1 {
			t.Errorf("%q stands %d times in:\n%s", want, strings.Count(got[0].text, want), got[0].text)
		}
	}
}

// A server that takes the whole letter and then says nothing leaves a doubt: the letter is not repeated, its lines are, with the doubt.
func TestMailInDoubtIsNotRepeated(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	o := s.options(t, c, "none")
	o.Mail.Final = 200 * time.Millisecond
	tl := open(t, o)
	release := make(chan struct{})
	s.set(func(step string, _ net.Conn) error {
		if step == "end" {
			<-release
			return errors.New("too late")
		}
		return nil
	})
	tell(t, tl, full("Lite plats är kvar."))
	c.on(2 * time.Minute)
	_ = tl.Flush(t.Context())
	close(release)
	s.set(nil)
	if st := tl.Status(); st.Letters != 0 || st.Unsure != 1 || st.Events != 1 {
		t.Fatalf("%+v", st)
	}
	c.on(24 * time.Hour)
	if err := tl.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := s.got()
	if len(got) != 1 || !strings.Contains(got[0].text, "KAN HA SAGTS FÖRUT\nE-postservern svarade aldrig") || !strings.Contains(got[0].text, "Lite plats är kvar.") {
		t.Fatalf("%d letters: %s", len(got), allText(got))
	}
}

func TestAnAddressThatIsRefusedIsSaidToTheOthers(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	o := s.options(t, c, "none")
	o.Readers = func(Event) []string { return []string{"arkiv@example.org", "borta@example.org"} }
	tl := open(t, o)
	s.Backend = &refusing{server: s}
	tell(t, tl, full("Lite plats är kvar."))
	for range 100 {
		c.on(time.Hour)
		if err := tl.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	text := allText(s.got())
	if strings.Count(text, "Brev till borta@example.org tas inte emot") != 1 || strings.Count(text, "* Lite plats är kvar.") != 1 {
		t.Errorf("the reader was told:\n%s", text)
	}
	if st := tl.Status(); st.Letters != 0 || st.Refused != 1 {
		t.Errorf("%+v", st)
	}
}

// refusing is a server that knows one of its readers no longer.
type refusing struct{ *server }

func (r *refusing) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &refusingSession{session{s: r.server, c: c.Conn()}}, nil
}

type refusingSession struct{ session }

func (s *refusingSession) Rcpt(to string, o *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "borta@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	return s.session.Rcpt(to, o)
}

func TestRegistrarsLetterCarriesTheRecordOnce(t *testing.T) {
	c := noon()
	s := serve(t, "starttls")
	tl := open(t, s.options(t, c, "starttls"))
	pdf := filepath.Join(t.TempDir(), "record.pdf")
	bytes := strings.Repeat("%PDF-1.7 \x00\xff\r\n.\r\n", 5000)
	if err := os.WriteFile(pdf, []byte(bytes), 0o600); err != nil {
		t.Fatal(err)
	}
	e := Event{Kind: KindOther, Key: "evidence/x", Text: Text{SV: "Underlag", EN: "Evidence"}}
	l := Letter{To: "Registrator <registrator@example.org>", Subject: "Underlag\r\nBcc: spion@example.org", Body: "Se bilagan.\n", Attach: pdf, Name: "underlag.pdf"}
	for range 2 {
		if err := tl.Post(e, l); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(pdf); err != nil {
		t.Fatal(err)
	}
	if err := tl.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := s.got()
	if len(got) != 1 || got[0].to != "registrator@example.org" || string(got[0].files["underlag.pdf"]) != strings.ReplaceAll(bytes, "\r\n", "\n") {
		t.Fatalf("%d letters, files %d", len(got), len(got[0].files["underlag.pdf"]))
	}
	if got[0].msg.Header.Get("Bcc") != "" || got[0].subject(t) != "Underlag Bcc: spion@example.org" {
		t.Errorf("subject %q, header %v", got[0].subject(t), got[0].msg.Header)
	}
	c.on(48 * time.Hour)
	if err := tl.Flush(t.Context()); err != nil || len(s.got()) != 1 {
		t.Errorf("the letter's event stood in a digest, too: %v\n%s", err, allText(s.got()))
	}
	left, err := os.ReadDir(filepath.Join(tl.o.Dir, "attach"))
	if err != nil || len(left) != 0 {
		t.Errorf("attachments left behind: %v %v", left, err)
	}
	if err := tl.Post(Event{Key: "y"}, Letter{To: "a@example.org\r\nBcc: b@example.org"}); err == nil {
		t.Error("an address that breaks a header was taken")
	}
}
