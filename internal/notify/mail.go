package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Mail says through which server letters leave.
type Mail struct {
	Host     string // empty: no mail
	Port     int
	TLS      string // "starttls" (default), "implicit" or "none"
	CAFile   string // PEM with certificates that are trusted besides the system's
	Username string
	Password string
	From     string        // "Årsring <arsring@example.org>"
	Timeout  time.Duration // for each step; default 30 s
	Final    time.Duration // for the server's answer to a whole letter; default 10 min (RFC 5321 section 4.5.3.2.6)
}

// stopGrace is how long a letter whose last line has gone out is waited for when the process is to end.
const stopGrace = 10 * time.Second

func (m Mail) withDefaults() Mail {
	if m.Timeout == 0 {
		m.Timeout = 30 * time.Second
	}
	if m.Final == 0 {
		m.Final = 10 * time.Minute
	}
	if m.Port == 0 {
		m.Port = 587
	}
	if m.TLS == "" {
		m.TLS = "starttls"
	}
	return m
}

func (m Mail) sender() string {
	a, _ := address(m.From)
	return a
}

// sendFault is a letter that was not sent, or of which nobody knows.
type sendFault struct {
	step    string // what was being done
	err     error
	whole   bool // the letter was before the server when it answered
	unknown bool // no answer came after the last line
}

// Error says at which step and why.
func (f *sendFault) Error() string { return f.step + ": " + f.err.Error() }

// Unwrap gives the cause.
func (f *sendFault) Unwrap() error { return f.err }

// reply is the server's answer; nil when there was none.
func (f *sendFault) reply() *textproto.Error {
	var e *textproto.Error
	if errors.As(f.err, &e) {
		return e
	}
	return nil
}

// permanent: the server refuses this very letter or address (RFC 5321 section 4.2.1); a refused login is somebody's to mend instead.
func (f *sendFault) permanent() bool { return f.whole && f.reply() != nil && f.reply().Code >= 500 }

// answered says that the server is there and spoke about this letter alone: the next one may fare better.
func answered(err error) bool {
	var f *sendFault
	return errors.As(err, &f) && (f.whole && f.reply() != nil || f.unknown)
}

// send delivers one letter to the server. commit is called when all but the last line has been written; without it nothing is delivered. The
// error is a *sendFault, or what commit gave.
func (m Mail) send(ctx context.Context, l *letter, commit func() error) error {
	raw, from, to, err := m.render(l)
	if err != nil {
		return &sendFault{step: "write the letter", err: err, whole: true}
	}
	c, conn, err := m.dial(ctx)
	if err != nil {
		return &sendFault{step: "reach " + m.address(), err: err}
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = c.UpdateDeadline(m.Timeout)
	if err := c.Mail(from); err != nil { // a sender that is refused is the operator's to mend, for every letter
		return &sendFault{step: "give the sender to " + m.Host, err: err}
	}
	_ = c.UpdateDeadline(m.Timeout)
	if err := c.Rcpt(to); err != nil {
		return &sendFault{step: "give the reader to " + m.Host, err: err, whole: true}
	}
	w, err := c.Data()
	if err != nil {
		return &sendFault{step: "begin the letter at " + m.Host, err: err, whole: true}
	}
	_ = c.UpdateDeadline(m.Final)
	if _, err := w.Write(raw); err != nil {
		return &sendFault{step: "write the letter to " + m.Host, err: err}
	}
	if !stop() {
		return &sendFault{step: "write the letter to " + m.Host, err: ctx.Err()}
	}
	if err := commit(); err != nil {
		return err
	}
	late := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now().Add(stopGrace)) })
	defer late()
	if err := w.Close(); err != nil {
		var n net.Error
		return &sendFault{step: "end the letter at " + m.Host, err: err, whole: true, unknown: errors.As(err, &n) && n.Timeout()}
	}
	_ = c.UpdateDeadline(m.Timeout)
	_ = c.Quit() // the letter is taken, whatever comes of the farewell
	return nil
}

// render gives the letter's bytes, and both ends as the protocol writes them.
func (m Mail) render(l *letter) (raw []byte, from, to string, err error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err = errors.Join(msg.From(m.From), msg.To(l.To)); err != nil {
		return nil, "", "", err
	}
	msg.Subject(Clean(l.Subject, 200))
	msg.SetMessageIDWithValue(l.ID)
	msg.SetDateWithValue(l.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday replies
	msg.SetUserAgent("Arsring")
	msg.SetBodyString(mail.TypeTextPlain, l.Body)
	if l.Attach != nil {
		f, err := os.ReadFile(filepath.Clean(l.Attach.Path))
		if err != nil {
			return nil, "", "", fmt.Errorf("the attachment of the letter is gone: %w", err)
		}
		if err := msg.AttachReader(l.Attach.Name, bytes.NewReader(f)); err != nil {
			return nil, "", "", err
		}
	}
	var b bytes.Buffer
	if _, err = msg.WriteTo(&b); err != nil {
		return nil, "", "", err
	}
	if from, err = msg.GetSender(false); err != nil {
		return nil, "", "", err
	}
	tos, err := msg.GetRecipients()
	if err != nil {
		return nil, "", "", err
	}
	return b.Bytes(), from, tos[0], nil
}

func (m Mail) address() string { return net.JoinHostPort(m.Host, strconv.Itoa(m.Port)) }

// dial connects, greets, encrypts and signs in.
func (m Mail) dial(ctx context.Context) (*smtp.Client, net.Conn, error) {
	conf, err := m.tls()
	if err != nil {
		return nil, nil, err
	}
	var conn net.Conn
	ctx, cancel := context.WithTimeout(ctx, m.Timeout)
	defer cancel()
	opts := []mail.Option{mail.WithPort(m.Port), mail.WithTimeout(m.Timeout), mail.WithTLSConfig(conf), mail.WithoutNoop(),
		mail.WithDialContextFunc(func(ctx context.Context, network, addr string) (net.Conn, error) {
			d := &net.Dialer{}
			if m.TLS == "implicit" {
				conn, err = (&tls.Dialer{NetDialer: d, Config: conf}).DialContext(ctx, network, addr)
			} else {
				conn, err = d.DialContext(ctx, network, addr)
			}
			return conn, err
		})}
	switch m.TLS {
	case "implicit":
		opts = append(opts, mail.WithSSL())
	case "none":
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.Username != "" {
		opts = append(opts, mail.WithUsername(m.Username), mail.WithPassword(m.Password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5))
	}
	c, err := mail.NewClient(m.Host, opts...)
	if err != nil {
		return nil, nil, err
	}
	sc, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if conn != nil {
			_ = conn.Close()
		}
		return nil, nil, err
	}
	return sc, conn, nil
}

func (m Mail) tls() (*tls.Config, error) {
	conf := &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12}
	if m.CAFile == "" {
		return conf, nil
	}
	pem, err := os.ReadFile(m.CAFile)
	if err != nil {
		return nil, fmt.Errorf("mail.ca_file: %w", err)
	}
	if conf.RootCAs, err = x509.SystemCertPool(); err != nil {
		conf.RootCAs = x509.NewCertPool()
	}
	if !conf.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("mail.ca_file %s holds no certificate in PEM form", m.CAFile)
	}
	return conf, nil
}

// Greet connects to the server, encrypts and signs in, and says goodbye: what doctor asks.
func (m Mail) Greet(ctx context.Context) error {
	m = m.withDefaults()
	c, conn, err := m.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = c.UpdateDeadline(m.Timeout)
	return c.Quit()
}

// SendTest sends one letter at once, outside of the journal.
func (m Mail) SendTest(ctx context.Context, id, to, subject, body string, now time.Time) error {
	a, ok := address(to)
	if !ok {
		return fmt.Errorf("%q is no mail address", to)
	}
	return m.withDefaults().send(ctx, &letter{ID: id, To: a, Subject: subject, Body: body, At: now}, func() error { return nil })
}
