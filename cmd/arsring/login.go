package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"arsring/internal/app"
)

var loginCommand = command{"login PROFILE [--url URL] [--remote-debugging 127.0.0.1:9222] [--anyway] | --list | --check [PROFILE] [--url URL] | --remove PROFILE  [--json]", "log in on a platform and store the login", login}

func login(ctx context.Context, args []string) (int, error) {
	f := newFlags("login")
	address := f.String("url", "", "page to log in at; default: that of the first account with this login_profile")
	debug := f.String("remote-debugging", "", "on a server without a screen: where developer tools are attached, 127.0.0.1:PORT")
	anyway := f.Bool("anyway", false, "store the login also when the page still seems to ask for one")
	list := f.Bool("list", false, "list the stored logins with their age and probable end")
	check := f.Bool("check", false, "try stored logins at their pages")
	remove := f.Bool("remove", false, "remove a stored login")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if err := loginUse(f, *list, *check, *remove, *address != "", *debug != "" || *anyway); err != nil {
		return exitUsage, err
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	switch {
	case *list:
		return listLogins(a, f.json)
	case *check:
		return checkLogins(ctx, a, f.Args(), *address, f.json)
	case *remove:
		if err := a.RemoveLogin(f.Arg(0)); err != nil {
			return exitFailed, err
		}
		fmt.Fprintf(stdout, "Inloggningen %s är borttagen. Logga också ut på plattformen om den inte längre ska gälla.\n", f.Arg(0))
		return exitKept, nil
	}
	return logIn(ctx, a, app.LoginRequest{Profile: f.Arg(0), URL: *address, Debug: *debug, Anyway: *anyway}, f.json)
}

// loginUse refuses flags that do not go together.
func loginUse(f *flagSet, list, check, remove, address, person bool) error {
	ways := 0
	for _, w := range []bool{list, check, remove} {
		if w {
			ways++
		}
	}
	switch {
	case ways > 1:
		return wrongUse("give one of --list, --check and --remove")
	case list && f.NArg() > 0, f.NArg() > 1:
		return wrongUse("name one profile")
	case f.NArg() == 0 && !list && !check:
		return wrongUse("name the profile, as in the register's login_profile")
	case ways > 0 && person, (list || remove) && address, check && address && f.NArg() == 0:
		return wrongUse("--remote-debugging, --anyway and --url go with a login")
	}
	return nil
}

func logIn(ctx context.Context, a *app.App, r app.LoginRequest, asJSON bool) (int, error) {
	r.Ready = func(attach, page string) {
		if asJSON {
			_ = json.NewEncoder(jsonOut).Encode(map[string]string{"attach": attach, "page": page})
			return
		}
		if attach == "" {
			fmt.Fprintf(stdout, "Logga in på %s i fönstret som öppnades.\n", page)
		} else {
			port := attach[strings.LastIndex(attach, ":")+1:]
			fmt.Fprintf(stdout, "Webbläsaren väntar på %s\n", attach)
			fmt.Fprintf(stdout, "Från din egen dator: ssh -L %s:127.0.0.1:%s den här servern, öppna chrome://inspect, lägg till localhost:%s under Configure och välj inspect. Logga in på %s\n", port, port, port, page)
			fmt.Fprintln(stdout, "Så länge den är öppen kan alla som är inloggade på den här servern styra webbläsaren.")
		}
		fmt.Fprintln(stdout, "Tryck Retur här när du är inloggad (Ctrl-C avbryter).")
	}
	r.Done = func(ctx context.Context) error { return pressed(ctx, os.Stdin) }
	p, err := a.Login(ctx, r)
	if err != nil {
		return exitFailed, err
	}
	if asJSON {
		return exitKept, json.NewEncoder(jsonOut).Encode(p)
	}
	fmt.Fprintf(stdout, "Inloggningen %s är sparad och krypterad (%d kakor).\n", p.Name, p.Cookies)
	if p.Expires != nil {
		fmt.Fprintf(stdout, "Den gäller troligen till %s.\n", p.Expires.In(app.Location()).Format("2006-01-02"))
	} else {
		fmt.Fprintln(stdout, "När den går ut framgår inte.")
	}
	return exitKept, nil
}

// pressed waits for a line on standard input. Its end means that nobody is there to say so.
func pressed(ctx context.Context, in io.Reader) error {
	line := make(chan error, 1)
	go func() {
		_, err := bufio.NewReader(in).ReadString('\n')
		line <- err
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-line:
		if errors.Is(err, io.EOF) {
			return errors.New("the input ended before the login was said to be done: nothing was stored")
		}
		return err
	}
}

func listLogins(a *app.App, asJSON bool) (int, error) {
	all, err := a.Logins()
	if err != nil {
		return exitFailed, err
	}
	for _, s := range all {
		if asJSON {
			if err := json.NewEncoder(jsonOut).Encode(s); err != nil {
				return exitFailed, err
			}
			continue
		}
		fmt.Fprintf(stdout, "%-24s %-9s %4d dagar  %-30s %s\n", s.Name, s.State, s.AgeDays, s.Host, s.SV)
	}
	if len(all) == 0 && !asJSON {
		fmt.Fprintln(stdout, "Inga inloggningar är sparade. `arsring login PROFIL` sparar en.")
	}
	return exitKept, nil
}

// checkLogins tries one login, or all that are stored; one that does not hold makes the exit code 1.
func checkLogins(ctx context.Context, a *app.App, names []string, address string, asJSON bool) (int, error) {
	if len(names) == 0 {
		all, err := a.Logins()
		if err != nil {
			return exitFailed, err
		}
		for _, s := range all {
			names = append(names, s.Name)
		}
	}
	code := exitKept
	for _, name := range names {
		c, err := a.CheckLogin(ctx, name, address)
		if err != nil {
			if len(names) == 1 {
				return exitFailed, err
			}
			fmt.Fprintf(stderr, "arsring: %s: %s\n", name, app.Sentence(err))
			code = exitFailed
			continue
		}
		if !c.OK {
			code = exitFailed
		}
		switch {
		case asJSON:
			if err := json.NewEncoder(jsonOut).Encode(c); err != nil {
				return exitFailed, err
			}
		case c.OK:
			fmt.Fprintf(stdout, "%s: inloggad; %s\n", name, c.SV)
		default:
			fmt.Fprintf(stdout, "%s: INTE INLOGGAD (%s). %s Kör arsring login %s.\n", name, c.Code, c.Text, name)
		}
	}
	return code, nil
}
