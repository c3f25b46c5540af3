package capture

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
)

// privatePathExpr and privateHostExpr tell the addresses of a platform's closed parts, in Go as in the page's script: messages, notifications,
// statistics, settings. A path counts by its whole segments.
const (
	privatePathExpr = `(^|/)(messages?|messenger|messaging|inbox|inkorg|direct|dms?|chats?|chatt|conversations?|konversationer|meddelanden|notifications?|notiser|aviseringar|insights?|analytics|statistics?|statistik|creator-?studio|creatorstudio|business_?suite|ads?-?manager|professional_dashboard|settings|inst%C3%A4llningar|inställningar)(/|$)`
	privateHostExpr = `^(messages|messenger|chat|inbox|studio|business|ads|adsmanager|analytics|notifications)\.`
)

var (
	privatePath = regexp.MustCompile(`(?i)` + privatePathExpr)
	privateHost = regexp.MustCompile(`(?i)` + privateHostExpr)
)

// privateAddress tells an address that a capture with a login never opens.
func privateAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (privateHost.MatchString(u.Hostname()) || privatePath.MatchString(u.Path))
}

var privateVerdict = verdict{outcome: Blocked, code: "private-page",
	text: Text{"Adressen leder till en sluten del av det inloggade kontot (meddelanden, notiser, statistik eller inställningar) och öppnas inte.",
		"The address leads to a closed part of the account (messages, notifications, statistics or settings) and is not opened."}}

// loggedIn reports whether the browser captures with a login.
func (b *Browser) loggedIn() bool { return b.o.Profile != "" && b.o.Person == Person{} }

// refusePrivate says whether an address may not be opened with a login, and notes it.
func (t *tab) refusePrivate(address string) bool {
	if !t.b.loggedIn() || !privateAddress(address) {
		return false
	}
	t.note("private-refused", withoutSecrets(address))
	return true
}

// watchPrivate keeps a logged-in page and its frames from opening what is private.
func (t *tab) watchPrivate(ctx context.Context) error {
	if !t.b.loggedIn() {
		return nil
	}
	return t.watchDocuments(ctx)
}

// keepPrivate hides the private parts of a logged-in page, from the moment that anything looks at it.
func (t *tab) keepPrivate(ctx context.Context) error {
	if !t.b.loggedIn() {
		return nil
	}
	raw, err := t.evaluate(ctx, "arsring.keepPrivate()")
	if err != nil {
		return err
	}
	var hidden []string
	if err := json.Unmarshal(raw, &hidden); err != nil {
		return err
	}
	for _, h := range hidden {
		t.note("private-hidden", h)
	}
	return nil
}

// keptPrivate notes what was hidden while the page was read. A page that has gone has told before.
func (t *tab) keptPrivate(ctx context.Context) {
	if t.world != 0 && ctx.Err() == nil && !t.isCrashed() {
		_ = t.keepPrivate(ctx)
	}
}

// loggedOut says that a page was shown as to anybody although a login was used: it still asks its visitor to log in.
func (t *tab) loggedOut(ctx context.Context, c *Capture) error {
	if !t.b.loggedIn() {
		return nil
	}
	sign, err := eval[string](ctx, t, "loggedOut")
	if err == nil && sign != "" {
		c.lack("login-expired", "Sidan visades som för en utloggad besökare: inloggningen har troligen gått ut. Kör arsring login "+c.Job.Account.LoginProfile+".",
			"The page was shown as to a visitor who is not logged in: the login has probably ended. Run arsring login "+c.Job.Account.LoginProfile+".")
	}
	return err
}
