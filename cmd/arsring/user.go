package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"arsring/internal/app"
)

var userCommand = command{"user add|list|role|token|remove ...", "who may use the web page and the API", userDo}

// userUse says how each form is written.
var userUse = map[string]string{ //nolint:gosec // how commands are written; no secret among them
	"add":    "user add LOGIN --role ROLE [--name NAME] [--tenant ID] [--class CLASS]   (the password is read from standard input)",
	"list":   "user list [--json]",
	"role":   "user role LOGIN ROLE [--tenant ID] [--class CLASS]",
	"token":  "user token LOGIN NAME --role ROLE",
	"remove": "user remove LOGIN",
}

func userDo(ctx context.Context, args []string) (int, error) {
	f := newFlags("user")
	u := app.UserRequest{}
	f.StringVar(&u.Role, "role", "", "reader, officer, archivist or admin")
	f.StringVar(&u.Name, "name", "", "the person's name (default: the login)")
	f.StringVar(&u.Tenant, "tenant", "*", "the municipality that the role is for (default: all)")
	f.StringVar(&u.Class, "class", "", "the highest access class that the person may see (default: the role's own)")
	if err := f.parse(args); err != nil {
		var asked *flagError
		if errors.As(err, &asked) && asked.help {
			asked.flags = strings.Join(slices.Sorted(maps.Values(userUse)), "\n") + "\n\n" + asked.flags
		}
		return exitUsage, err
	}
	what := f.Arg(0)
	want := map[string]int{"add": 2, "list": 1, "role": 3, "token": 3, "remove": 2}
	if want[what] == 0 || f.NArg() != want[what] {
		if use := userUse[what]; use != "" {
			return exitUsage, wrongUse("arsring " + use)
		}
		return exitUsage, wrongUse("say add, list, role, token or remove")
	}
	u.Login = f.Arg(1)
	switch what {
	case "role":
		u.Role = f.Arg(2)
	case "token":
		u.Token = f.Arg(2)
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	u.By = whoami()
	if what == "add" {
		if err := a.MayAddUser(ctx, u); err != nil {
			return exitFailed, err
		}
		if u.Password, err = readPassword(u.Login); err != nil {
			return exitFailed, err
		}
	}
	users, secret, err := a.User(ctx, what, u)
	if err != nil {
		return exitFailed, err
	}
	return exitKept, showUsers(what, users, secret, u, f.json)
}

// readPassword asks at a terminal, and reads a line where there is none.
func readPassword(login string) (string, error) {
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		fmt.Fprintf(stderr, "Password for %s: ", login)
		b, err := term.ReadPassword(fd)
		fmt.Fprintln(stderr)
		return string(b), err
	}
	b, err := io.ReadAll(io.LimitReader(os.Stdin, 4096))
	if err != nil {
		return "", err
	}
	s, _, _ := strings.Cut(string(b), "\n")
	if s == "" {
		return "", errors.New("no password came on standard input: write it there on a line of its own")
	}
	return strings.TrimSuffix(s, "\r"), nil
}

func showUsers(what string, users []app.User, secret string, u app.UserRequest, asJSON bool) error {
	if secret != "" {
		fmt.Fprintln(stdout, secret)
		return nil
	}
	for _, one := range users {
		if asJSON {
			if err := json.NewEncoder(jsonOut).Encode(one); err != nil {
				return err
			}
			continue
		}
		var roles []string
		for _, g := range one.Grants {
			roles = append(roles, fmt.Sprintf("%s in %s up to %q", g.Role, g.Tenant, g.Class))
		}
		fmt.Fprintf(stdout, "%-24s %-30s %s\n", one.Login, one.Name, strings.Join(roles, ", "))
	}
	if what == "remove" {
		fmt.Fprintln(stdout, u.Login, "is removed.")
	}
	return nil
}
